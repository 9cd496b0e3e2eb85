"""Noticing when a run changes what it is judged by."""

import os
from pathlib import Path

import pytest

from quantumlayer.qtest.payload.tampering import changed_files, judging_files


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
