"""What a project plants where the host reads: pipes, links out, folders, files without end."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quantumlayer.manifests import (
    FilesOnDisk,
    NotUnderstood,
    cargo_roots,
    go_roots,
    java_encodings,
)
from quantumlayer.manifests.java.poms import poms
from quantumlayer.qtest import Limits, Sandbox, detect_languages, run_tests
from quantumlayer.qtest.environments.go import module_files
from quantumlayer.qtest.environments.javascript import installation_of
from quantumlayer.qtest.environments.python_project import needs_of
from quantumlayer.qtest.environments.rust import manifests_and_sources
from quantumlayer.qtest.errors import DependencyError
from quantumlayer.qtest.runners.javascript_trials import trials
from quantumlayer.qtest.runners.pytest_options import kept_options
from quantumlayer.qtest.runners.readable import printable, readable
from quantumlayer.qtest.runners.sources import source_files
from quantumlayer.qtest.untrusted import text_of

SECRET = "secret-of-the-host"
READ = (
    "package.json", "package-lock.json", "tsconfig.json", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", "pytest.ini", "tox.ini", "setup.cfg", "go.mod", "go.sum", "main.go",
    "pom.xml", "build.gradle", "build.gradle.kts", "Cargo.toml", "Cargo.lock", "lib.rs",
    "Makefile", "CMakeLists.txt", "shapes.c", "test_it.py", "Test.java",
)  # fmt: skip


def pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def link(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def folder(path: Path, _: Path) -> None:
    path.mkdir()


def endless(path: Path, _: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 40)


Plant = Callable[[Path, Path], None]


def readers(project: Path) -> list[object]:
    """Everything that the host itself reads of a project."""
    found: list[object] = [
        detect_languages(project), module_files(project), poms(FilesOnDisk(project)),
        java_encodings(FilesOnDisk(project)),
        manifests_and_sources(project), kept_options(project),
        list(source_files(project, (".go", ".rs", ".java", ".c"))),
    ]  # fmt: skip
    for read in (needs_of, trials, installation_of):
        try:
            found.append(read(project))
        except DependencyError as error:
            found.append(str(error))
    for roots in (go_roots, cargo_roots):
        try:
            found.append(roots(FilesOnDisk(project)))
        except NotUnderstood as error:
            found.append(str(error))
    return found


@pytest.mark.parametrize("plant", [pipe, link, folder, endless], ids=lambda plant: plant.__name__)
def test_reading_neither_waits_nor_follows_nor_swallows(plant: Plant, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text(f'module {SECRET}\n{{"{SECRET}": 1}}\n[dependencies]\n{SECRET} = "1"\n')
    project = tmp_path / "project"
    project.mkdir()
    for name in READ:
        plant(project / name, outside)
    assert SECRET not in repr(readers(project))


@pytest.mark.parametrize("plant", [pipe, link, folder], ids=lambda plant: plant.__name__)
async def test_a_check_of_such_a_project_comes_to_its_end(
    plant: Plant, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    outside = tmp_path / "outside"
    outside.write_text(SECRET)
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_it.py").write_text("def test_it(): assert 1 + 1 == 2\n")
    for name in ("pytest.ini", "pyproject.toml", "setup.cfg", "conftest.py", "requirements.txt"):
        plant(project / name, outside)
    report = await run_tests(
        project, cache=cache, limits=Limits(wall_seconds=20), sandbox=sandbox, language="python"
    )
    assert SECRET not in report.model_dump_json()


async def test_what_tests_plant_for_the_host_is_never_followed(
    tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    outside = tmp_path / "outside"
    outside.write_text(SECRET)
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_it.py").write_text(
        "import os\n"
        "def test_it():\n"
        "    for name in ('coverage.json', 'report.xml', '.coverage', '.coverage-report.json'):\n"
        f"        os.symlink({str(outside)!r}, f'/tmp/{{name}}')\n"
        f"        os.symlink({str(outside)!r}, name)\n"
        "    os.mkfifo('/tmp/pipe')\n"
        "    assert os.path.islink(name)\n"
    )
    report = await run_tests(project, cache=cache, sandbox=sandbox)
    assert (report.verdict, outside.read_text()) == ("passed", SECRET)
    assert SECRET not in report.model_dump_json()


def test_a_file_has_its_text_and_a_largest_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbftext\xff")
    assert text_of(tmp_path / "a") == "text\ufffd"
    assert text_of(tmp_path / "a", largest=3) is None
    assert text_of(tmp_path / "missing") is None


@pytest.mark.parametrize(
    "content",
    [
        "\x1b[31mred\x1b[0m", "\x1b]0;title\x07red", "\x1b]52;c;aGk=\x1b\\red", "\x9b31mred"[3:],
        "r\re\bd\x07", "\x1b[2J\x1b[Hred", "\x1bPred"[2:], "\u202ered\u2066",
    ],
)  # fmt: skip
def test_what_a_program_prints_does_nothing_to_a_terminal(content: str) -> None:
    cleaned = printable(content)
    assert cleaned.isprintable()
    assert cleaned.endswith("red")
    assert readable(f"a\tb\n{content}").startswith("a\tb\n")


async def test_names_of_tests_may_be_printed(tmp_path: Path, cache: Path, sandbox: Sandbox) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "a.test.mjs").write_text(
        "import test from 'node:test';\n"
        "test('\\u001b]0;owned\\u0007red \\u001b[31m', () => { throw new Error('\\u001b[2J'); });\n"
    )
    report = await run_tests(tmp_path, cache=cache, sandbox=sandbox)
    assert "red" in report.cases[0].name
    for text in (report.cases[0].name, report.reason, report.cases[0].message):
        assert "\x1b" not in text
