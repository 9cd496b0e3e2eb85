"""Edits change exactly what they name, or say why they cannot."""

import pytest

from quantumlayer.agents.answers import FileEdit
from quantumlayer.agents.edits import EditFailed, apply_edits

TEXTS = {"a.py": "x = 1\ny = 1\n", "b.py": "z = 2\n"}


def test_a_replacement_changes_the_one_place_it_names() -> None:
    edit = FileEdit(path="a.py", action="replace", search="x = 1", replacement="x = 3")
    assert apply_edits(TEXTS, [edit]) == {"a.py": "x = 3\ny = 1\n"}


def test_edits_of_one_file_build_on_each_other() -> None:
    edits = [
        FileEdit(path="a.py", action="replace", search="x = 1", replacement="x = 2"),
        FileEdit(path="a.py", action="replace", search="x = 2", replacement="x = 3"),
    ]
    assert apply_edits(TEXTS, edits) == {"a.py": "x = 3\ny = 1\n"}


@pytest.mark.parametrize(("search", "times"), [("= 1", 2), ("absent", 0)])
def test_a_search_that_is_not_unique_is_refused(search: str, times: int) -> None:
    edit = FileEdit(path="a.py", action="replace", search=search, replacement="")
    with pytest.raises(EditFailed, match=f"occurs {times} times"):
        apply_edits(TEXTS, [edit])


def test_a_file_that_does_not_exist_can_only_be_written() -> None:
    with pytest.raises(EditFailed, match="write it whole"):
        apply_edits(TEXTS, [FileEdit(path="c.py", action="replace", search="x", replacement="y")])
    assert apply_edits(TEXTS, [FileEdit(path="c.py", action="write", content="c")]) == {"c.py": "c"}


def test_a_deleted_file_is_named_with_nothing_in_its_place() -> None:
    assert apply_edits(TEXTS, [FileEdit(path="b.py", action="delete")]) == {"b.py": None}


def test_an_edit_that_changes_nothing_is_no_change() -> None:
    same = FileEdit(path="b.py", action="write", content="z = 2\n")
    assert apply_edits(TEXTS, [same]) == {}


def test_a_new_file_that_differs_from_another_by_case_only_is_refused() -> None:
    write = FileEdit(path="README.md", action="write", content="# Two\n")
    with pytest.raises(EditFailed, match="both README"):
        apply_edits({"readme.md": "# One\n"}, [write])
    delete = FileEdit(path="readme.md", action="delete")
    assert apply_edits({"readme.md": "# One\n"}, [delete, write])["README.md"] == "# Two\n"
