"""Whatever process dies in the middle of a run, the run ends by itself with the same result."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.stress import Extent, stress
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import observe
from quantumlayer.qlayer.capsule import NOT_REPRODUCIBLE
from tests.support.platform import clean_environment, new_home

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAM = str(Path(sys.executable).with_name("quantumlayer"))
# Of one part, one moment is a sample of all of them.
EVERYTHING = os.environ.get("QL_FAULTS") == "all"
MOMENTS = [("worker", 1.5), ("api", 1.0), ("redis", 1.0)]
MORE = [("worker", 0.4), ("worker", 3.5)]
PROMPT = "Tasks have a title and a status (todo, done). Titles are unique."


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A whole platform of our own."""
    with new_home() as home:
        subprocess.run([PROGRAM, "up"], env=_environment(home), check=True, capture_output=True)
        yield home


@pytest.fixture(scope="module")
def undisturbed(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of the capsule of a run that nothing disturbed."""
    process = _generate(home, tmp_path_factory.mktemp("undisturbed"))
    return _finish(process)


@pytest.mark.parametrize(("part", "moment"), [*MOMENTS, *(MORE if EVERYTHING else [])])
def test_a_part_that_is_killed_in_the_middle_of_a_run_changes_nothing(
    home: Home, tmp_path: Path, undisturbed: dict[str, str], part: str, moment: float
) -> None:
    process = _generate(home, tmp_path)
    time.sleep(moment)

    _kill(home, part)

    assert _finish(process) == undisturbed


def test_everything_that_dies_at_once_changes_nothing(
    home: Home, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    process = _generate(home, tmp_path)
    time.sleep(1.5)

    for part in ("postgres", "redis", "temporal", "api", "worker"):
        _kill(home, part)

    assert _finish(process) == undisturbed


def test_random_deaths_change_nothing_either(home: Home, undisturbed: dict[str, str]) -> None:
    """A small sample of `benchmarks.stress`, whose full extent takes an hour."""
    extent = Extent(runs=2, kills=4, checks=2, at_once=2, pause=(0.5, 2.0))

    result = stress(home, extent, undisturbed=undisturbed)

    assert result.wrong == []
    assert sum(result.killed.values()) == 4


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, **clean_environment(home)}


def _generate(home: Home, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PROGRAM, "generate", PROMPT, "--json", "--output", str(folder)],
        env=_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill(home: Home, name: str) -> None:
    part = next(part for part in observe(home).parts if part.name == name)
    assert part.process is not None
    os.kill(part.process.pid, signal.SIGKILL)


def _finish(process: subprocess.Popen[str]) -> dict[str, str]:
    """Path → sha256 of the reproducible files of the capsule that the process brought."""
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    with zipfile.ZipFile(json.loads(output)["capsule"]) as capsule:
        return {
            name: hashlib.sha256(capsule.read(name)).hexdigest()
            for name in capsule.namelist()
            if name not in NOT_REPRODUCIBLE
        }
