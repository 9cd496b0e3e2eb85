"""The roles: analyst, architect, generator, tester, repairer."""

from quantumlayer.agents.analyst import PromptRefused, analyse
from quantumlayer.agents.architect import BlueprintTooLarge, design
from quantumlayer.agents.circles import failure_signature, goes_in_circles
from quantumlayer.agents.conversation import Completing, Conversation
from quantumlayer.agents.edits import EditFailed
from quantumlayer.agents.generator import FileTooLarge, SyntaxGate, write_file
from quantumlayer.agents.locks import LockFailed, Resolve, python_locks, unlocked
from quantumlayer.agents.prompts import PROMPT_VERSION
from quantumlayer.agents.repairer import Evidence, Tree, repair
from quantumlayer.agents.strengthener import strengthen
from quantumlayer.agents.wholeness import Outline, outline, planned_but_missing, planned_names
from quantumlayer.agents.wishes import unserved_wish, with_unserved, without_unserved

__all__ = [
    "PROMPT_VERSION",
    "BlueprintTooLarge",
    "Completing",
    "Conversation",
    "EditFailed",
    "Evidence",
    "FileTooLarge",
    "LockFailed",
    "Outline",
    "PromptRefused",
    "Resolve",
    "SyntaxGate",
    "Tree",
    "analyse",
    "design",
    "failure_signature",
    "goes_in_circles",
    "outline",
    "planned_but_missing",
    "planned_names",
    "python_locks",
    "repair",
    "strengthen",
    "unlocked",
    "unserved_wish",
    "with_unserved",
    "without_unserved",
    "write_file",
]
