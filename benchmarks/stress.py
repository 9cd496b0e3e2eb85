"""Runs and checks on a loaded machine, while parts of the platform are killed at random.

    python -m benchmarks.stress --runs 50 --kills 150 --checks 500

Nothing may end as `infrastructure_error` or `timed_out`, every run must have the files of one that
nothing disturbed, and every check its known verdict. Kills only what its own platform started,
and leaves no process; the seed makes the same choices again.
"""

import argparse
import contextlib
import hashlib
import itertools
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
from collections.abc import Callable, Iterable, Iterator
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
# As long as a run may take by its own limits.
ONE_COMMAND_SECONDS = 1800
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
    """How much is done: `at_once` runs go side by side, and as many checks beside them.

    `load` processes do nothing but compute.
    """

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
    home: Home,
    extent: Extent,
    say: Callable[[str], None] = lambda _sentence: None,
    undisturbed: dict[str, str] | None = None,
) -> Result:
    """Does all of it on the running platform of `home`; interrupted, what came of it so far.

    `undisturbed` is path → sha256 of a run's reproducible files; without it one is made first.
    """
    with tempfile.TemporaryDirectory(prefix="ql-stress-") as folder, _load(extent.load):
        return _Stress(home, extent, Path(folder), say).all_of_it(undisturbed)


class _Stress:
    def __init__(
        self, home: Home, extent: Extent, folder: Path, say: Callable[[str], None]
    ) -> None:
        self.extent = extent
        self.result = Result()
        self._home = home
        self._environment = {**os.environ, **clean_environment(home)}
        self._folder = folder
        self._say = say
        self._stop = threading.Event()
        self._undisturbed: dict[str, str] | str = {}

    def all_of_it(self, undisturbed: dict[str, str] | None) -> Result:
        started = time.monotonic()
        self._undisturbed = undisturbed or self._run_files("undisturbed")
        if isinstance(self._undisturbed, str):
            self.result.wrong.append(f"the undisturbed run: {self._undisturbed}")
            return self.result
        killer = threading.Thread(target=self._kill_parts)
        # Kills that are left fall into runs of their own: none may fall on a quiet house.
        runs = itertools.takewhile(
            lambda number: number < self.extent.runs or killer.is_alive(), itertools.count()
        )
        lanes = [(self._one_run, _shared(runs))] * self.extent.at_once
        lanes += [(self._one_check, _shared(range(self.extent.checks)))] * self.extent.at_once
        threads = [threading.Thread(target=self._lane, args=lane) for lane in lanes]
        try:
            for thread in (killer, *threads):
                thread.start()
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            self.result.wrong.append("it was interrupted")
        finally:
            self._stop.set()
            for thread in (killer, *threads):
                thread.join()
        self.result.seconds = time.monotonic() - started
        return self.result

    def _lane(self, one: Callable[[int], None], numbers: Iterator[int]) -> None:
        for number in numbers:
            one(number)
            if self._stop.is_set():
                return

    def _one_run(self, number: int) -> None:
        found = self._run_files(str(number))
        if found == self._undisturbed:
            return self._ended(f"run {number}", None)
        told = found if isinstance(found, str) else _difference(self._undisturbed, found)
        return self._ended(f"run {number}", told)

    def _one_check(self, number: int) -> None:
        self._ended(f"check {number}", self._wrong_verdict(number))

    def _ended(self, what: str, problem: str | None) -> None:
        if self._stop.is_set():
            return
        kind = what.partition(" ")[0]
        self.result.ended[f"{kind}: {'wrong' if problem else 'right'}"] += 1
        self._say(f"{what}: {problem or 'right'}")
        if problem:
            self.result.wrong.append(f"{what}: {problem}")

    def _run_files(self, name: str) -> dict[str, str] | str:
        """Path → sha256 of the reproducible files of one run's capsule, or why there are none."""
        done = self._command("generate", PROMPT, "--json", "--output", str(self._folder / name))
        if done.returncode != 0:
            return f"status {done.returncode}: {done.stdout.strip()} {done.stderr.strip()[-800:]}"
        with zipfile.ZipFile(json.loads(done.stdout)["capsule"]) as capsule:
            return {
                name: hashlib.sha256(capsule.read(name)).hexdigest()
                for name in capsule.namelist()
                if name not in NOT_REPRODUCIBLE
            }

    def _wrong_verdict(self, number: int) -> str | None:
        """What is wrong with the verdict on one of the known projects."""
        name = sorted(PROJECTS)[number % len(PROJECTS)]
        verdict, files = PROJECTS[name]
        project = self._folder / f"project-{number}"
        project.mkdir()
        for path, text in files.items():
            (project / path).write_text(text)
        done = self._command("check", str(project), "--json")
        try:
            told = json.loads(done.stdout)
        except ValueError:
            return f"{name}: no report: {done.stdout[-300:]} {done.stderr[-300:]}"
        if told["verdict"] == verdict:
            return None
        return f"{name}: {told['verdict']} instead of {verdict}: {told['reason']}"

    def _command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """How the command ended, by itself, by its time or by the end of all."""
        with subprocess.Popen(
            [PROGRAM, *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            ends = time.monotonic() + ONE_COMMAND_SECONDS
            while True:
                try:
                    out, err = process.communicate(timeout=1)
                except subprocess.TimeoutExpired:
                    if self._stop.is_set() or time.monotonic() > ends:
                        process.kill()
                else:
                    return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def _kill_parts(self) -> None:
        chance = random.Random(self.extent.seed)  # noqa: S311 - a choice, no secret
        killed = self.result.killed
        while (made := sum(killed.values())) < self.extent.kills:
            if self._stop.wait(chance.uniform(*self.extent.pause)):
                return
            name = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            part = next(part for part in observe(self._home).parts if part.name == name)
            # One that is down at the moment is as dead as it gets: another will be hit.
            if part.process is None or made >= self._kills_due():
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(part.process.pid, signal.SIGKILL)
                killed[name] += 1
                self._say(f"killed {name}")

    def _kills_due(self) -> float:
        """How many so far: they keep step with the runs, so that none of those is spared."""
        ended = self.result.ended["run: right"] + self.result.ended["run: wrong"]
        return self.extent.kills * (ended + self.extent.at_once) / max(1, self.extent.runs)


def _difference(expected: dict[str, str] | str, found: dict[str, str]) -> str:
    expected = expected if isinstance(expected, dict) else {}
    differing = [path for path in expected | found if expected.get(path) != found.get(path)]
    return f"other files: {', '.join(sorted(differing)[:10])}"


def _shared(numbers: Iterable[int]) -> Iterator[int]:
    """The numbers, each for one thread alone."""
    lock, source = threading.Lock(), iter(numbers)

    def take() -> int | None:
        with lock:
            return next(source, None)

    return iter(take, None)


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
