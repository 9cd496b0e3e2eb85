"""A starter of a stack under a project's name: its own commands, its verdict, its delivery.

`python -m tests.support.starters NAME…` prints how long each step takes.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.manifests import FilesOnDisk
from quantumlayer.processes import Group, child_environment
from quantumlayer.qlayer.browser_tests import browser_tests_of
from quantumlayer.qlayer.checking import CheckReport, checker
from quantumlayer.qlayer.deliveries import type_check_by
from quantumlayer.qlayer.stacks import Builds, Stack, named, stack
from quantumlayer.qtest.delivered import Climb, Delivery, Exchange, Volume, climb, emulating_starter

WITH_PAGES = (Builds.PAGE, Builds.FULL_STACK)
PROJECT = "night-orders"
OWN_STEPS = ("install", "fix", "format", "lint", "type_check", "build", "test")
STEP_SECONDS = 600
# What tools are told of this machine: where registries are, and how to reach them.
ENVIRONMENT = (
    Group.BASE, Group.TOOLCHAINS, Group.PROXIES, Group.TRUST, Group.PYTHON_REGISTRY,
    Group.NPM_REGISTRY, Group.GO_REGISTRY, Group.RUST_REGISTRY,
)  # fmt: skip


@dataclass
class Trial:
    """One starter, written into a folder; `seconds` of each step that was done."""

    stack: Stack
    folder: Path
    cache: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def written(self) -> dict[str, str]:
        """What stands in the files of the starter now."""
        return {one.path: (self.folder / one.path).read_text() for one in self.stack.starter}

    def run(self, step: str) -> None:
        """Do one of the stack's own steps. Fails with what it said."""
        begun = time.monotonic()
        for command in getattr(self.stack.commands, step):
            done = subprocess.run(
                command, cwd=self.folder, capture_output=True, text=True, timeout=STEP_SECONDS,
                env=child_environment(*ENVIRONMENT), check=False,
            )  # fmt: skip
            said = (done.stdout + done.stderr)[-4000:]
            assert done.returncode == 0, f"{self.stack.name}: {' '.join(command)}\n{said}"
        self.seconds[step] = time.monotonic() - begun

    async def checked(self) -> CheckReport:
        """What `quantumlayer check` says of it, as somebody gets it: nothing is installed."""
        begun = time.monotonic()
        async with checker(cache=self.cache, seconds=STEP_SECONDS) as checks:
            report = await checks.check(self.folder)
        self.seconds["check"] = time.monotonic() - begun
        return report

    async def built(self) -> None:
        """Build its image. Raises BuildBroken, CannotTell and NotUnderstood."""
        begun = time.monotonic()
        delivery = delivery_of(self.stack, self.folder)
        async with emulating_starter(self.cache).build(delivery):
            self.seconds["image"] = time.monotonic() - begun

    async def climbed(self) -> Climb:
        """What is found out of it as it is delivered."""
        begun = time.monotonic()
        done = await climb(delivery_of(self.stack, self.folder), emulating_starter(self.cache))
        self.seconds["climb"] = time.monotonic() - begun
        return done


def begun(one: Stack, folder: Path, cache: Path) -> Trial:
    """Write the starter of a stack under another name."""
    project = named(one, PROJECT)
    for file in project.starter:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    return Trial(project, folder, cache)


def delivery_of(one: Stack, folder: Path) -> Delivery:
    """What the stack promises of it."""
    promised = one.delivery
    assert promised is not None, f"{one.name} delivers nothing that runs"
    written = one.example.exchange if one.example else None
    return Delivery(
        folder=folder,
        user=promised.user,
        port=promised.port,
        probes=tuple(path for path in (promised.live, promised.ready) if path),
        read_only=promised.read_only,
        temporary=promised.writable,
        volumes=(Volume(path=promised.data),) if promised.data else (),
        exchanges=(Exchange(path=written.write, body=dict(written.body), read_path=written.read,
                            expects=written.expects),) if written else (),
        contract=promised.contract or "",
        types=type_check_by(one),
        browser_tests=browser_tests_of(FilesOnDisk(folder), (one,)),
        pages=("/",) if one.builds in WITH_PAGES else (),
        instances=promised.instances,
    )  # fmt: skip


def tried(names: list[str], cache: Path, say: Callable[[str], None]) -> None:
    """Do everything with stacks and say what came of it."""
    for name in names:
        with tempfile.TemporaryDirectory(prefix="ql-starter-") as place:
            trial = begun(stack(name), Path(place), cache)
            report = asyncio.run(trial.checked())
            say(f"{name}: {report.verdict} {report.reason} {report.tests}")
            if trial.stack.delivery and not trial.stack.delivery.port:
                asyncio.run(trial.built())
            elif trial.stack.delivery:
                result = asyncio.run(trial.climbed())
                rungs = " ".join(f"{one.rung} {one.seconds:.1f}" for one in result.rungs)
                say(f"  {result.first_wrong or 'every rung holds'} {result.notes} {rungs}")
            for step in OWN_STEPS:
                trial.run(step)
            changed = [one.path for one in trial.stack.starter
                       if trial.written()[one.path] != one.text]  # fmt: skip
        times = " ".join(f"{step} {spent:.1f}" for step, spent in trial.seconds.items())
        say(f"  changed by tools: {changed}\n  {times}")


if __name__ == "__main__":
    tried(sys.argv[1:], Path.home() / ".cache" / "quantumlayer", print)
