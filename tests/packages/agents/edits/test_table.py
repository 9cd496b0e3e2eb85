"""200 edits as models really form them: applied rightly, refused rightly, never applied wrongly.

Each case of `table/` is an answer of a model, and what must come of it to the letter: `becomes`
are the pieces of files that change, `new` and `gone` whole files, `refused` a pattern for the
reason of each edit that is refused. All else must stay.
"""

import re
import tomllib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.agents.edits import apply_gated, read_edits
from quantumlayer.parser import Parser
from quantumlayer.worker.parse_gate import ParseGate

_TABLE = Path(__file__).parent / "table"
_SHOWN = str.maketrans({"␣": " ", "␍": "\r"})
_EDITS = 200


@dataclass(frozen=True)
class Case:
    """An answer in a dialect, and what comes of it."""

    name: str
    dialect: Any
    answer: str
    becomes: list[tuple[str, str]]
    new: dict[str, str]
    gone: list[str]
    refused: list[str]


def _files() -> dict[str, str]:
    found = tomllib.loads((_TABLE / "files.toml").read_text(encoding="utf-8"))
    return {path: text.translate(_SHOWN) for path, text in found.items()}


def _cases() -> list[Case]:
    cases = []
    for file in sorted(_TABLE.glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for entry in table.get("case", ()):
            case = Case(
                f"{file.stem}: {entry['name']}",
                entry.get("dialect", table.get("dialect", "search_replace")),
                entry["answer"].translate(_SHOWN),
                [(old, new) for old, new in entry.get("becomes", ())],
                entry.get("new", {}),
                entry.get("gone", []),
                entry.get("refused", []),
            )
            cases.append(case)
    return cases


FILES, CASES = _files(), _cases()


def meant(case: Case) -> Mapping[str, str | None]:
    """The files as they must be after the answer: only those that change."""
    named = {edit.path for edit in read_edits(case.dialect, case.answer)} & FILES.keys()
    after = {path: FILES[path] for path in named}
    for old, new in case.becomes:
        (path,) = [path for path in named if old in FILES[path]]
        assert after[path].count(old) == 1, f"{old!r} is no one place"
        after[path] = after[path].replace(old, new)
    changed: dict[str, str | None] = {**after, **case.new, **dict.fromkeys(case.gone)}
    return {path: text for path, text in changed.items() if text != FILES.get(path)}


@pytest.fixture(scope="module")
async def gate() -> AsyncIterator[ParseGate]:
    async with Parser() as parser:
        yield ParseGate(parser)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_an_answer_changes_exactly_what_it_means(case: Case, gate: ParseGate) -> None:
    applied = await apply_gated(FILES, read_edits(case.dialect, case.answer), gate)
    assert applied.changed == meant(case), applied.reasons
    assert len(applied.refused) == len(case.refused), applied.reasons
    for refusal, pattern in zip(applied.refused, case.refused, strict=True):
        assert re.search(pattern, refusal.reason, re.DOTALL), refusal.reason


def test_the_table_holds_what_it_promises(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for case in CASES:
        edits = len(read_edits(case.dialect, case.answer))
        counts["refused rightly"] += len(case.refused)
        counts["applied rightly"] += edits - len(case.refused)
        counts[case.dialect] += edits
    with capsys.disabled():
        print(f"\n{len(CASES)} answers: {dict(counts)}")  # noqa: T201 - the table's own figures
    assert counts["applied rightly"] + counts["refused rightly"] >= _EDITS
