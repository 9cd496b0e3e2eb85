"""The workshop of a build: one work folder, and the sandboxes in which its steps are done."""

import asyncio
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.delivered.base import Base
from quantumlayer.qtest.delivered.build_access import BuildAccess, access_for
from quantumlayer.qtest.delivered.compiled_bases import GO_ROOT
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell, check_set_up
from quantumlayer.qtest.delivered.go_cache import compiled_library, copy_cache, varieties
from quantumlayer.qtest.delivered.image import Given, Image
from quantumlayer.qtest.delivered.nesting import (
    FILTER,
    SHOWN,
    WORK,
    Bind,
    Container,
    container_words,
    enclosed,
    filtered,
    module_words,
    python_words,
)
from quantumlayer.qtest.delivered.seeds import GO_CACHE, LEDGER, OURS, PROGRAMS, SHIMS
from quantumlayer.qtest.environments.installing import (
    FORWARDER,
    PROXY_PORT,
    door_to,
    trust_mounts,
)
from quantumlayer.qtest.errors import DependencyError, ToolMissing
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.registries.endpoints import is_loopback
from quantumlayer.qtest.runners.payloads import PAYLOAD_FOLDER
from quantumlayer.qtest.sandbox import BubblewrapSandbox, Mount, SandboxResult
from quantumlayer.qtest.sandbox.execution import execute
from quantumlayer.qtest.sandbox.filling import DOOR, hand_over
from quantumlayer.qtest.sandbox.host import base_interpreter, covered, interpreter_mounts

SHIMMED = ("chown", "chgrp", "install", "useradd", "adduser", "groupadd", "addgroup")
LONGEST_EVIDENCE = 4000
LARGEST_LEDGER = 1024 * 1024
# The network, or another version than the image's: nothing is known of the project then.
NOT_ITS_FAULT = re.compile(
    r"ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|[Cc]ould not resolve|"
    r"Temporary failure in name resolution|Network is unreachable|502 Bad Gateway|403 Forbidden|"
    r"Max retries exceeded|i/o timeout|requires a different Python|requires go >=|"
    r"no package registry here|-m', 'ensurepip'|No module named (?:pip|ensurepip)|"
    r"Read-only file system: '/usr/lib|UnknownHostException|Could not transfer artifact|"
    r"release version \d+ not supported|invalid (?:target|source) release|UnsupportedClassVersion|"
    r"requires rustc \d|is not supported by the following package|"
    r"rustup: (?:command )?not found|target may not be installed|"
    r"this version of Cargo (?:does not understand|is older)|requires the Cargo feature"
)
NO_LIBRARY = "go-cache"  # shared by steps that compile nothing of Go's
HOSTS = "127.0.0.1 localhost\n::1 localhost\n127.0.0.2 container\n"


class Workshop:
    """A folder in which an image is made, by a host user of its own where that can be."""

    def __init__(
        self, sandbox: BubblewrapSandbox, work: Path, user: int | None, limits: Limits, cache: Path
    ) -> None:
        self.sandbox = sandbox
        self.work = work
        self.user = user
        self.limits = limits
        self.cache = cache
        (work / "roots").mkdir()
        (work / "hosts").write_text(HOSTS)
        (work / "ledger").touch()
        (work / "shims").mkdir()
        (work / FILTER).write_bytes(sandbox.program or b"")
        (work / NO_LIBRARY).mkdir()
        self.filters = sandbox.program is not None
        shim = (PAYLOAD_FOLDER / "image_shims.py").read_text()
        for name in SHIMMED:
            (work / "shims" / name).write_text(f"#!{shims_interpreter()} -IS\n{shim}")
            (work / "shims" / name).chmod(0o755)

    def own(self, path: Path) -> None:
        """Give what we wrote to the user of the sandbox."""
        if self.user is not None:
            hand_over(path, self.user)

    def seed_root(self, base: Base, root: PurePosixPath) -> None:
        """Begin a stage with a base image."""
        folder = self.work / root
        folder.mkdir(parents=True)
        base.seed(folder)
        self.own(folder)

    async def copy_root(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Begin a stage with another one."""
        place = WORK / target
        await self.done(["/bin/sh", "-ec", 'mkdir "$2"; cp -a --reflink=auto "$1/." "$2"', "copy",
                         str(WORK / source), str(place)])  # fmt: skip

    async def files(self, steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Do steps of `image_files`; an answer with `wrong` is the last. Raises CannotTell."""
        placed = [
            {name: str(WORK / value) if name in ("root", "origin", "to") else value
             for name, value in step.items()}
            for step in steps
        ]  # fmt: skip
        result = await self.done([*module_words("image_files"), json.dumps(placed)])
        try:
            answers: list[dict[str, Any]] = json.loads(result.stdout)
        except ValueError as error:
            raise CannotTell(f"Files could not be copied: {result.stderr[-500:]}") from error
        return answers

    async def done(self, command: Sequence[str]) -> SandboxResult:
        """Run a program of ours beside the work folder."""
        with enclosed(self.sandbox, command, work=self.work, user=self.user,
                      limits=self.limits) as launch:  # fmt: skip
            result = await execute(launch, limits=self.limits, stdin=b"", tier="emulation")
        if result.limits_hit or result.exit_status != 0:
            said = (result.stderr or ", ".join(result.limits_hit))[-500:]
            raise CannotTell(f"Files of the image could not be prepared: {said}")
        return result

    async def run(self, image: Image, command: Sequence[str], place: str) -> tuple[Given, ...]:
        """Run a step of the project as root in name only; what it gave to other users.

        Raises BuildBroken with `place` and what it said, or CannotTell.
        """
        try:
            access = await access_for(" ".join(command), self.work, self.cache)
            result = await self.ran(image, command, access)
        except (DependencyError, ToolMissing) as error:
            raise CannotTell(f"{place}: {error}") from error
        said = (result.stdout + result.stderr)[-LONGEST_EVIDENCE:]
        if result.limits_hit:
            raise BuildBroken(
                f"{place}: this step goes beyond its limit ({', '.join(result.limits_hit)}).",
                output=said,
            )
        if result.exit_status != 0:
            check_set_up(result.stderr)
            line = last_words(said)
            reason = f"{place}: this step ends with {ended(result)}: {line}"
            if NOT_ITS_FAULT.search(said):
                raise CannotTell(reason, output=said)
            raise BuildBroken(reason, output=said)
        return self.ledger()

    async def ran(self, image: Image, command: Sequence[str], access: BuildAccess) -> SandboxResult:
        go_cache = await self.go_cache(image, " ".join(command))
        trusted = child_environment(Group.TRUST)
        shown = [*image.base.mounts, *trust_mounts(trusted), *interpreter_mounts()]
        environment = {
            **image.arguments, "HOME": "/root", **access.variables,
            "npm_config_prefix": "/usr/local", "GOFLAGS": "-modcacherw",
            "GOCACHE": str(GO_CACHE), **image.environment,
        }  # fmt: skip
        environment["PATH"] = f"{SHIMS}:{environment.get('PATH', '')}"
        container = Container(
            root=WORK / image.root,
            binds=[*binds_of(shown), *self.tools(go_cache), *self.settings(access, image)],
            user=0, group=0, directory=image.directory, environment=environment,
            command=command, root_writable=True,
        )  # fmt: skip
        async with door_to(access.registries) as door:
            words = filtered(container_words(self.sandbox, container, filters=self.filters))
            if door is not None:
                mirrors = (str(each) for each in door.registries.named if is_loopback(each))
                words = [*python_words(FORWARDER.name), str(DOOR), str(PROXY_PORT),
                         ",".join(sorted(mirrors)), *words]  # fmt: skip
            with enclosed(
                self.sandbox, words, work=self.work, user=self.user, shown=shown,
                limits=self.limits, door=door.socket if door else None,
            ) as launch:  # fmt: skip
                return await execute(launch, limits=self.limits, stdin=b"", tier="emulation")

    async def go_cache(self, image: Image, step: str) -> str:
        """The cache that Go has in a step, with the standard library as its commands compile it.

        Steps that use the same of it share one. It is filled before any of them sees it, so nothing
        of the project's stands in the way of who fills it.
        """
        root = next((each for each in image.base.mounts if each.target == GO_ROOT), None)
        used = varieties(step, image.environment.get("GOFLAGS", "")) if root else frozenset()
        if root is None or not used:
            return NO_LIBRARY
        name = "-".join((NO_LIBRARY, *(each.strip("-") for each in sorted(used))))
        if not (self.work / name).exists():
            (self.work / name).mkdir()
            self.own(self.work / name)
            for variety in sorted(used):
                library = await compiled_library(variety, root, self.cache)
                await asyncio.to_thread(copy_cache, library, self.work / name, self.user)
        return name

    def tools(self, go_cache: str) -> list[Bind]:
        """What only steps of a build find in their container."""
        return [
            Bind(WORK / go_cache, GO_CACHE, writable=True), Bind(WORK / "shims", SHIMS),
            Bind(WORK / "ledger", LEDGER, writable=True),
        ]  # fmt: skip

    def settings(self, access: BuildAccess, image: Image) -> list[Bind]:
        """Files that say where registries are, as far as the image has who reads them."""
        binds = []
        for n, (place, text) in enumerate(access.files.items()):
            (self.work / f"settings-{n}").write_text(text)
            here = self.work / image.root / str(place)[1:]
            mounted = any(place.is_relative_to(each.target) for each in image.base.mounts)
            if mounted or place.is_relative_to(OURS) or os.path.lexists(here):
                binds.append(Bind(WORK / f"settings-{n}", place))
        return binds

    def ledger(self) -> tuple[Given, ...]:
        """What the last step gave away; the ledger is empty afterwards."""
        with (self.work / "ledger").open("r+b") as stream:
            text = stream.read(LARGEST_LEDGER).decode(errors="replace")
            stream.truncate(0)
        rows = (line.split("\t") for line in text.splitlines())
        return tuple(Given(row[0], row[2], row[1] == "1") for row in rows if len(row) == 3)


def shims_interpreter() -> PurePosixPath:
    """Our own interpreter as an image sees it, in whose folders it must not be found."""
    own = base_interpreter()
    return PROGRAMS / str(own).lstrip("/") if covered(own) else PurePosixPath(own)


def binds_of(shown: Sequence[Mount]) -> list[Bind]:
    """Where a container sees what the outer sandbox shows, and the file of hosts that we made."""
    binds = [Bind(SHOWN / str(n), mount.target) for n, mount in enumerate(shown)]
    return [*binds, Bind(WORK / "hosts", PurePosixPath("/etc/hosts"))]


def ended(result: SandboxResult) -> str:
    return f"status {result.exit_status}" if result.signal is None else f"signal {result.signal}"


def last_words(said: str) -> str:
    """The line that says most of what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"(?i)error|cannot|not found|failed", line)]
    return (telling or lines or ["it said nothing"])[-1][:300]
