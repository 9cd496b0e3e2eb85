"""Edits change exactly what they name, each for itself, or say why they cannot."""

import pytest

from quantumlayer.agents.edits import Applied, Delete, Edit, Move, Replace, Write, apply_edits

TEXTS = {"a.py": "x = 1\ny = 1\n", "b.py": "z = 2\n"}


def test_a_replacement_changes_the_one_place_it_names() -> None:
    applied = apply_edits(TEXTS, [Replace("a.py", "x = 1", "x = 3")])
    assert applied == Applied({"a.py": "x = 3\ny = 1\n"})


def test_an_edit_may_search_for_what_another_one_writes() -> None:
    edits = [Replace("a.py", "x = 1", "x = 2"), Replace("a.py", "x = 2", "x = 3")]
    assert apply_edits(TEXTS, edits).changed == {"a.py": "x = 3\ny = 1\n"}


def test_the_order_of_edits_does_not_matter_and_one_that_fails_fails_alone() -> None:
    edits: list[Edit] = [
        Replace("a.py", "y = 1", "y = 4"),
        Replace("a.py", "nowhere", "z"),
        Replace("a.py", "x = 1", "y = 1"),
        Delete("b.py"),
    ]
    for order in (edits, edits[::-1]):
        applied = apply_edits(TEXTS, order)
        assert applied.changed == {"a.py": "y = 1\ny = 4\n", "b.py": None}
        assert [refusal.edit for refusal in applied.refused] == [edits[1]]


def test_of_two_edits_of_the_same_lines_the_second_is_refused() -> None:
    edits = [Replace("a.py", "x = 1", "x = 2"), Replace("a.py", "x = 1\ny = 1\n", "x, y = 1, 1\n")]
    applied = apply_edits(TEXTS, edits)
    assert applied.changed == {"a.py": "x = 2\ny = 1\n"}
    assert [refusal.edit for refusal in applied.refused] == [edits[1]]
    assert "another edit of this answer changes the same lines" in applied.reasons


def test_edits_that_only_share_lines_around_do_not_overlap() -> None:
    text = "a\nb\nc\nd\ne\n"
    edits = [Replace("t", "a\nb\nc\n", "A\nb\nc\n"), Replace("t", "b\nc\nd\n", "b\nc\nD\n")]
    assert apply_edits({"t": text}, edits) == Applied({"t": "A\nb\nc\nD\ne\n"})


def test_the_same_edit_twice_is_one() -> None:
    edit = Replace("a.py", "x = 1", "x = 2")
    assert apply_edits(TEXTS, [edit, edit]) == Applied({"a.py": "x = 2\ny = 1\n"})


@pytest.mark.parametrize(("search", "times"), [("= 1", 2), ("absent", 0)])
def test_a_search_that_is_not_unique_is_refused(search: str, times: int) -> None:
    applied = apply_edits(TEXTS, [Replace("a.py", search, "")])
    assert applied.changed == {}
    assert f"occurs {times} times" in applied.reasons


def test_a_file_that_does_not_exist_can_only_be_written() -> None:
    assert "write it whole" in apply_edits(TEXTS, [Replace("c.py", "x", "y")]).reasons
    assert apply_edits(TEXTS, [Write("c.py", "c")]).changed == {"c.py": "c"}
    assert apply_edits(TEXTS, [Replace("c.py", "", "c\n")]).changed == {"c.py": "c\n"}


def test_a_file_of_that_name_in_another_folder_is_asked_about() -> None:
    applied = apply_edits({"src/a.py": "x = 1\n"}, [Replace("a.py", "x = 1", "x = 2")])
    assert applied.changed == {}
    assert "is it src/a.py?" in applied.reasons


def test_a_search_text_of_another_file_is_named_with_it() -> None:
    applied = apply_edits(
        {"a.py": "x = 1\n", "b.py": "total = 20\n"}, [Replace("a.py", "total = 20", "total = 3")]
    )
    assert applied.changed == {}
    assert "it stands in b.py" in applied.reasons


def test_a_file_may_be_moved_with_what_changes_in_it() -> None:
    edits: list[Edit] = [Move("b.py", "c.py"), Replace("b.py", "z = 2", "z = 3")]
    assert apply_edits(TEXTS, edits).changed == {"c.py": "z = 3\n", "b.py": None}
    assert "a.py exists" in apply_edits(TEXTS, [Move("b.py", "a.py")]).reasons


def test_a_deleted_file_is_named_with_nothing_in_its_place() -> None:
    assert apply_edits(TEXTS, [Delete("b.py")]).changed == {"b.py": None}
    assert "does not exist" in apply_edits(TEXTS, [Delete("c.py")]).reasons


def test_a_file_is_written_once_in_an_answer() -> None:
    applied = apply_edits(TEXTS, [Write("a.py", "one\n"), Write("a.py", "two\n"), Delete("a.py")])
    assert applied.changed == {"a.py": "one\n"}
    assert len(applied.refused) == 2


def test_an_edit_that_changes_nothing_is_no_change() -> None:
    assert apply_edits(TEXTS, [Write("b.py", "z = 2\n")]) == Applied({})
    assert apply_edits(TEXTS, [Replace("b.py", "z = 2", "z = 2")]) == Applied({})


@pytest.mark.parametrize("path", ["../a.py", "/etc/passwd", "a\\b.py", "~/a.py", ""])
def test_nothing_outside_of_the_tree_is_written(path: str) -> None:
    applied = apply_edits(TEXTS, [Write(path, "x"), Move("a.py", path)])
    assert applied.changed == {}
    assert len(applied.refused) == 2


def test_a_new_file_that_differs_from_another_by_case_only_is_refused() -> None:
    write = Write("README.md", "# Two\n")
    applied = apply_edits({"readme.md": "# One\n"}, [write])
    assert applied.changed == {}
    assert "both README" in applied.reasons
    both = apply_edits({"readme.md": "# One\n"}, [Delete("readme.md"), write])
    assert both.changed["README.md"] == "# Two\n"


def test_a_file_that_failed_twice_in_a_row_is_asked_for_whole() -> None:
    wrong, right = Replace("a.py", "absent", "x"), Replace("a.py", "x = 1", "x = 2")
    first = apply_edits(TEXTS, [wrong, Replace("b.py", "absent", "x")])
    assert "whole" not in first.reasons
    again = apply_edits(TEXTS, [wrong], first.failing)
    assert "give the whole file" in again.reasons
    assert again.failing == {"a.py": 2, "b.py": 1}
    assert apply_edits(TEXTS, [right], again.failing).failing == {"b.py": 1}
