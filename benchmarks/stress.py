"""Runs and checks on a loaded machine, while parts of the platform are killed at random.

    python -m benchmarks.stress --runs 50 --kills 150 --checks 500

Nothing may end as `infrastructure_error` or `timed_out`, every run must have the files of one that
nothing disturbed, and every check its known verdict. Kills only what its own platform started,
and leaves no process; the seed makes the same choices again.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Figure, report
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.state import observe
from quantumlayer.qlayer.capsule import NOT_REPRODUCIBLE
from tests.support.platform import clean_environment, new_home

PROGRAM = str(Path(sys.executable).with_name("quantumlayer"))
PROMPT = "Tasks have a title and a status (todo, done). Titles are unique."
# How often each part dies, compared with the others.
WEIGHTS = {"worker": 8, "postgres": 7, "redis": 7, "api": 5, "temporal": 3}
ONE_RUN_SECONDS = 1800
ONE_CHECK_SECONDS = 300
_PASSES = "def test_it():\n    assert sorted([2, 1]) == [1, 2]\n"
PROJECTS: dict[str, tuple[str, dict[str, str]]] = {
    "passes": ("passed", {"test_it.py": _PASSES}),
    "fails": ("failed", {"test_it.py": _PASSES.replace("[1, 2]", "[2, 1]", 2)}),
    "nothing": ("no_tests", {"it.py": "X = 1\n"}),
    "script": (
        "passed",
        {
            "package.json": '{"type": "module"}\n',
            "it.test.js": "import { test } from 'node:test';\nimport assert from 'node:assert';\n"
            "test('it', () => assert.equal(1 + 1, 2));\n",
        },
    ),
}


@dataclass(frozen=True)
class Extent:
    """How much is done: `load` processes do nothing but compute, `at_once` runs go side by side."""

    runs: int
    kills: int
    checks: int = 0
    at_once: int = 3
    load: int = 0
    seed: int = 1
    pause: tuple[float, float] = (2.0, 8.0)
    """Seconds between two kills, at least and at most."""


@dataclass
class Result:
    """What ended how; `wrong` says in a sentence each what must not have happened."""

    ended: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def stress(
    home: Home, extent: Extent, say: Callable[[str], None] = lambda _sentence: None
) -> Result:
    """Does all of it on the running platform of `home`."""
    result, started = Result(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ql-stress-") as folder, _load(extent.load):
        undisturbed = run_files(home, Path(folder) / "undisturbed")
        if isinstance(undisturbed, str):
            result.wrong.append(f"the undisturbed run: {undisturbed}")
            return result
        runs_left = threading.Event()
        killer = threading.Thread(target=_kill_parts, args=(home, extent, result, runs_left, say))
        killer.start()
        try:
            with ThreadPoolExecutor(extent.at_once) as pool:

                def one_run(number: int) -> None:
                    found = run_files(home, Path(folder) / str(number))
                    verdict = "same files" if found == undisturbed else "different"
                    result.ended[f"run: {verdict}"] += 1
                    say(f"run {number}: {verdict}")
                    if found != undisturbed:
                        told = found if isinstance(found, str) else _difference(undisturbed, found)
                        result.wrong.append(f"run {number}: {told}")
                        say(told)

                def one_check(number: int) -> None:
                    problem = _checked(home, Path(folder), number)
                    result.ended["check: " + ("wrong" if problem else "right")] += 1
                    if problem:
                        result.wrong.append(f"check {number}: {problem}")

                work = [(one_run, number) for number in range(extent.runs)]
                work += [(one_check, number) for number in range(extent.checks)]
                random.Random(extent.seed).shuffle(work)  # noqa: S311 - an order, no secret
                try:
                    list(pool.map(lambda each: each[0](each[1]), work))
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
                # Kills that are left fall into runs of their own: none may fall on a quiet house.
                while killer.is_alive():
                    one_run(sum(result.ended.values()))
        finally:
            runs_left.set()
            killer.join()
    result.seconds = time.monotonic() - started
    return result


def run_files(home: Home, folder: Path) -> dict[str, str] | str:
    """Path → sha256 of the reproducible files of one run's capsule, or why there are none."""
    command = [PROGRAM, "generate", PROMPT, "--json", "--output", str(folder)]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **clean_environment(home)},
            capture_output=True,
            text=True,
            timeout=ONE_RUN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end within {ONE_RUN_SECONDS} s"
    if done.returncode != 0:
        return f"status {done.returncode}: {done.stdout.strip()} {done.stderr.strip()[-800:]}"
    with zipfile.ZipFile(json.loads(done.stdout)["capsule"]) as capsule:
        return {
            name: hashlib.sha256(capsule.read(name)).hexdigest()
            for name in capsule.namelist()
            if name not in NOT_REPRODUCIBLE
        }


def _difference(expected: dict[str, str], found: dict[str, str]) -> str:
    differing = [path for path in expected | found if expected.get(path) != found.get(path)]
    return f"other files: {', '.join(sorted(differing)[:10])}"


def _checked(home: Home, folder: Path, number: int) -> str | None:
    """What is wrong with the verdict on one of the known projects."""
    name = sorted(PROJECTS)[number % len(PROJECTS)]
    verdict, files = PROJECTS[name]
    project = folder / f"project-{number}"
    project.mkdir()
    for path, text in files.items():
        (project / path).write_text(text)
    done = subprocess.run(
        [PROGRAM, "check", str(project), "--json"],
        env={**os.environ, **clean_environment(home)},
        capture_output=True,
        text=True,
        timeout=ONE_CHECK_SECONDS,
        check=False,
    )
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return f"{name}: no report: {done.stdout[-300:]} {done.stderr[-300:]}"
    if told["verdict"] == verdict:
        return None
    return f"{name}: {told['verdict']} instead of {verdict}: {told['reason']}"


def _kill_parts(
    home: Home, extent: Extent, result: Result, stop: threading.Event, say: Callable[[str], None]
) -> None:
    chance = random.Random(extent.seed)  # noqa: S311 - as above
    while (made := sum(result.killed.values())) < extent.kills:
        if stop.wait(chance.uniform(*extent.pause)):
            return
        if made >= _due(extent, result):
            continue
        name = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        part = next(part for part in observe(home).parts if part.name == name)
        # One that is down at the moment is as dead as it gets: another will be hit.
        if part.process is None:
            continue
        with contextlib.suppress(ProcessLookupError):
            os.kill(part.process.pid, signal.SIGKILL)
            result.killed[name] += 1
            say(f"killed {name}")


def _due(extent: Extent, result: Result) -> float:
    """How many kills so far: they keep step with the runs, so that none of those is spared."""
    ended = sum(count for what, count in result.ended.items() if what.startswith("run:"))
    return extent.kills * (ended + extent.at_once) / max(1, extent.runs)


@contextlib.contextmanager
def _load(processes: int) -> Iterator[None]:
    """Processes that compute for nothing, as other people's work on the same machine does."""
    until_orphaned = "import os; us = os.getppid()\nwhile os.getppid() == us: sum(range(10_000))"
    busy = [sys.executable, "-c", until_orphaned]
    started = [subprocess.Popen(busy) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def main() -> int:
    """0 when nothing went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stress")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--checks", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--load", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    extent = Extent(**vars(parser.parse_args()))
    # Both ways to ask for an end leave no process behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with new_home() as home:
        environment = {**os.environ, **clean_environment(home)}
        subprocess.run([PROGRAM, "up"], env=environment, check=True, capture_output=True)
        result = stress(home, extent, lambda sentence: print(sentence, flush=True))
    for sentence in result.wrong:
        print(sentence)
    report(
        "stress",
        [
            *(Figure(name, count, "") for name, count in sorted(result.ended.items())),
            *(Figure(f"killed {name}", n, "") for name, n in sorted(result.killed.items())),
            Figure("ended wrongly", len(result.wrong), "", aim=0),
            Figure("time", result.seconds, "s"),
        ],
    )
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
