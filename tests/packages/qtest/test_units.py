"""Which parts of a folder are tested apart, and from where."""

from collections.abc import Mapping

import pytest

from quantumlayer.qtest import (
    Coverage,
    Diagnostic,
    FileCoverage,
    TestReport,
    Verdict,
    find_units,
    placed_in,
)
from tests.packages.qtest.conftest import MakeProject

GO = {"go.mod": "module a\n", "a.go": "package a\n", "a_test.go": "package a\n"}
PYTHON = {"requirements.txt": "", "a.py": "", "tests/test_a.py": ""}
NODE = {"package.json": "{}", "a.js": "", "a.test.js": ""}


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{path}": content for path, content in files.items()}


@pytest.mark.parametrize(
    ("files", "units"),
    [
        (PYTHON, ["python ."]),
        ({"a.py": "", "tests/test_a.py": ""}, ["python ."]),
        ({**PYTHON, **below("web", NODE)}, ["python .", "javascript web"]),
        (
            {**below("api", GO), **below("tools", PYTHON), **below("web", NODE)},
            ["python tools", "javascript web", "go ."],
        ),
        ({**below("a", GO), **below("b", GO)}, ["go ."]),
        ({**GO, **below("b", GO)}, ["go ."]),
        ({**PYTHON, **below("examples/x", NODE)}, ["python ."]),
        ({**below("api", {"go.mod": "module a\n", "a.go": "package a\n"})}, ["go ."]),
        ({"conftest.py": "", **below("api", PYTHON)}, ["python ."]),
        ({}, []),
    ],
)
def test_the_parts(files: dict[str, str], units: list[str], make_project: MakeProject) -> None:
    found = find_units(make_project(files))
    assert [f"{unit.language} {unit.folder}" for unit in found] == units


def test_a_part_without_tests_says_so(make_project: MakeProject) -> None:
    files = {**below("api", PYTHON), **below("web", {"package.json": "{}", "a.js": ""})}
    assert {unit.folder: unit.tested for unit in find_units(make_project(files))} == {
        "api": True,
        "web": False,
    }


def test_a_part_tells_paths_as_the_project_knows_them() -> None:
    report = TestReport(
        verdict=Verdict.FAILED,
        reason="",
        runner="go test",
        language="go",
        coverage=Coverage(lines_percent=1, files=(FileCoverage(path="a.go", lines_percent=1),)),
        diagnostics=(Diagnostic(path="a.go", message="no"), Diagnostic(path="", message="link")),
    )
    moved = placed_in(report, "api")
    assert [one.path for one in moved.diagnostics] == ["api/a.go", ""]
    assert moved.coverage is not None
    assert moved.coverage.files[0].path == "api/a.go"
    assert placed_in(report, ".") == report


def test_a_part_tells_what_cannot_be_had_and_what_was_not_heeded_where_it_stands() -> None:
    asked = Diagnostic(path="go.mod", line=3, message="not here")
    report = TestReport(
        verdict=Verdict.INFRASTRUCTURE_ERROR, reason="go.mod:3: not here", runner="go test",
        language="go", undetermined=(asked,), notes=("go.sum was not used.",),
    )  # fmt: skip
    moved = placed_in(report, "api")
    assert moved.reason == "api/go.mod:3: not here"
    assert [(one.path, one.line) for one in moved.undetermined] == [("api/go.mod", 3)]
    assert moved.notes == ("api: go.sum was not used.",)
