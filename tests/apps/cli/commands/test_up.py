"""`quantumlayer up` with every part: the whole platform, as a user starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.processes import ProcessId, is_alive
from quantumlayer.cli.platform.state import PART_NAMES, observe
from tests.support.platform import clean_environment, new_home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAM = [str(Path(sys.executable).with_name("quantumlayer"))]


@pytest.fixture
def home() -> Iterator[Home]:
    with new_home() as home:
        yield home


def environment(home: Home) -> dict[str, str]:
    return {**os.environ, **clean_environment(home)}


def quantumlayer(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments], env=environment(home), capture_output=True, text=True, check=False
    )


def processes(home: Home) -> list[ProcessId]:
    record = observe(home)
    found = [part.process for part in record.parts if part.process]
    return [*found, *([record.supervisor] if record.supervisor else [])]


def test_every_part_comes_up_serves_and_goes_down(home: Home) -> None:
    up = quantumlayer(home, "up")
    assert up.returncode == 0, up.stderr
    assert all(name in up.stdout for name in PART_NAMES)

    status = json.loads(quantumlayer(home, "status", "--json").stdout)
    assert status["state"] == "running"
    assert [part["name"] for part in status["parts"]] == list(PART_NAMES)
    assert all(part["state"] == "running" and part["pid"] for part in status["parts"])
    assert all(part["url"] and part["version"] for part in status["parts"])
    assert status["graphqlUrl"] == f"{status['apiUrl']}/graphql"
    assert httpx.get(f"{status['apiUrl']}/readyz").status_code == 200
    assert httpx.get(status["temporalUrl"]).status_code == 200
    key = {"authorization": f"Bearer {home.gateway_key.read_text()}"}
    models = httpx.get(f"{status['gatewayUrl']}/models", headers=key).json()
    assert [model["id"] for model in models["data"]] == ["builtin"]
    assert f"{status['gatewayUrl']}, with the key in {home.gateway_key}" in up.stdout

    ran = processes(home)
    again = quantumlayer(home, "up")
    assert again.returncode == 0
    assert "QuantumLayer is running" in again.stdout
    assert processes(home) == ran

    assert quantumlayer(home, "down").returncode == 0
    assert not any(is_alive(process) for process in ran)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_foreground_it_shows_the_logs_and_stops_all_when_asked(
    home: Home, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [*PROGRAM, "up", "--foreground"], env=environment(home), stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout is not None
        seen = []
        for line in up.stdout:
            seen.append(line)
            if "Ctrl-C stops it" in line:
                break
        ran = processes(home)
        assert len(ran) == len(PART_NAMES) + 1, "".join(seen)
        up.send_signal(number)
        seen += up.stdout
        assert up.wait() == 0
    text = "".join(seen)
    assert "postgres   | " in text
    assert "supervisor | " in text
    assert not any(is_alive(process) for process in ran)


def test_killed_in_the_foreground_it_takes_the_parts_with_it(home: Home) -> None:
    with subprocess.Popen(
        [*PROGRAM, "up", "--foreground"], env=environment(home), stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout is not None
        assert any("Ctrl-C stops it" in line for line in up.stdout)
        record = observe(home)
        up.kill()
    supervisor = record.supervisor
    assert supervisor is not None
    with subprocess.Popen(["tail", f"--pid={supervisor.pid}", "-f", os.devnull]) as waiting:
        waiting.wait(timeout=60)
    assert not any(part.process and is_alive(part.process) for part in record.parts)
