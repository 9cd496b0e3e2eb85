"""A check of a capsule: what it was asked for is asked for again."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from quantumlayer.qlayer.capsule import build_capsule, layout
from quantumlayer.qlayer.checking import Checker
from quantumlayer.qlayer.checking.material import OF_CAPSULE
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import Verdict
from tests.support import capsules
from tests.support import sample_project as sample

LOANS = b"def most() -> int:\n    return 5\n"
TESTS = b"""\
from library.loans import most


def test_r1_books_have_a_title() -> None:
    assert most()


def test_r2_members_can_have_at_most_5_open_loans() -> None:
    assert most() == 5
"""
SOUND: Mapping[str, bytes] = {
    "library/__init__.py": b'"""Lends books."""\n',
    "library/app.py": b'"""The application."""\n',
    "library/loans.py": LOANS,
    "tests/test_loans.py": TESTS,
}


def capsule(folder: Path, asked: Requirements, contents: Mapping[str, bytes]) -> Path:
    """A capsule of these files, made for these requirements."""
    made = replace(
        capsules.inputs(), requirements=asked, contents=contents, tree=sample.tree(contents)
    )
    path = folder / "some.capsule.zip"
    path.write_bytes(build_capsule(made))
    return path


async def test_a_capsule_of_all_that_was_asked_for_passes(checks: Checker, tmp_path: Path) -> None:
    report = await checks.check(capsule(tmp_path, sample.requirements(), SOUND))
    assert (report.verdict, report.missing) == (Verdict.PASSED, ()), report.reason
    # What belongs to the capsule is nothing that its tests should run.
    assert report.coverage is not None
    assert {file.path for file in report.coverage.files} == {"library/loans.py"}


async def test_what_was_not_understood_is_missing_in_a_check_too(
    checks: Checker, tmp_path: Path
) -> None:
    asked = sample.partly_understood()
    report = await checks.check(capsule(tmp_path, asked, SOUND))
    assert report.verdict is Verdict.INCOMPLETE
    assert report.reason == " ".join(report.missing)
    assert asked.not_understood[0].text in report.reason


async def test_a_requirement_whose_test_is_gone_is_missing(checks: Checker, tmp_path: Path) -> None:
    without = {**SOUND, "tests/test_loans.py": TESTS.replace(b"test_r2_", b"test_")}
    report = await checks.check(capsule(tmp_path, sample.requirements(), without))
    assert report.verdict is Verdict.INCOMPLETE
    assert "R2" in report.reason
    assert "R1" not in report.reason


async def test_what_is_broken_is_failed_whatever_is_missing(
    checks: Checker, tmp_path: Path
) -> None:
    broken = {**SOUND, "library/loans.py": LOANS.replace(b"5", b"6")}
    report = await checks.check(capsule(tmp_path, sample.partly_understood(), broken))
    assert report.verdict is Verdict.FAILED


@pytest.mark.parametrize("content", ["{}", "[1", '{"name": "mine"}'])
async def test_a_file_of_that_name_is_no_capsule(
    checks: Checker, tmp_path: Path, content: str
) -> None:
    (tmp_path / "capsule").mkdir()
    for path in OF_CAPSULE:
        (tmp_path / path).write_text("")
    (tmp_path / "capsule.json").write_text(content)
    (tmp_path / "one.py").write_text("def one():\n    return 1\n")
    (tmp_path / "test_one.py").write_text(
        "from one import one\n\n\ndef test_one():\n    assert one() == 1\n"
    )
    assert (await checks.check(tmp_path)).verdict is Verdict.PASSED


async def test_nothing_else_hides_in_the_folder_of_a_capsule(
    checks: Checker, tmp_path: Path
) -> None:
    path = capsule(tmp_path, sample.requirements(), SOUND)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("capsule/test_hidden.py", "def test_hidden():\n    assert missing\n")
    assert (await checks.check(path)).verdict is Verdict.FAILED


def test_what_belongs_to_a_capsule_is_what_its_layout_says() -> None:
    named = {getattr(layout, name) for name in dir(layout) if name.isupper()}
    # Pictures are looked at like any other file, so that no test can hide among them.
    assert named - {layout.FOLDER, layout.NOT_REPRODUCIBLE, layout.PICTURES} == OF_CAPSULE
