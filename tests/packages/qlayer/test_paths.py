"""Which names a model may give its files, and which of them cannot stand side by side."""

import pytest
from pydantic import ValidationError

from quantumlayer.qlayer import Blueprint, FileRole, PathEscapesTree, PlannedFile, confined
from quantumlayer.qlayer.requirements import ApplicationKind, Language


def blueprint_of(*paths: str) -> Blueprint:
    files = tuple(PlannedFile(path=path, role=FileRole.SOURCE, purpose="Code.") for path in paths)
    return Blueprint(
        name="library", kind=ApplicationKind.LIBRARY, language=Language.PYTHON, files=files
    )


@pytest.mark.parametrize("path", ["a.py", "src/[id]/page.tsx", ".github/workflows/ci.yml", "a..b"])
def test_a_relative_path_is_taken_as_it_is(path: str) -> None:
    assert str(confined(path)) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a/./b",
        "a//b",
        "~/a",
        "C:\\a",
        "a\\b",
        "a\x00b",
        "a\nb",
        "nul.txt",
        "src/COM1",
        "notes.",
        "src./a.py",
        "a b ",
        ".git/hooks/pre-commit",
        "capsule/run.json",
        "Capsule.json",
        "e\u0301.py",
        "x" * 201,
    ],
)
def test_a_path_that_leaves_the_tree_or_that_some_system_cannot_hold_is_refused(path: str) -> None:
    with pytest.raises(PathEscapesTree):
        confined(path)


@pytest.mark.parametrize(
    ("paths", "named"),
    [
        (("a.py", "a.py"), "planned twice: a.py"),
        (("readme.md", "README.md"), "README.md and readme.md"),
        (("src/Items/a.py", "src/items/A.py"), "src/Items/a.py and src/items/A.py"),
        (("src", "src/a.py"), "src and src/a.py"),
        (("SRC", "src/deep/a.py"), "SRC and src/deep/a.py"),
    ],
)
def test_files_that_cannot_stand_side_by_side_are_refused_at_the_plan(
    paths: tuple[str, ...], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        blueprint_of(*paths)


def test_files_of_one_folder_stand_side_by_side() -> None:
    assert len(blueprint_of("src/a.py", "src/b.py", "srca.py").files) == 3
