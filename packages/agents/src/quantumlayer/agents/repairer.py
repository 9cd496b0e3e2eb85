"""The repairer: failures with evidence → changed files."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantumlayer.agents.answers import RepairAnswer
from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.edits import EditFailed, apply_edits
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer.requirements import Requirements

MAX_CONTEXT_CHARACTERS = 120_000
MAX_EVIDENCE_CHARACTERS = 20_000
_TEST_CASE = re.compile(r"^\s*(?:async\s+)?def\s+test_|^\s*(?:test|it)\s*\(", re.MULTILINE)


@dataclass(frozen=True)
class Evidence:
    """What compilers, linters and the test report said; and the tree's most important symbols."""

    problems: Sequence[str]
    code_map: str = ""


async def repair(
    conversation: Conversation,
    requirements: Requirements,
    *,
    texts: Mapping[str, str],
    tests: frozenset[str],
    evidence: Evidence,
    round_number: int,
    again: bool,
) -> dict[str, str | None]:
    """The files to change: path → new content, or None to delete it; empty when it cannot help.

    `texts` is the whole tree, `tests` the paths in it that are tests. Edits that do not apply, or
    that take tests away, are refused once with the reason.
    """
    words = "\n\n".join(evidence.problems)[:MAX_EVIDENCE_CHARACTERS]
    shown, left_out = most_relevant(texts, words)
    refused = ""
    for attempt in (1, 2):
        answer = await conversation.ask(
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
        try:
            changed = apply_edits(texts, answer.edits)
            keep_tests(texts, tests, changed)
        except EditFailed as error:
            refused = str(error)
        else:
            return changed
    return {}


def keep_tests(
    texts: Mapping[str, str], tests: frozenset[str], changed: Mapping[str, str | None]
) -> None:
    """A repair may mend a test; making the failure go away by removing it is no repair."""
    for path in tests & changed.keys():
        before = len(_TEST_CASE.findall(texts[path]))
        after = len(_TEST_CASE.findall(changed[path] or ""))
        if after < before:
            raise EditFailed(f"{path}: {before - after} tests would be removed; mend the code")


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
