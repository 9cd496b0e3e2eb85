"""What reports on compiled languages say, and the lies that nothing but the guard finds."""

from pathlib import Path

import pytest

from quantumlayer.qtest import CaseOutcome, Sandbox, Verdict, run_tests
from quantumlayer.qtest.sandbox import WORKSPACE
from tests.packages.qtest.conftest import Check
from tests.packages.qtest.matrix import c, go, java, rust
from tests.packages.qtest.matrix.cells import Matrix, cells


def files_of(matrix: Matrix, name: str) -> dict[str, str]:
    return dict(next(cell.files for cell in cells(matrix) if cell.name == name))


@pytest.mark.parametrize(
    ("matrix", "path", "line"),
    [
        (go.MATRIX, "shapes.go", 7),
        (rust.MATRIX, "src/lib.rs", 7),
        (java.MATRIX, "src/main/java/shapes/Shapes.java", 5),
        (c.MATRIX, "shapes.c", 4),
    ],
    ids=lambda value: getattr(value, "language", None),
)
async def test_what_does_not_compile_is_named_with_its_place(
    check: Check, matrix: Matrix, path: str, line: int, tmp_path: Path
) -> None:
    report = await check(files_of(matrix, "does not compile"))
    assert report.verdict is Verdict.FAILED
    diagnostic = report.diagnostics[0]
    assert (diagnostic.path, diagnostic.line) == (path, line)
    assert report.cases[0].name == "building the project"
    for leak in (str(tmp_path), str(WORKSPACE)):
        assert leak not in report.model_dump_json()


@pytest.mark.parametrize(
    ("matrix", "name", "place"),
    [
        (go.MATRIX, "TestArea", ("shapes_test.go", 7)),
        (rust.MATRIX, "multiplies", ("tests/shapes.rs", 5)),
        (java.MATRIX, "ShapesTest.multiplies", ("src/test/java/shapes/ShapesTest.java", 10)),
        (c.MATRIX, "test_shapes.c", ("test_shapes.c", 7)),
    ],
    ids=lambda value: getattr(value, "language", None),
)
async def test_a_failure_carries_its_place_and_its_values(
    check: Check, matrix: Matrix, name: str, place: tuple[str, int]
) -> None:
    report = await check(files_of(matrix, "wrong operator"))
    case = next(case for case in report.cases if case.name.endswith(name))
    assert case.outcome is CaseOutcome.FAILED
    assert (case.path, case.line) == place
    assert case.message


async def test_go_code_is_measured_in_lines_and_blocks(check: Check) -> None:
    report = await check(files_of(go.MATRIX, "a module"))
    assert report.coverage is not None
    [measured] = report.coverage.files
    assert measured.path == "shapes.go"
    assert len(measured.missing_lines) == 1
    assert report.coverage.branches_percent is not None
    assert 50 < report.coverage.branches_percent < 100


async def test_several_languages_are_all_run_and_the_worst_verdict_holds(check: Check) -> None:
    files = {
        "go.mod": "module mixed\n\ngo 1.21\n",
        "twice.go": "package mixed\n\nfunc Twice(n int) int { return 2 * n }\n",
        "twice_test.go": (
            'package mixed\n\nimport "testing"\n\n'
            "func TestTwice(t *testing.T) { if Twice(2) != 4 { t.Fatal() } }\n"
        ),
        "test_half.py": "def test_half():\n    assert 4 // 2 == 3\n",
    }
    report = await check(files)
    assert report.languages == ("python", "go")
    assert report.verdict is Verdict.FAILED
    assert (report.passed, report.failed) == (1, 1)
    assert report.runner == "pytest, go test"


async def test_a_missing_tool_is_named_with_how_to_get_it(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x_test.go").write_text("package x\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    report = await run_tests(tmp_path, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "`go` is not installed" in report.reason
    assert "Install Go" in report.reason


async def test_what_is_checked_cannot_reach_the_cache_that_the_next_check_reads(
    check: Check,
) -> None:
    """The run may ruin its own links into the shared cache, and nothing behind them."""
    poison = """
        package poison

        import (
            "io/fs"
            "os"
            "path/filepath"
            "testing"
        )

        func TestPoison(t *testing.T) {
            written := 0
            for _, root := range []string{"/opt/go-library", "/tmp/go-cache", "/opt/go/src"} {
                filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
                    if err != nil || entry.IsDir() {
                        return nil
                    }
                    os.Chmod(path, 0o666)
                    target, _ := filepath.EvalSymlinks(path)
                    file, err := os.OpenFile(target, os.O_WRONLY|os.O_APPEND, 0)
                    if err == nil && target[:9] != "/tmp/go-c" {
                        written++
                        file.Close()
                    }
                    return nil
                })
            }
            if written > 0 {
                t.Fatalf("%d shared files can be written", written)
            }
        }
        """
    report = await check({"go.mod": "module poison\n\ngo 1.21\n", "poison_test.go": poison})
    assert report.verdict is Verdict.PASSED, report.reason


async def test_a_project_with_a_harness_of_its_own_is_one_test(check: Check) -> None:
    report = await check(
        {
            "Cargo.toml": '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n\n'
            '[[test]]\nname = "own"\nharness = false\n',
            "src/lib.rs": "pub fn one() -> i32 { 1 }\n"
            "#[test]\nfn first() { assert_eq!(one(), 1); }\n",
            "tests/own.rs": "fn main() { assert_eq!(own::one(), 1); }\n",
        }
    )
    assert report.verdict is Verdict.PASSED, report.reason
    assert "tests/own.rs: as a whole" in {case.name for case in report.cases}
