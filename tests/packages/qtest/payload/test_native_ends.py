"""What the end of a program proves that something else has run."""

from pathlib import Path

import pytest

from quantumlayer.qtest.payload.native_ends import (
    differences,
    is_compared,
    is_skip,
    problem_of_end,
    was_looked_at,
)
from quantumlayer.qtest.payload.witness import Caller, Start, Testimony


def ran(
    line: str, *, returned: int | None = 1, captured: bool = True, program: str = "/made/app"
) -> Testimony:
    """A program that a line of a Makefile started."""
    callers = (Caller(("/bin/sh", "-c", line), "/made"), Caller(("make", "check"), "/made"))
    ended = [] if returned is None else [f"returned {returned}"]
    return Testimony(7, program, ended, start=Start(callers, captured=captured))


@pytest.mark.parametrize(
    "line",
    [
        "./app | diff - expected", "./app > out && cmp out expected", 'test "$(./app)" = 6',
        "./app < in | grep -q done", "out=$(./app); [ $out = 6 ]", "./app | python3 compare.py",
    ],
)  # fmt: skip
def test_output_that_something_looks_at_is_compared(line: str) -> None:
    assert is_compared(ran(line), [])


@pytest.mark.parametrize(
    "line",
    ["./app | tee log", "./app || true", "./app; echo done", "./app | diff - expected || true",
     "./app > log 2>&1 || echo broken"],
)  # fmt: skip
def test_output_that_is_kept_or_forgotten_is_not_compared(line: str) -> None:
    assert not is_compared(ran(line), [])
    assert problem_of_end(ran(line)) == "Its main function returned 1."


def test_a_program_that_is_called_a_test_answers_for_itself() -> None:
    assert not is_compared(ran("./test_app | diff - expected", program="/made/test_app"), [])
    assert not is_compared(ran("./app; diff a b", captured=False), [])


def script(folder: Path, text: str, *, returned: int = 1) -> Testimony:
    (folder / "run.sh").write_text(text)
    callers = (Caller(("sh", "run.sh"), str(folder)), Caller(("make", "check"), str(folder)))
    return Testimony(7, "/made/app", [f"returned {returned}"], start=Start(callers, captured=True))


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("set -e\n./app > out\ndiff out expected\n", True),
        ("./app > out\nif [ $(cat out) = 6 ]; then exit 0; fi\nexit 1\n", True),
        ("./app > out\nif diff out expected; then echo ok; else echo no; fi\nexit 0\n", False),
        ("./app > log\necho $? # diff\n", False),
    ],
)
def test_a_script_answers_where_it_can_fail(text: str, *, compared: bool, tmp_path: Path) -> None:
    diff = Testimony(8, "/usr/bin/diff", ["returned 0"])
    assert is_compared(script(tmp_path, text), [diff]) is compared


def test_a_failure_that_only_a_script_saw_needs_a_comparison_that_was_heard(
    tmp_path: Path,
) -> None:
    text = "./app > log\nif [ $? -eq 0 ]; then echo ok; fi\n[ -f log ] || exit 1\n"
    assert not is_compared(script(tmp_path, text), [])
    assert is_compared(script(tmp_path, text, returned=0), [])


@pytest.mark.parametrize(
    ("line", "wanted"),
    [("diff a b", False), ("diff a b || true", False), ("! diff a b", True),
     ("x; ! /usr/bin/cmp a b", True), ("if ! cmp a b; then exit 1; fi", False)],
)  # fmt: skip
def test_a_difference_counts_unless_it_was_wanted(line: str, *, wanted: bool) -> None:
    ended = ran(line, program="/usr/bin/diff")
    assert differences([ended]) == ([] if wanted else [ended])


def test_a_difference_is_looked_at_where_its_status_is_read_and_can_show() -> None:
    assert was_looked_at(ran("if cmp a b; then exit 1; fi", program="/usr/bin/cmp"))
    assert not was_looked_at(ran("cmp a b; echo compared", program="/usr/bin/cmp"))
    assert not was_looked_at(ran("if cmp a b; then x; fi || true", program="/usr/bin/cmp"))


def test_a_skip_is_one_only_under_what_knows_it() -> None:
    assert is_skip(ran("./t; test $? -eq 77", returned=77))
    assert not is_skip(ran("./t", returned=77))
    assert not is_skip(ran("./t; test $? -eq 77", returned=1))
