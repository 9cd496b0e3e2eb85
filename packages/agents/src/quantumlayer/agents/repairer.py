"""The repairer: failures with evidence → changed files."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.agents.answers import RepairAnswer
from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.edits import EditFailed, apply_edits
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
    """The whole tree as text, the paths in it that are tests, and a way to see what it defines."""

    texts: Mapping[str, str]
    tests: frozenset[str]
    outlines: Outliner


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
    shown, left_out = most_relevant(tree.texts, words)

    async def ask(attempt: int, refused: str) -> RepairAnswer:
        return await conversation.ask(
            "repair",
            f"round-{round_number}/{attempt}",
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

    `ask` takes the number of the attempt and why the one before was refused. Edits that do not
    apply, that fail `check`, which raises EditFailed, or that take tests or other code away, are
    refused once with the reason.
    """
    refused = ""
    for attempt in (1, 2):
        answer = await ask(attempt, refused)
        try:
            changed = apply_edits(tree.texts, answer.edits)
            check(changed)
            keep_tests(tree, changed)
            await keep_code(tree, changed, answer.explanation)
        except EditFailed as error:
            refused = str(error)
        else:
            return changed
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


def most_relevant(texts: Mapping[str, str], evidence: str) -> tuple[dict[str, str], list[str]]:
    """The files that fit into the context, those that the evidence names first, and the rest."""
    ranked = sorted(texts, key=lambda path: (path not in evidence, len(texts[path]), path))
    shown: dict[str, str] = {}
    left_out: list[str] = []
    room = MAX_CONTEXT_CHARACTERS
    for path in ranked:
        if len(texts[path]) <= room:
            shown[path] = texts[path]
            room -= len(texts[path])
        else:
            left_out.append(path)
    return dict(sorted(shown.items())), sorted(left_out)
