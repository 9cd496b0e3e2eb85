"""A command is run as the project's tests are, and only files of the project come out of it."""

from pathlib import Path

import pytest

from quantumlayer.qtest.commands import Command, Done, run_command
from tests.packages.qtest.conftest import MakeProject

SUMS = {"sums.py": "def add(a, b):\n    return a + b\n", "data/list.txt": "one\n"}


async def run(project: Path, cache: Path, line: str, seconds: float = 30.0) -> Done:
    return await run_command(project, Command(line=line, seconds=seconds), cache)


def changes(done: Done) -> dict[str, str | None]:
    return {one.path: None if one.content is None else one.content.decode() for one in done.changed}


async def test_what_it_says_and_how_it_ends(make_project: MakeProject, cache: Path) -> None:
    project = make_project(SUMS)
    good = await run(project, cache, "python -c 'import sums; print(sums.add(1, 2))'")
    assert (good.output, good.ended, good.succeeded) == ("3", "ended with exit status 0", True)
    bad = await run(project, cache, "echo no >&2; exit 3")
    assert (bad.output, bad.ended, bad.succeeded) == ("no", "ended with exit status 3", False)


async def test_files_that_it_changes_makes_and_removes_come_out(
    make_project: MakeProject, cache: Path
) -> None:
    project = make_project(SUMS)
    done = await run(project, cache, "echo two >> data/list.txt; mv sums.py total.py; mkdir a; "
                                     "echo x > a/b.txt")  # fmt: skip
    assert changes(done) == {
        "a/b.txt": "x\n",
        "data/list.txt": "one\ntwo\n",
        "sums.py": None,
        "total.py": SUMS["sums.py"],
    }
    assert (project / "sums.py").is_file()


@pytest.mark.parametrize("line", [
    "mkdir dist; echo x > dist/bundle.js",
    "python -c 'import sums'; mkdir __pycache__ node_modules; echo x > node_modules/a.js",
    "ln -s /etc/passwd leak.txt",
    "mkfifo pipe",
    "echo x > server.log",
], ids=["build", "caches", "a link", "a pipe", "a log"])  # fmt: skip
async def test_what_tools_make_is_left_behind(
    line: str, make_project: MakeProject, cache: Path
) -> None:
    assert changes(await run(make_project(SUMS), cache, line)) == {}


async def test_a_folder_of_the_project_is_its_own_whatever_its_name(
    make_project: MakeProject, cache: Path
) -> None:
    project = make_project({**SUMS, "build/notes.txt": "a\n"})
    assert changes(await run(project, cache, "echo b > build/notes.txt")) == {
        "build/notes.txt": "b\n"
    }


async def test_too_much_is_not_taken_and_said(make_project: MakeProject, cache: Path) -> None:
    project = make_project(SUMS)
    many = await run(project, cache, "for i in $(seq 200); do echo x > f$i.txt; done")
    assert (many.changed, "changed too much" in many.notes[-1]) == ((), True)
    large = await run(project, cache, "head -c 700000 /dev/zero > big.txt; echo x > small.txt")
    assert list(changes(large)) == ["small.txt"]
    assert "big.txt" in large.notes[-1]


async def test_what_does_not_end_is_ended_with_what_it_said(
    make_project: MakeProject, cache: Path
) -> None:
    done = await run(make_project(SUMS), cache, "echo begun; echo x > a.txt; sleep 600", 2.0)
    assert done.ended.startswith("was ended after 2 s")
    assert (done.output, done.changed, done.succeeded) == ("begun", (), False)


async def test_it_has_no_network_and_sees_nothing_of_ours(
    make_project: MakeProject, cache: Path
) -> None:
    done = await run(make_project(SUMS), cache, "ls /root /work 2>&1; env; cat /proc/net/dev")
    assert "QL_" not in done.output
    assert "eth0" not in done.output


async def test_packages_are_there_as_for_tests(make_project: MakeProject, cache: Path) -> None:
    project = make_project({"tests/test_a.py": "def test_a(): assert True\n"})
    done = await run(project, cache, ".venv/bin/pytest -q tests")
    assert done.succeeded, done
    assert "1 passed" in done.output


async def test_what_cannot_be_installed_is_said_and_the_rest_runs(
    make_project: MakeProject, cache: Path
) -> None:
    project = make_project({**SUMS, "pyproject.toml": "[[[\n"})
    done = await run(project, cache, "cat sums.py")
    assert "def add" in done.output
    assert "Nothing of python is installed" in done.notes[0]
