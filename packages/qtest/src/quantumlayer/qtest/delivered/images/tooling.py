"""Running buildah, as root of a user namespace in a sandbox that sees one folder."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.images.settings import FILES, environment
from quantumlayer.qtest.delivered.nesting import enclosed, python_words
from quantumlayer.qtest.delivered.user_range import UserRange
from quantumlayer.qtest.environments.installing import (
    FORWARDER,
    PROXY_PORT,
    PROXY_VARIABLES,
    door_to,
)
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries, is_loopback
from quantumlayer.qtest.sandbox import BubblewrapSandbox, Mount, SandboxResult
from quantumlayer.qtest.sandbox.execution import execute
from quantumlayer.qtest.sandbox.filling import DOOR, hand_over

TIER = "image built by buildah, run by runc"
PROLOGUE = f"exec 2>&1\nmount --bind {FILES} /etc/containers"
# Of buildah's own commands, that it takes before any other word.
TRUSTING = ("--signature-policy", str(FILES / "policy.json"))


@dataclass(frozen=True)
class Tooling:
    """Where buildah works: a sandbox, and the host users that stand for those of images."""

    sandbox: BubblewrapSandbox
    users: UserRange

    async def run(
        self,
        script: str,
        words: Sequence[str] = (),
        *,
        work: Path,
        limits: Limits,
        shown: Sequence[Mount] = (),
        registries: Registries | None = None,
        learns: bool = False,
    ) -> tuple[SandboxResult, frozenset[Endpoint]]:
        """Run a shell script of ours, with `words` for its `$1` and so on, beside a work folder.

        Also whom it asked for and was not let through to. `learns`: it may ask whomever is outside.
        What it says on both streams is in the result's `stdout`. Raises CannotTell where no sandbox
        can be made.
        """
        told = {**environment(), **(PROXY_VARIABLES if registries else {})}
        command = ["/usr/bin/env", *(f"{name}={value}" for name, value in told.items()),
                   "/bin/sh", "-euc", f"{PROLOGUE}\n{script}", "script", *words]  # fmt: skip
        await asyncio.to_thread(self.own, work)
        async with door_to(registries, learns=learns) as door:
            if door is not None:
                mirrors = (str(each) for each in door.registries.named if is_loopback(each))
                command = [*python_words(FORWARDER.name), str(DOOR), str(PROXY_PORT),
                           ",".join(sorted(mirrors)), *command]  # fmt: skip
            try:
                with enclosed(
                    self.sandbox, command, work=work, user=self.users, shown=shown,
                    limits=limits, door=door.socket if door else None,
                ) as launch:  # fmt: skip
                    result = await execute(launch, limits=limits, stdin=b"", tier=TIER)
            except SandboxUnavailable as error:
                raise CannotTell(str(error)) from error
            return result, frozenset(door.refused) if door else frozenset()

    def own(self, work: Path) -> None:
        """Give to root of the images what we wrote, and nothing of what it has made itself."""
        if self.users.mappers:
            return  # it is us
        for name in ("", "storage", "run", "tmp"):
            os.chown(work / name, self.users.owner, self.users.owner)
        for name in ("settings", "context"):
            if (work / name).is_dir():
                hand_over(work / name, self.users.owner)
