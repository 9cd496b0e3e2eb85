"""The roles: analyst, architect, generator, tester, integrator."""

from quantumlayer.agents.analyst import PromptRefused, analyse
from quantumlayer.agents.architect import SAMPLES, BlueprintTooLarge, design, plan
from quantumlayer.agents.changing import Existing, analyse_change
from quantumlayer.agents.circles import failure_signature, goes_in_circles
from quantumlayer.agents.conversation import AgentName, Completing, Conversation, Step
from quantumlayer.agents.edits import EditFailed
from quantumlayer.agents.generator import (
    Drafts,
    Present,
    Project,
    RefusedDraft,
    SyntaxGate,
    draft,
    expected_characters,
)
from quantumlayer.agents.locks import (
    LockFailed,
    Resolve,
    extended_locks,
    python_locks,
    unlocked,
)
from quantumlayer.agents.prompts import PROMPT_VERSION
from quantumlayer.agents.repairer import Evidence, repair
from quantumlayer.agents.skeleton import (
    Setting,
    interface_files,
    is_unwritten,
    mend_interfaces,
    write_interfaces,
)
from quantumlayer.agents.strengthener import strengthen
from quantumlayer.agents.tree import Tree
from quantumlayer.agents.wholeness import (
    Outline,
    outline,
    planned_but_missing,
    planned_names,
    promised_but_missing,
)
from quantumlayer.agents.wishes import unserved_wish, with_unserved, without_unserved

__all__ = [
    "PROMPT_VERSION",
    "SAMPLES",
    "AgentName",
    "BlueprintTooLarge",
    "Completing",
    "Conversation",
    "Drafts",
    "EditFailed",
    "Evidence",
    "Existing",
    "LockFailed",
    "Outline",
    "Present",
    "Project",
    "PromptRefused",
    "RefusedDraft",
    "Resolve",
    "Setting",
    "Step",
    "SyntaxGate",
    "Tree",
    "analyse",
    "analyse_change",
    "design",
    "draft",
    "expected_characters",
    "extended_locks",
    "failure_signature",
    "goes_in_circles",
    "interface_files",
    "is_unwritten",
    "mend_interfaces",
    "outline",
    "plan",
    "planned_but_missing",
    "planned_names",
    "promised_but_missing",
    "python_locks",
    "repair",
    "strengthen",
    "unlocked",
    "unserved_wish",
    "with_unserved",
    "without_unserved",
    "write_interfaces",
]
