"""The repairer: failures with evidence → changed files, of runs older than the integrator."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.agents.answers import RepairAnswer
from quantumlayer.agents.context import most_relevant
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.edits import EditFailed, Gate, apply_gated
from quantumlayer.agents.prompts import messages
from quantumlayer.agents.wholeness import Outline, lost
from quantumlayer.qlayer.requirements import Requirements

MAX_CONTEXT_CHARACTERS = 120_000
MAX_EVIDENCE_CHARACTERS = 20_000
_NAMED = 20
_TEST_CASE = re.compile(
    r"^\s*(?:async\s+)?def\s+test_|^\s*(?:test|it)(?:\.\w+)*\s*\(|^func\s+Test\w*\("
    r"|@(?:Parameterized)?Test\b|\#\[\s*(?:\w+::)*test\b",
    re.MULTILINE,
)

Outliner = Callable[[Mapping[str, str]], Awaitable[Mapping[str, Outline]]]
"""Path → content of some files → what each of them defines."""


@dataclass(frozen=True)
class Evidence:
    """What compilers, linters and the test report said; and the tree's most important symbols."""

    problems: Sequence[str]
    code_map: str = ""


@dataclass(frozen=True)
class Tree:
    """The whole tree as text, the paths in it that are tests, and ways to see what it defines.

    `gate` says which texts do not parse.
    """

    texts: Mapping[str, str]
    tests: frozenset[str]
    outlines: Outliner
    gate: Gate


async def repair(
    conversation: Conversation,
    requirements: Requirements,
    *,
    tree: Tree,
    evidence: Evidence,
    round_number: int,
    again: bool,
) -> dict[str, str | None]:
    """The files to change: path → new content, or None to delete it; empty when it cannot help."""
    words = "\n\n".join(evidence.problems)[:MAX_EVIDENCE_CHARACTERS]
    shown, left_out = most_relevant(tree.texts, words, MAX_CONTEXT_CHARACTERS)

    async def ask(attempt: int, refused: str) -> RepairAnswer:
        return await conversation.ask(
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

    return await edited(ask, tree)


async def edited(
    ask: Callable[[int, str], Awaitable[RepairAnswer]],
    tree: Tree,
    check: Callable[[Mapping[str, str | None]], None] = lambda _: None,
) -> dict[str, str | None]:
    """The files that a model's edits change, as `repair` says; empty when they never hold.

    `ask` takes the number of the attempt and why the one before was refused. Edits that fail
    `check`, which raises EditFailed, or that take tests or other code away, are refused once with
    the reason; so are single ones that do not apply, and in the end those are left out.
    """
    refused = ""
    failing: Mapping[str, int] = {}
    for attempt in (1, 2):
        answer = await ask(attempt, refused)
        edits = [edit.meant() for edit in answer.edits]
        applied = await apply_gated(tree.texts, edits, tree.gate, failing)
        failing, refused = applied.failing, applied.reasons
        if refused and attempt == 1:
            continue
        try:
            check(applied.changed)
            keep_tests(tree, applied.changed)
            await keep_code(tree, applied.changed, answer.explanation)
        except EditFailed as error:
            refused = str(error)
        else:
            return dict(applied.changed)
    return {}


def keep_tests(tree: Tree, changed: Mapping[str, str | None]) -> None:
    """A repair may mend a test; making the failure go away by removing it is no repair."""
    for path in tree.tests & changed.keys():
        before = len(_TEST_CASE.findall(tree.texts[path]))
        after = len(_TEST_CASE.findall(changed[path] or ""))
        if after < before:
            raise EditFailed(f"{path}: {before - after} tests would be removed; mend the code")


async def keep_code(tree: Tree, changed: Mapping[str, str | None], explanation: str) -> None:
    """What was there stays there, unless the model says by name that it takes it away."""
    before = await tree.outlines({path: tree.texts[path] for path in changed.keys() & tree.texts})
    after = await tree.outlines({path: text for path, text in changed.items() if text is not None})
    # A file that is deleted on purpose takes along what nothing else is said about.
    kept = {path: found for path, found in before.items() if changed[path] is not None}
    missing = [
        place
        for place in lost(kept, after)
        if not re.search(rf"\b{re.escape(place.rpartition(' ')[2])}\b", explanation)
    ]
    if missing:
        raise EditFailed(
            f"this would be lost, or left without its body: {', '.join(missing[:_NAMED])}; write "
            "every file whole, and say in `explanation` by name what you take away on purpose"
        )
