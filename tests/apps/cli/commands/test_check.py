"""`quantumlayer check`: a verdict on any project, without a platform."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

PASSING = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "test_calc.py": "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
}
FAILING = {**PASSING, "calc.py": "def add(a, b):\n    return a - b\n"}
HANGING = {"test_hang.py": "def test_hang():\n    while True:\n        pass\n"}


@pytest.fixture
def projects(tmp_path: Path) -> CommandLine:
    """The command in a folder of projects, with no platform anywhere."""
    for name, files in {
        "passing": PASSING,
        "failing": FAILING,
        "hanging": HANGING,
        "untested": {"calc.py": PASSING["calc.py"]},
    }.items():
        (tmp_path / name).mkdir()
        for path, content in files.items():
            (tmp_path / name / path).write_text(content)
    # What is checked must not choose where the tools that judge it come from.
    (tmp_path / ".env").write_text("QL_CACHE_DIR=stolen\nQL_API_PORT=none\n")
    cache = os.environ.get("QL_CACHE_DIR", str(Path.home() / ".cache" / "quantumlayer"))
    return CommandLine(tmp_path, {"QL_HOME": "home", "QL_CACHE_DIR": cache})


async def test_one_path_is_one_object(projects: CommandLine) -> None:
    ended = await projects.run("check", "--json", "passing")
    assert (ended.status, ended.err) == (0, "")
    report = ended.json
    assert set(report) == {
        *(
            "path",
            "verdict",
            "reason",
            "missing",
            "languages",
            "syntax",
            "tiers",
            "findings",
            "tests",
        ),
        *("coverage", "mutation", "delivered", "metrics", "sandbox", "limitsHit", "notes"),
        "elapsedSeconds",
    }
    assert (report["path"], report["verdict"]) == ("passing", "passed")
    assert report["tests"]["executed"] == 1
    assert report["coverage"]["linesPercent"] == 100


async def test_people_read_a_line(projects: CommandLine) -> None:
    ended = await projects.run("check", "passing")
    assert (ended.status, ended.err) == (0, "")
    (line,) = ended.out.splitlines()
    assert line.startswith("✓ passed  passing  python · 1 of 1 tests passed · 100 % of lines")


async def test_a_failure_is_shown_with_its_place(projects: CommandLine) -> None:
    ended = await projects.run("check", "failing")
    assert ended.status == 1
    head, failure = ended.out.splitlines()
    assert head.startswith("✗ failed  failing")
    assert failure.startswith("  test_calc.py:5  test_add: assert -1 == 3")


async def test_several_paths_are_a_list_in_their_order_and_end_with_the_worst(
    projects: CommandLine,
) -> None:
    paths = ("untested", "hanging", "passing", "failing")
    ended = await projects.run("check", "--json", "--jobs", "2", "--timeout", "2", *paths)
    assert ended.status == 4
    assert [(one["path"], one["verdict"]) for one in ended.json] == [
        ("untested", "no_tests"),
        ("hanging", "timed_out"),
        ("passing", "passed"),
        ("failing", "failed"),
    ]


async def test_several_paths_are_summed_up(projects: CommandLine) -> None:
    ended = await projects.run("check", "untested", "passing")
    assert ended.status == 3
    assert ended.out.splitlines()[-1].startswith("2 paths: 1 passed, 1 no_tests")


async def test_what_tests_do_not_notice_is_shown(projects: CommandLine) -> None:
    (projects.folder / "passing" / "calc.py").write_text(
        "def add(a, b):\n    return a + b\n\n\ndef half(a):\n    return a / 2\n"
    )
    ended = await projects.run("check", "--mutation", "--json", "passing")
    assert ended.status == 0
    measured = ended.json["mutation"]
    assert 0 < measured["score"] < 100
    assert {one["line"] for one in measured["survivors"]} == {6}


async def test_without_a_sandbox_nothing_runs(projects: CommandLine, tmp_path: Path) -> None:
    empty = CommandLine(projects.folder, {**projects.environment, "PATH": str(tmp_path / "none")})
    ended = await empty.run("check", "--json", "passing")
    assert (ended.status, ended.err) == (5, "")
    assert "bubblewrap is not installed" in ended.json["reason"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("passing", "gone"),
        ("--jobs", "0", "passing"),
        ("--timeout", "0", "passing"),
        ("--frobnicate", "passing"),
    ],
)
async def test_wrong_usage_ends_before_anything_runs(
    arguments: tuple[str, ...], projects: CommandLine
) -> None:
    ended = await projects.run("check", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "Usage" in ended.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interruption_leaves_no_process(
    number: signal.Signals, projects: CommandLine
) -> None:
    async with projects.started("check", "hanging", "hanging") as process:
        await until(lambda: bool(sandboxed_below(process.pid)))
        below = pids_below(process.pid)
        process.send_signal(number)
        _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 130
    assert err.decode().splitlines() == ["quantumlayer: interrupted; nothing is left running"]
    await until(lambda: not any(map(is_alive, below)))


def pids_below(pid: int) -> list[int]:
    """Every descendant of a process that can be seen at this moment."""
    found, pending = [], [pid]
    while pending:
        for task in Path(f"/proc/{pending.pop()}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                children = [int(word) for word in task.read_text().split()]
                found += children
                pending += children
    return found


def is_alive(pid: int) -> bool:
    """Whether it runs: one that nobody has asked about since its end does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def sandboxed_below(pid: int) -> list[str]:
    """The command lines of its descendants that run tests."""
    found = []
    for child in pids_below(pid):
        with contextlib.suppress(OSError):
            found.append(Path(f"/proc/{child}/cmdline").read_text())
    return [command for command in found if "pytest_session" in command]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens outside, within bounds."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - no event tells of another process
            await asyncio.sleep(0.05)
