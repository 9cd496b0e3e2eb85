"""Go projects as people lay them out: workspaces, nested modules, tags, replaced modules."""

from collections.abc import Mapping

import pytest

from quantumlayer.qtest import CaseOutcome, TestReport, Verdict
from tests.packages.qtest.conftest import Check

MODULE = "module example.test/{0}\n\ngo 1.21\n"
DOUBLE = "package {0}\n\n// Double doubles.\nfunc Double(n int) int {{ return 2 * n }}\n"
TESTED = (
    'package {0}\n\nimport "testing"\n\n'
    "func TestDouble(t *testing.T) {{\n\tif got := Double(4); got != {1} {{\n"
    '\t\tt.Errorf("Double(4) = %d", got)\n\t}}\n}}\n'
)
USER = """package {0}

import (
	"testing"

	"example.test/core"
)

func TestTwice(t *testing.T) {{
	if got := core.Double(core.Double(2)); got != {1} {{
		t.Errorf("got %d", got)
	}}
}}
"""


def module(name: str, wanted: int = 8) -> dict[str, str]:
    """A module with one test, right when 8 is wanted."""
    return {
        "go.mod": MODULE.format(name),
        f"{name}.go": DOUBLE.format(name),
        f"{name}_test.go": TESTED.format(name, wanted),
    }


def user(name: str, wanted: int, *lines: str) -> dict[str, str]:
    """A module whose test uses `example.test/core`."""
    manifest = f"{MODULE.format(name)}\nrequire example.test/core v0.0.0\n" + "".join(lines)
    return {
        "go.mod": manifest,
        f"{name}.go": f"package {name}\n",
        f"{name}_test.go": USER.format(name, wanted),
    }


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def workspace(wanted: int) -> dict[str, str]:
    """Two modules that only a go.work joins, the second with its own expectation."""
    return {
        "go.work": 'go 1.21\n\nuse (\n\t./core // the library\n\t"./cmd/tool"\n)\n',
        **below("core", module("core")),
        **below("cmd/tool", user("tool", wanted)),
    }


def replaced(wanted: int) -> dict[str, str]:
    """Two modules without go.work; one names the other's folder."""
    line = "replace example.test/core => ../core\n"
    return {**below("core", module("core")), **below("tool", user("tool", wanted, line))}


def nested(wanted: int) -> dict[str, str]:
    """A module within another's folder."""
    return {**module("core"), **below("tools/gen", module("gen", wanted))}


@pytest.mark.parametrize("layout", [workspace, replaced, nested])
async def test_every_module_of_a_project_is_tested(check: Check, layout: object) -> None:
    right: TestReport = await check(layout(8))  # type: ignore[operator]  # a row of the table
    assert right.verdict is Verdict.PASSED, right.reason
    assert right.passed == 2
    assert right.coverage is not None
    assert {entry.path.rpartition("/")[2] for entry in right.coverage.files} >= {"core.go"}


@pytest.mark.parametrize("layout", [workspace, replaced, nested])
async def test_a_wrong_module_fails_its_project(check: Check, layout: object) -> None:
    wrong: TestReport = await check(layout(9))  # type: ignore[operator]  # a row of the table
    assert wrong.verdict is Verdict.FAILED, wrong.reason
    assert (wrong.passed, wrong.failed) == (1, 1)
    [failed] = [case for case in wrong.cases if case.outcome is CaseOutcome.FAILED]
    assert failed.path.endswith("_test.go")
    assert failed.line is not None


async def test_a_workspace_may_replace_a_module_by_a_folder_of_the_project(check: Check) -> None:
    files = {
        "go.work": "go 1.21\nuse ./tool\nreplace example.test/core => ./forks/core\n",
        **below("forks/core", module("core")),
        **below("tool", user("tool", 8)),
    }
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    assert {case.name for case in report.cases} >= {"example.test/tool: TestTwice"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({**module("core"), "go.mod": "module example.test/core\n\ngo 1.99\n"},
         "go.mod:3: Go 1.99 is asked for, and this machine has Go 1."),
        ({**module("core"), "go.mod": MODULE.format("core") + "\ntoolchain go1.99.1\n"},
         "go.mod:5: Go 1.99.1 is asked for, and this machine has Go 1."),
        ({**workspace(8), "go.work": "go 1.98\nuse ./core\nuse ./cmd/tool\n"},
         "go.work:1: Go 1.98 is asked for"),
        (below("a", user("a", 8, "replace example.test/core => ../../core\n")),
         "a/go.mod:6: ../../core lies outside of the project"),
        (user("a", 8, "replace example.test/core => /opt/core\n"),
         "go.mod:6: /opt/core lies outside"),
        (user("a", 8, "replace example.test/core v0.0.0 => ./core\n"),
         "go.mod:6: example.test/core is replaced by ./core, where there is no go.mod"),
        ({**module("core"), "go.work": "go 1.21\nuse ./gone\nuse .\n"},
         "go.work:2: it uses ./gone, where there is no go.mod"),
        ({"core_test.go": USER.format("core_test", 8)},
         "There is no go.mod that says where example.test/core comes from"),
        ({**module("core"), "go.mod": 'module "example.test/core\n\ngo 1.21\n'},
         "go.mod:1: this is no directive"),
    ],
)  # fmt: skip
async def test_what_cannot_be_had_is_said_with_its_line(
    check: Check, files: dict[str, str], reason: str
) -> None:
    report = await check(files)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert reason in report.reason


IGNORED = {
    "_attic/old.go": "package attic; this is no Go\n",
    ".hidden/old_test.go": "neither is this\n",
    "_broken.go": "package core\nfunc (\n",
    ".draft_test.go": "package core\nfunc (\n",
    "testdata/broken.go": "package broken\n\nfunc oops( {\n",
    "integration_test.go": (
        "//go:build integration && !unit\n\npackage core\n\n"
        'import "testing"\n\nfunc TestBank(t *testing.T) { t.Fatal("no bank here") }\n'
    ),
    "core_windows_test.go": "package core\n\nfunc broken( {\n",
    "generate.go": "//go:build ignore\n// +build ignore\n\npackage main\n\nfunc f() { gone() }\n",
}


async def test_what_the_go_command_ignores_says_nothing(check: Check) -> None:
    report = await check({**module("core"), **IGNORED})
    assert report.verdict is Verdict.PASSED, report.reason
    assert {case.name for case in report.cases} == {"example.test/core: TestDouble"}


async def test_a_file_that_fits_the_machine_is_not_ignored(check: Check) -> None:
    broken = "//go:build linux && (amd64 || arm64)\n\npackage core\n\nfunc broken( {\n"
    report = await check({**module("core"), "core_unix.go": broken})
    assert report.verdict is Verdict.FAILED
    assert report.diagnostics[0].path == "core_unix.go"


async def test_tests_behind_a_tag_alone_prove_nothing(check: Check) -> None:
    files = module("core")
    files["core_test.go"] = f"//go:build slow\n\n{files['core_test.go']}"
    report = await check(files)
    assert report.verdict is Verdict.NO_TESTS, report.reason


SUBTESTS = """package core

import "testing"

func TestNames(t *testing.T) {
	for _, name := range []string{"same", "same", "", "", "with / slash", "Größe #1", "a=b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if Double(1) != 2 {
				t.Error(name)
			}
		})
	}
}
"""


async def test_subtests_of_any_name_are_kept_apart(check: Check) -> None:
    report = await check({**module("core"), "names_test.go": SUBTESTS})
    assert report.verdict is Verdict.PASSED, report.reason
    names = [case.name for case in report.cases if "TestNames/" in case.name]
    assert len(set(names)) == len(names) == 7


EMBEDDED = """package core

import (
	"embed"
	"testing"
)

//go:embed all:assets
var all embed.FS

//go:embed assets/.greeting
var greeting string

func TestGreeting(t *testing.T) {
	text, err := all.ReadFile("assets/_partial.txt")
	if err != nil || greeting+string(text) != "hello" {
		t.Fatal(greeting, string(text), err)
	}
}
"""


async def test_hidden_files_that_are_embedded_reach_the_copy(check: Check) -> None:
    files = {"assets/.greeting": "hel", "assets/_partial.txt": "lo", "core_test.go": EMBEDDED}
    report = await check({"go.mod": MODULE.format("core"), "core.go": "package core\n", **files})
    assert report.verdict is Verdict.PASSED, report.reason


def main_with(body: str) -> str:
    """A TestMain."""
    return (
        'package core\n\nimport (\n\t"os"\n\t"runtime"\n\t"testing"\n)\n\n'
        f"var _, _ = os.Args, runtime.GOOS\n\nfunc TestMain(m *testing.M) {{\n{body}\n}}\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        'if runtime.GOOS != "plan9" { os.Exit(0) }; os.Exit(m.Run())',
        'if runtime.GOOS != "plan9" { return }; m.Run()',
        'skip := func() { os.Exit(0) }; if runtime.GOOS != "plan9" { skip() }; m.Run()',
    ],
)
async def test_a_test_main_that_runs_nothing_here_skips_and_lies_about_nothing(
    check: Check, body: str
) -> None:
    skipped = await check({**module("core"), "main_test.go": main_with(body)})
    assert skipped.verdict is Verdict.NO_TESTS, skipped.reason
    assert skipped.skipped == 1
    assert "TestMain" in skipped.cases[0].message


@pytest.mark.parametrize(
    "body",
    [
        "Leave(); os.Exit(m.Run())",
        "go func() { Leave() }(); select {}",
        "m.Run(); os.Exit(1)",
    ],
)
async def test_other_code_that_ends_the_tests_fails_them(check: Check, body: str) -> None:
    leave = 'package core\n\nimport "os"\n\n// Leave leaves.\nfunc Leave() { os.Exit(0) }\n'
    files = {**module("core"), "leave.go": leave, "main_test.go": main_with(body)}
    report = await check(files)
    assert report.verdict is Verdict.FAILED, report.reason


async def test_a_package_that_does_not_build_takes_nothing_from_the_others(check: Check) -> None:
    files = {
        **module("core"),
        "bad/bad.go": "package bad\n\nfunc F() int { return undefined }\n",
        "bad/bad_test.go": 'package bad\n\nimport "testing"\n\nfunc TestF(t *testing.T) { F() }\n',
    }
    report = await check(files)
    assert report.verdict is Verdict.FAILED
    assert report.diagnostics[0].path == "bad/bad.go"
    assert report.passed == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('panic("boom")', "boom"),
        ("os.Exit(0)", "unexpected call to os.Exit(0)"),
        ('var m map[string]int; m["a"] = 1', "assignment to entry in nil map"),
    ],
)
async def test_what_ends_a_program_in_the_middle_is_told_of_its_test(
    check: Check, body: str, message: str
) -> None:
    test = (
        'package core\n\nimport (\n\t"os"\n\t"testing"\n)\n\nvar _ = os.Args\n\n'
        f"func TestBreaks(t *testing.T) {{ {body}; if Double(1) != 2 {{ t.Fatal() }} }}\n"
    )
    report = await check({**module("core"), "breaks_test.go": test})
    assert report.verdict is Verdict.FAILED
    [broken] = [case for case in report.cases if case.name.endswith("TestBreaks")]
    assert message in broken.message
    assert broken.path == "breaks_test.go"


async def test_coverage_counts_files_that_no_test_loads(check: Check) -> None:
    lonely = "package lonely\n\n// F is never run.\nfunc F(n int) int {\n\treturn n\n}\n"
    report = await check({**module("core"), "lonely/lonely.go": lonely, "cmd/main.go":
                          "package main\n\nfunc main() {\n\tprintln(1)\n}\n"})  # fmt: skip
    assert report.coverage is not None
    assert {entry.path: entry.lines_percent for entry in report.coverage.files} == {
        "core.go": 100, "lonely/lonely.go": 0, "cmd/main.go": 0,
    }  # fmt: skip


CGO = """package core

// {0}
import "C"

// Half halves, in C.
func Half(n int) int {{ return int(C.half(C.int(n))) }}
"""
HALF_TEST = (
    'package core\n\nimport "testing"\n\n'
    "func TestHalf(t *testing.T) {{ if Half(4) != {0} {{ t.Fatal(Half(4)) }} }}\n"
)


@pytest.mark.parametrize(
    ("preamble", "verdict", "said"),
    [
        ("static int half(int n) { return n / 2; }", Verdict.PASSED, ""),
        ("static int half(int n) { return n; }", Verdict.FAILED, "TestHalf"),
        ("#include <no/such_header.h>", Verdict.INFRASTRUCTURE_ERROR, "no/such_header.h"),
        ("#cgo LDFLAGS: -lnosuchlibrary\n// extern int half(int n);",
         Verdict.INFRASTRUCTURE_ERROR, "library nosuchlibrary is not on this machine"),
    ],
)  # fmt: skip
async def test_c_is_mixed_in_and_what_the_machine_lacks_is_named(
    check: Check, preamble: str, verdict: Verdict, said: str
) -> None:
    files = {
        "go.mod": MODULE.format("core"),
        "core.go": CGO.format(preamble),
        "core_test.go": HALF_TEST.format(2),
    }
    report = await check(files)
    assert report.verdict is verdict, report.reason
    assert said in report.reason
