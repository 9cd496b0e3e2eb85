"""What judges a tree stays as it is, unless it is wrong itself and that is said."""

from collections.abc import Mapping

import pytest

from quantumlayer.agents.integrator import (
    Edit,
    Guard,
    Problem,
    Write,
    edited,
    grouped,
    patched,
    standing,
)
from quantumlayer.qtest import Verdict

TEXTS = {
    "a.py": "x = 1\n",
    "tests/test_a.py": "def test_r1():\n    assert 1\n\n\ndef test_r2():\n    assert 2\n",
    "biome.json": "{}\n",
}
GUARD = Guard(frozenset({"tests/test_a.py"}), ("biome.json", "vendor/*"), frozenset({"R1", "R2"}))


async def parses(_texts: object) -> dict[str, str]:
    return {}


@pytest.mark.parametrize(
    ("path", "contradicts", "reason"),
    [
        ("a.py", "", ""),
        ("new/b.py", "", ""),
        ("tests/test_b.py", "", ""),
        ("tests/test_a.py", "", "tests are frozen"),
        ("tests/test_a.py", "R9", "there is no requirement 'R9'"),
        ("tests/test_a.py", "R1", ""),
        ("biome.json", "", "belongs to the stack"),
        ("vendor/x.py", "R1", "belongs to the stack"),
        ("../a.py", "", "inside the tree"),
        ("/etc/passwd", "", "inside the tree"),
        ("a.py/b.py", "", "not every file system"),
        ("capsule/x.json", "", "kept for the capsule"),
    ],
)
def test_paths_are_guarded(path: str, contradicts: str, reason: str) -> None:
    found = GUARD.refuses(path, TEXTS, contradicts)
    assert (reason in found) if reason else (found == "")


async def test_an_edit_gives_the_new_content() -> None:
    made = await edited(TEXTS, Edit(path="a.py", search="1", replacement="2"), GUARD, parses, {})
    assert (made.content, made.reason) == ("x = 2\n", "")


async def test_a_test_that_contradicts_may_be_put_right_and_not_taken_away() -> None:
    right = Edit(
        path="tests/test_a.py", search="assert 1", replacement="assert 3", contradicts="R1"
    )
    assert "assert 3" in ((await edited(TEXTS, right, GUARD, parses, {})).content or "")
    gone = Write(path="tests/test_a.py", content="def test_r1(): pass\n", contradicts="R1")
    made = await edited(TEXTS, gone, GUARD, parses, {})
    assert (made.content, "1 tests would be gone" in made.reason) == (None, True)


async def test_what_breaks_a_file_and_what_stands_nowhere_are_refused() -> None:
    async def gate(texts: Mapping[str, str]) -> dict[str, str]:
        return {path: "line 1" for path, text in texts.items() if "(" in text}

    broken = Edit(path="a.py", search="x = 1", replacement="x = (1")
    made = await edited(TEXTS, broken, GUARD, gate, {})
    assert "would not parse" in made.reason
    missing = await edited(TEXTS, Edit(path="a.py", search="y", replacement=""), GUARD, parses, {})
    assert "0 times" in missing.reason
    assert missing.failing == {"a.py": 1}


async def test_a_patch_changes_what_it_may_and_is_refused_the_rest() -> None:
    patch = (
        "*** Begin Patch\n*** Update File: a.py\n-x = 1\n+x = 2\n"
        "*** Update File: tests/test_a.py\n-    assert 1\n+    assert 3\n"
        "*** Delete File: biome.json\n*** Add File: b.py\n+y = 1\n*** End Patch\n"
    )
    made = await patched(TEXTS, patch, GUARD, parses, {})
    assert made.changed == {"a.py": "x = 2\n", "b.py": "y = 1\n"}
    assert ["frozen" in made.reasons, "belongs to the stack" in made.reasons] == [True, True]


def test_one_cause_is_told_once_with_all_its_places() -> None:
    fails = [
        Problem("a test fails", f"tests/test_{n}.py::t", f"KeyError: 'k{n}'", f"line {n}")
        for n in range(12)
    ]
    other = Problem("the verdict", "", "12 of 12 tests failed.")
    told = grouped([other, *fails])
    first, second = told.split("\n\n")
    assert first.startswith("12 times: a test fails (tests/test_0.py::t, ")
    assert "and 4 more): KeyError: 'k0'\nline 0" in first
    assert second == "the verdict: 12 of 12 tests failed."


def test_what_is_told_has_an_end() -> None:
    told = grouped(Problem("rule", f"{n}", f"cause {'x' * n}", "y" * 3_000) for n in range(30))
    assert len(told) < 21_000
    assert "more causes" in told


def test_a_sound_tree_stands_above_a_broken_one_and_fewer_problems_above_more() -> None:
    order = [
        standing(Verdict.PASSED, 0),
        standing(Verdict.INCOMPLETE, 9),
        standing(Verdict.FAILED, 1),
        standing(Verdict.FAILED, 2),
        standing(Verdict.TIMED_OUT, 0),
    ]
    assert sorted([*order[2:], *order[:2]]) == order
