"""The repairer: failures with evidence → changed files, of runs older than the integrator.

Nothing that is new comes here: a run that was in its rounds of repair when its worker was renewed
goes on with them as it began, with edits inside JSON, which no other agent is asked for. It can go,
with its activity, once no run can be in flight that began before the integrator.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.edits import (
    Delete,
    Edit,
    EditFailed,
    Replace,
    Write,
    apply_gated,
)
from quantumlayer.agents.prompts import messages
from quantumlayer.agents.tree import Tree
from quantumlayer.qlayer import Noun, confined
from quantumlayer.qlayer.requirements import Requirements

MAX_CONTEXT_CHARACTERS = 120_000
MAX_EVIDENCE_CHARACTERS = 20_000
_NAMED = 20


class FileEdit(Noun):
    """One change of one file.

    `write` gives a file's whole new content; `replace` puts `replacement` in the place of
    `search`, which must occur exactly once in the file; `delete` removes the file.
    """

    path: str
    action: Literal["write", "replace", "delete"]
    content: str = ""
    search: str = ""
    replacement: str = ""

    @model_validator(mode="after")
    def _is_applicable(self) -> Self:
        confined(self.path)
        if self.action == "replace" and not self.search:
            raise ValueError(f"{self.path}: a replacement needs the text to search for")
        return self

    def meant(self) -> Edit:
        """The edit as the engine of edits knows it."""
        match self.action:
            case "write":
                return Write(self.path, self.content)
            case "delete":
                return Delete(self.path)
            case "replace":
                return Replace(self.path, self.search, self.replacement)


class RepairAnswer(Noun):
    """Changes that should make the failures go away, and why; no edits means: cannot."""

    explanation: str = Field(default="", max_length=4000)
    edits: tuple[FileEdit, ...] = Field(default=(), max_length=50)


@dataclass(frozen=True)
class Evidence:
    """What compilers, linters and the test report said; and the tree's most important symbols."""

    problems: Sequence[str]
    code_map: str = ""


async def repair(
    conversation: Conversation,
    requirements: Requirements,
    *,
    tree: Tree,
    evidence: Evidence,
    round_number: int,
    again: bool,
) -> dict[str, str | None]:
    """The files to change: path → new content, or None to delete it; empty when it cannot help.

    Edits that take tests or other code away are refused once with the reason; so are single ones
    that do not apply, and in the end those are left out.
    """
    words = "\n\n".join(evidence.problems)[:MAX_EVIDENCE_CHARACTERS]
    shown, left_out = most_relevant(tree.texts, words, MAX_CONTEXT_CHARACTERS)
    refused = ""
    failing: Mapping[str, int] = {}
    for attempt in (1, 2):
        answer = await conversation.ask(
            Step("repairer", "repair", f"round-{round_number}/{attempt}"),
            messages(
                "repair",
                requirements=requirements,
                evidence=words,
                texts=shown,
                left_out=left_out,
                code_map=evidence.code_map,
                again=again,
                refused=refused,
            ),
            {"evidence": words},
            RepairAnswer,
        )
        edits = [edit.meant() for edit in answer.edits]
        applied = await apply_gated(tree.texts, edits, tree.gate, failing)
        failing, refused = applied.failing, applied.reasons
        if refused and attempt == 1:
            continue
        try:
            keep_tests(tree, applied.changed)
            await keep_code(tree, applied.changed, answer.explanation)
        except EditFailed as error:
            refused = str(error)
        else:
            return dict(applied.changed)
    return {}


def keep_tests(tree: Tree, changed: Mapping[str, str | None]) -> None:
    """A repair may mend a test; making the failure go away by removing it is no repair."""
    for path, count in tree.lost_tests(changed).items():
        raise EditFailed(f"{path}: {count} tests would be removed; mend the code")


async def keep_code(tree: Tree, changed: Mapping[str, str | None], explanation: str) -> None:
    """What was there stays there, unless the model says by name that it takes it away."""
    missing = [
        place
        for place in await tree.lost_code(changed)
        if not re.search(rf"\b{re.escape(place.rpartition(' ')[2])}\b", explanation)
    ]
    if missing:
        raise EditFailed(
            f"this would be lost, or left without its body: {', '.join(missing[:_NAMED])}; write "
            "every file whole, and say in `explanation` by name what you take away on purpose"
        )
