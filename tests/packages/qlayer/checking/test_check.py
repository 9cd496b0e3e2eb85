"""Checking real projects: what a stranger's folder, archive or file is found to be."""

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.cli.checks.view import lines
from quantumlayer.qlayer.checking import Checker, check_paths
from quantumlayer.qtest import Verdict
from tests.packages.qlayer.checking.conftest import Check, Write

ADD = "def add(a, b):\n    return a + b\n"
TEST = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
NODE_TEST = (
    'import test from "node:test";\nimport assert from "node:assert/strict";\n'
    'import { add } from "./add.js";\ntest("adds", () => assert.equal(add(1, 2), 3));\n'
)
NODE = {
    "package.json": '{"name": "web", "type": "module", "scripts": {"test": "node --test"}}',
    "add.js": "export const add = (a, b) => a + b;\n",
    "add.test.js": NODE_TEST,
}


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{name}": content for name, content in files.items()}


async def test_a_project_that_passes(check: Check) -> None:
    report = await check({"calc.py": ADD, "tests/test_calc.py": TEST})
    assert report.verdict is Verdict.PASSED
    assert report.languages == ("python",)
    assert report.tiers == {"python": "python"}
    assert (report.tests.executed, report.tests.passed) == (1, 1)
    assert report.coverage is not None
    assert report.coverage.lines_percent == 100
    assert report.metrics is not None
    assert report.metrics.functions == 2
    assert report.sandbox.tier.startswith("bubblewrap")
    assert report.syntax == ()
    assert report.mutation is None


async def test_a_test_that_fails_is_named_with_its_message(check: Check) -> None:
    report = await check({"calc.py": ADD.replace("+", "-"), "test_calc.py": TEST})
    assert report.verdict is Verdict.FAILED
    (failure,) = report.tests.failures
    assert (failure.name, failure.path, failure.line) == ("test_add", "test_calc.py", 5)
    assert "assert -1 == 3" in failure.message


async def test_a_source_that_is_not_well_formed_fails_beside_tests_that_pass(check: Check) -> None:
    report = await check({"calc.py": ADD, "test_calc.py": TEST, "other.py": "def f(:\n    pass\n"})
    assert report.verdict is Verdict.FAILED
    assert report.tests.passed == 1
    (problem,) = report.syntax
    assert (problem.path, problem.line, problem.column, problem.tier) == (
        "other.py",
        1,
        7,
        "python",
    )


async def test_findings_are_told_and_fail_nothing(check: Check) -> None:
    weak = "import os\nimport hashlib\n\ndef digest(x):\n    return hashlib.md5(x).hexdigest()\n"
    report = await check({"calc.py": ADD, "weak.py": weak, "test_calc.py": TEST})
    assert report.verdict is Verdict.PASSED
    (weakness,) = [one for one in report.findings if one.path == "weak.py" and one.line == 5]
    assert weakness.rule == "weak-hash"
    assert any(one.fix for one in report.findings)


async def test_what_django_makes_has_no_test_that_could_fail(check: Check) -> None:
    # As `django-admin startproject` leaves it: nothing says that Django is needed.
    manage = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n'
    report = await check({"manage.py": manage, "site/settings.py": "DEBUG = False\n"})
    assert report.verdict is Verdict.NO_TESTS


async def test_no_tests_prove_nothing(check: Check) -> None:
    assert (await check({"calc.py": ADD})).verdict is Verdict.NO_TESTS


async def test_an_empty_folder_proves_nothing(check: Check) -> None:
    report = await check({})
    assert report.verdict is Verdict.NO_TESTS
    assert "no source" in report.reason


async def test_a_hang_ends_within_the_limit(checks: Checker, write: Write) -> None:
    hanging = write({"test_calc.py": "def test_hang():\n    while True:\n        pass\n"})
    brief = Checker(checks.late, checks.cache, seconds=2)
    report = await brief.check(hanging)
    assert report.verdict is Verdict.TIMED_OUT
    assert "wall_seconds" in report.limits_hit
    assert "test_hang" in report.tests.failures[0].name


async def test_a_toolchain_that_is_absent_is_named(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("sh", "bwrap", "prlimit", "setpriv", "cp", "chown", "chmod", "xargs"):
        place = shutil.which(name)
        assert place is not None
        (tmp_path / name).symlink_to(place)
    monkeypatch.setenv("PATH", str(tmp_path))
    report = await check({"go.mod": "module a\n\ngo 1.21\n", "a_test.go": "package a\n"})
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "`go` is not installed" in report.reason


async def test_a_repository_of_two_languages_is_tested_in_its_parts(check: Check) -> None:
    backend = {"backend/requirements.txt": "", "backend/calc.py": ADD}
    report = await check(
        {
            **backend,
            "backend/tests/test_calc.py": TEST,
            **{f"web/{path}": content for path, content in NODE.items()},
            "web/node_modules/evil/evil.test.js": "throw 1;\n",
        }
    )
    assert report.verdict is Verdict.PASSED
    assert report.languages == ("python", "javascript")
    assert report.tests.passed == 2
    assert report.coverage is not None
    assert {file.path for file in report.coverage.files} >= {"backend/calc.py"}


async def test_jsx_is_no_error_and_comments_in_settings_neither(check: Check) -> None:
    report = await check(
        {
            **NODE,
            "src/App.js": "export default function App() { return <b className='x'>hi</b>; }\n",
            "tsconfig.json": '{\n  // strict\n  "strict": true,\n}\n',
        }
    )
    assert report.verdict is Verdict.PASSED
    assert report.syntax == ()


@pytest.mark.parametrize(
    ("name", "content", "tier"),
    [
        ("ok.py", "x = 1\n", "python"),
        ("ok.js", "const x = 1;\n", "node"),
        ("ok.sh", "#!/bin/bash\necho hello\n", "bash"),
        ("ok.c", "int main(void) { return 0; }\n", "gcc"),
        ("ok.go", "package main\n\nfunc main() {}\n", "go"),
    ],
)
async def test_a_clean_file_has_no_tests(name: str, content: str, tier: str, check: Check) -> None:
    report = await check({name: content}, only=name)
    assert report.verdict is Verdict.NO_TESTS
    assert list(report.tiers.values()) == [tier]


@pytest.mark.parametrize(
    ("name", "content", "tier", "line"),
    [
        ("bad.py", "x = 1\nx = (\n", "python", 2),
        ("bad.js", "const x = ;\n", "node", 1),
        ("bad.sh", "#!/bin/bash\nif true; then\n", "bash", 3),
        ("bad.c", "int main(void) {\n    return 0\n}\n", "gcc", 2),
        ("bad.cpp", "int main() { return missing; }\n", "g++", 1),
        ("Bad.java", 'class Bad { int x = "no"; }\n', "javac", 1),
        ("bad.rs", "fn main() { let x: i32 = ; }\n", "rustc", 1),
    ],
)
async def test_a_file_that_does_not_compile_fails(
    name: str, content: str, tier: str, line: int, check: Check
) -> None:
    report = await check({name: content}, only=name)
    assert report.verdict is Verdict.FAILED
    assert {(one.path, one.line, one.tier) for one in report.syntax} == {(name, line, tier)}


async def test_a_file_with_tests_is_tested_whatever_its_name(check: Check) -> None:
    both = f"{ADD}\n\n{TEST.partition('add')[2].lstrip()}"
    report = await check({"sums.py": both}, only="sums.py")
    assert report.verdict is Verdict.PASSED
    assert report.tests.passed == 1


async def test_an_archive_is_checked_like_its_folder(checks: Checker, tmp_path: Path) -> None:
    archive = tmp_path / "repository.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("repository-main/calc.py", ADD)
        packed.writestr("repository-main/tests/test_calc.py", TEST)
    report = await checks.check(archive)
    assert report.verdict is Verdict.PASSED
    assert report.tests.executed == 1


async def test_a_hostile_archive_is_refused(checks: Checker, tmp_path: Path) -> None:
    archive = tmp_path / "evil.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("../escaped.py", "x = 1\n")
    report = await checks.check(archive)
    assert report.verdict is Verdict.FAILED
    assert "leads out of it" in report.reason
    assert not (tmp_path.parent / "escaped.py").exists()


async def test_several_paths_keep_their_order_and_a_broken_one_costs_no_other(
    checks: Checker, tmp_path: Path
) -> None:
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "test_a.py").write_text(
        "import time\n\n\ndef test_a():\n    time.sleep(0.5)\n    assert len('a') == 1\n"
    )
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    (tmp_path / "quick.sh").write_text("echo hello\n")
    paths = [tmp_path / name for name in ("slow", "gone", "broken.zip", "quick.sh")]
    begun: list[str] = []
    reports = [
        report
        async for report in check_paths(
            checks, paths, jobs=3, watch=lambda path, _: begun.append(path.name)
        )
    ]
    assert [report.path for report in reports] == [str(path) for path in paths]
    assert [report.verdict.value for report in reports] == [
        *("passed", "infrastructure_error", "failed", "no_tests")
    ]
    assert sorted(begun) == sorted(2 * [path.name for path in paths])


async def test_what_was_not_heeded_is_told_with_its_folder(check: Check) -> None:
    manifest = (
        '{"name": "web", "type": "module", "scripts": {"test": "node --test"},'
        ' "dependencies": {"own": "file:own"}}'
    )
    web = {
        **NODE,
        "package.json": manifest,
        "package-lock.json": '{"lockfileVersion": 1, "dependencies": {}}',
        "own/package.json": '{"name": "own", "version": "1.0.0"}',
    }
    report = await check({"README.md": "", **below("web", web)})
    assert report.verdict is Verdict.PASSED, report.reason
    told = "web: package-lock.json is of a version without `packages` and was not used."
    assert report.as_json()["notes"] == [told]
    assert f"  note: {told}" in [line.plain for line in lines(report)]
