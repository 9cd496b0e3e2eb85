"""What programs and people learn about a platform that runs, does not run, or cannot run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quantumlayer.cli.main import main
from quantumlayer.cli.platform import control
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import PART_NAMES
from tests.support.platform import clean_environment, new_home, platform_of


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as home:
        yield home


def run(home: Home, *arguments: str, **settings: str) -> Result:
    environment = {**clean_environment(home), **settings}
    return CliRunner().invoke(main, list(arguments), env=environment)


def doctor(home: Home, **settings: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: a probe of the machine is made once a process."""
    return subprocess.run(
        [sys.executable, "-m", "quantumlayer.cli.main", "doctor"],
        env={**os.environ, **clean_environment(home), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_platform_that_never_ran_is_stopped(home: Home) -> None:
    result = run(home, "status", "--json")
    assert result.exit_code == 0
    status = json.loads(result.output)
    assert (status["state"], status["apiUrl"], status["graphqlUrl"]) == ("stopped", None, None)
    assert [part["name"] for part in status["parts"]] == list(PART_NAMES)
    assert {part["state"] for part in status["parts"]} == {"stopped"}
    assert not home.root.exists()


def test_the_parts_of_the_status_are_those_of_the_platform(home: Home) -> None:
    home.create()
    assert tuple(part.name for part in platform_of(home).parts) == PART_NAMES


def test_a_running_part_has_pid_url_and_version_and_no_password(home: Home) -> None:
    control.start(home, environment=clean_environment(home), parts=["redis"], companion=os.getpid())
    password = (home.secrets / "redis-password").read_text()
    status = json.loads(run(home, "status", "--json").output)
    [redis] = status["parts"]
    assert status["state"] == redis["state"] == "running"
    assert redis["pid"] > 0
    assert redis["url"] == f"redis://127.0.0.1:{platform_of(home).ports['redis']}/0"
    assert redis["version"].count(".") == 2
    assert password not in run(home, "status").output


def test_down_says_whether_anything_ran(home: Home) -> None:
    assert run(home, "down").output == "QuantumLayer was not running\n"
    control.start(home, environment=clean_environment(home), parts=["redis"], companion=os.getpid())
    stopped = run(home, "down")
    assert stopped.exit_code == 0
    assert stopped.output.endswith("QuantumLayer is stopped\n")


def test_up_without_its_database_is_one_line_that_says_what_to_do(home: Home) -> None:
    result = run(
        home,
        "up",
        QL_POSTGRES_URL="postgresql://admin:secret@127.0.0.1:1/postgres",
        QL_TEMPORAL_ADDRESS="127.0.0.1:1",
        QL_REDIS_URL="redis://127.0.0.1:1/0",
    )
    assert result.exit_code == 5
    [line] = result.stderr.splitlines()
    assert "127.0.0.1:1" in line
    assert "start that server or change QL_" in line
    assert "secret" not in line


def test_doctor_names_every_need(home: Home) -> None:
    report = json.loads(run(home, "doctor", "--json").output)
    names = [need["name"] for need in report["needs"]]
    assert names == [
        "python", "node", "bubblewrap", "model", "postgres", "redis", "go", "temporal", "disk",
        "chromium", "gateway",
    ]  # fmt: skip
    assert all(need["advice"] for need in report["needs"] if not need["ok"])
    missing = [need for need in report["needs"] if need["essential"] and not need["ok"]]
    assert report["ok"] == (not missing)


def test_doctor_on_a_bare_machine_says_how_to_get_each_thing(home: Home, tmp_path: Path) -> None:
    result = doctor(home, PATH=str(tmp_path), QL_CACHE_DIR=str(tmp_path))
    assert result.returncode == 5
    assert "apt-get install bubblewrap" in result.stdout
    assert "Missing: node, bubblewrap, temporal." in result.stdout


def test_a_bubblewrap_that_may_not_isolate_counts_as_missing(home: Home, tmp_path: Path) -> None:
    program(tmp_path / "bwrap", "echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
    result = doctor(home, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert result.returncode == 5
    assert "No permissions to create new namespace" in result.stdout
    assert result.stdout.endswith("Missing: bubblewrap.\n")


def test_an_old_node_counts_as_missing(home: Home, tmp_path: Path) -> None:
    program(tmp_path / "node", "echo v18.19.0")
    result = run(home, "doctor", "--json", PATH=str(tmp_path))
    node = next(need for need in json.loads(result.output)["needs"] if need["name"] == "node")
    assert not node["ok"]
    assert "Node.js 20" in node["advice"]
