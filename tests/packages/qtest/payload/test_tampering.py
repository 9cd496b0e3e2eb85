"""Noticing when a run changes what it is judged by."""

import os
from pathlib import Path

import pytest

from quantumlayer.qtest.payload.tampering import changed_files, digest, is_content, judging_files


@pytest.mark.parametrize("change", ["written", "removed", "linked", "a pipe"])
def test_a_changed_source_is_named(tmp_path: Path, change: str) -> None:
    test = tmp_path / "tests" / "a_test.go"
    test.parent.mkdir()
    test.write_text("package a")
    known = judging_files(str(tmp_path))
    if change == "written":
        test.write_text("package b")
    else:
        test.unlink()
    if change == "linked":
        test.symlink_to("elsewhere")
    if change == "a pipe":
        os.mkfifo(test)
    assert changed_files(known, str(tmp_path)) == ["tests/a_test.go"]


def test_what_a_run_adds_or_keeps_as_data_is_its_own_business(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("test:")
    (tmp_path / "data.txt").write_text("1")
    known = judging_files(str(tmp_path))
    (tmp_path / "data.txt").write_text("2")
    (tmp_path / "new.c").write_text("")
    assert list(known) == ["Makefile"]
    assert changed_files(known, str(tmp_path)) == []


@pytest.mark.parametrize("change", ["leads elsewhere", "leads to something else", "is a copy now"])
def test_a_link_is_judged_by_where_it_leads_and_what_is_there(tmp_path: Path, change: str) -> None:
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "two.txt").write_text("1")
    (tmp_path / "test_a.py").symlink_to("one.txt")
    known = judging_files(str(tmp_path))
    assert changed_files(known, str(tmp_path)) == []
    if change == "leads to something else":
        (tmp_path / "one.txt").write_text("2")
    else:
        (tmp_path / "test_a.py").unlink()
    if change == "leads elsewhere":
        (tmp_path / "test_a.py").symlink_to("two.txt")
    if change == "is a copy now":
        (tmp_path / "test_a.py").write_text("1")
    assert changed_files(known, str(tmp_path)) == ["test_a.py"]


def test_a_link_holds_what_it_leads_to(tmp_path: Path) -> None:
    for name, text in (("one.py", "1"), ("two.py", "2")):
        (tmp_path / name).write_text(text)
    (tmp_path / "link.py").symlink_to("one.py")
    known = digest(tmp_path / "link.py")
    assert is_content(known, digest(tmp_path / "one.py"))
    assert not is_content(known, digest(tmp_path / "two.py"))
