"""The tier that works wherever bubblewrap does: a Dockerfile's stages played on this machine.

The toolchains of the machine stand for base images. Everything of the project runs in a container
within a sandbox, with the image's user, a root that is read-only where it would be, its environment
and its command, and no network but the one by which it is called.
"""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.build_steps import Workshop, binds_of
from quantumlayer.qtest.delivered.context import copy_context
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.image import Image, owned_by, started_by
from quantumlayer.qtest.delivered.layers import Layers
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.nesting import (
    FILTER_DESCRIPTOR,
    WORK,
    Bind,
    Container,
    container_words,
    enclosed,
    filtered,
    python_words,
)
from quantumlayer.qtest.delivered.outline import Outline
from quantumlayer.qtest.delivered.running import Gate, stands
from quantumlayer.qtest.delivered.stages import Player
from quantumlayer.qtest.delivered.withholding import withhold
from quantumlayer.qtest.delivered.workplace import clear_away, workplace
from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox import BubblewrapSandbox, probe_bubblewrap
from quantumlayer.qtest.sandbox.execution import execute
from quantumlayer.qtest.sandbox.filling import bytes_in
from quantumlayer.qtest.untrusted import text_of

TIER = "emulation in bubblewrap"
SLOW_SECONDS = 1.0  # of a build: what took longer is kept
# A shell opens the filter at a number of one digit, whatever is there.
ABOVE_FILTER = 64
SHARED = ("/tmp", "/var/tmp")  # noqa: S108 - of an image, where everybody may write


class EmulatingStarter:
    """See `Starter`. `cache` keeps what the machine's registries are, and what took long."""

    def __init__(
        self, sandbox: BubblewrapSandbox, cache: Path, slow_seconds: float = SLOW_SECONDS
    ) -> None:
        self.sandbox = sandbox
        self.cache = cache
        self.slow_seconds = slow_seconds

    @property
    def tier(self) -> str:
        """The name of this tier."""
        return TIER

    @asynccontextmanager
    async def build(self, delivery: Delivery) -> AsyncIterator["EmulatedImage"]:
        """See `Starter.build`."""
        text = await asyncio.to_thread(text_of, delivery.folder / delivery.dockerfile)
        if text is None:
            raise NotUnderstood("there is no such file", path=delivery.dockerfile)
        dockerfile = read_dockerfile(text, delivery.dockerfile)
        user = self.sandbox.new_user()
        await asyncio.to_thread(clear_away)
        place = workplace()
        work = place.__enter__()  # a thread would go on when this is cancelled
        try:
            await asyncio.to_thread(work.chmod, 0o711)
            (context := work / "context").mkdir()
            await asyncio.to_thread(copy_context, delivery.folder, context, delivery.dockerfile)
            workshop = Workshop(self.sandbox, work, user, delivery.build_limits, self.cache)
            await asyncio.to_thread(workshop.own, work)
            outline = Outline(dockerfile, dict(delivery.arguments))
            player = Player(workshop, outline, Layers(self.cache), self.slow_seconds)
            image = await player.image(outline.wanted(delivery.target))
            built = EmulatedImage(workshop, image, delivery)
            await built.furnish()
            yield built
        finally:
            await asyncio.to_thread(place.__exit__, None, None, None)


class EmulatedImage:
    """See `Built`."""

    def __init__(self, workshop: Workshop, image: Image, delivery: Delivery) -> None:
        self.workshop = workshop
        self.image = image
        self.delivery = delivery
        self.user, self.group, self.home = 0, 0, "/"
        self.volumes: list[Bind] = []
        self.started = self.bytes_built = 0

    @property
    def port(self) -> int:
        """See `Built.port`."""
        environment = self.environment()
        named = environment.get("PORT", "")
        exposed = self.image.exposed[:1] or ((int(named),) if named.isdigit() else (8000,))
        return self.delivery.port or exposed[0]

    @property
    def stop_signal(self) -> int:
        """See `Built.stop_signal`."""
        name = self.image.stop_signal
        if name.isdigit():
            return int(name)
        return getattr(signal, f"SIG{name.removeprefix('SIG')}", signal.SIGTERM)

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Built.notes`."""
        return (*self.image.base.notes, *self.delivery.notes)

    async def furnish(self) -> None:
        """Find out who runs it, and make the deployment's volumes. Raises BuildBroken."""
        root = self.image.root
        name = self.delivery.user or self.image.user
        (found,) = await self.workshop.files([{"do": "account", "root": root, "user": name}])
        if "wrong" in found:
            line = dict(self.image.lines).get("USER")
            raise BuildBroken(f"{self.delivery.dockerfile}:{line}: {found['wrong']}")
        self.user, self.group, self.home = found["user"], found["group"], found["home"]
        owned = owned_by(self.image, self.user, name.partition(":")[0])
        for volume in self.delivery.volumes:
            place = await self.volume(volume.path)
            mine = any(PurePosixPath(volume.path).is_relative_to(path) for path in owned)
            writable = volume.granted or mine or self.user == 0
            self.volumes.append(Bind(WORK / place, PurePosixPath(volume.path), writable))
        if self.user != 0:
            await withhold(workshop=self.workshop, image=self.image, delivery=self.delivery,
                           group=self.group, home=self.home)  # fmt: skip
        self.bytes_built = await asyncio.to_thread(bytes_in, self.workshop.work)

    async def volume(self, path: str) -> PurePosixPath:
        """A new folder of the deployment, filled as Docker fills a volume."""
        place = PurePosixPath(f"volume-{secrets.token_hex(4)}")
        folder = self.workshop.work / place
        folder.mkdir()
        self.workshop.own(folder)
        step = {"do": "volume", "root": self.image.root, "path": path, "to": place}
        (answer,) = await self.workshop.files([step])
        if "wrong" in answer:
            raise CannotTell(f"The volume {path} cannot be made: {answer['wrong']}")
        return place

    @property
    def limits(self) -> Limits:
        """Those of a start; what was built stands in the same folder."""
        given = self.delivery.start_limits
        return given.model_copy(update={"disk_bytes": given.disk_bytes + self.bytes_built})

    def environment(self) -> dict[str, str]:
        """What the application finds in its environment."""
        told = {**self.image.environment, "HOME": self.home, "HOSTNAME": "container",
                **dict(self.delivery.environment)}  # fmt: skip
        if "JAVA_HOME" not in told:
            return told
        # A cgroup tells Java how much memory there is; without one it would plan for the machine's.
        room = f"-XX:MaxRAM={self.delivery.start_limits.memory_bytes}"
        return {**told, "JAVA_TOOL_OPTIONS": f"{room} {told.get('JAVA_TOOL_OPTIONS', '')}".strip()}

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Gate]:
        """See `Built.start`."""
        command = started_by(self.image, self.delivery)
        if not command:
            raise BuildBroken(f"{self.delivery.dockerfile}: the image has no command to start")
        workshop, limits = self.workshop, self.limits
        place = PurePosixPath(f"run-{self.started}")
        self.started += 1
        container = await self.container(place, command)
        folder = workshop.work / place
        words = container_words(workshop.sandbox, container, filters=workshop.filters)
        control = folder / "control"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(control))
            listener.listen(64)
            handed = fcntl.fcntl(listener, fcntl.F_DUPFD_CLOEXEC, ABOVE_FILTER)
            passed = FILTER_DESCRIPTOR if workshop.filters else ""
            init = "1" if self.delivery.init else "0"
            gatekeeper = filtered([
                "/usr/bin/env", f"GATEKEEPER_INIT={init}", *python_words("gatekeeper.py"),
                str(handed), passed, *words,
            ])  # fmt: skip
            with enclosed(
                workshop.sandbox, gatekeeper, work=workshop.work, user=workshop.user,
                shown=self.image.base.mounts, limits=limits, handed=[handed],
            ) as launch:  # fmt: skip
                life = asyncio.ensure_future(
                    execute(launch, limits=limits, stdin=b"", tier=TIER)
                )  # fmt: skip
                try:
                    gate = Gate(control, folder / "socket", self.port, life)
                    await stands(gate)
                    async with gate.leading():
                        yield gate
                finally:
                    life.cancel()
                    await asyncio.gather(life, return_exceptions=True)
                    os.close(handed)

    async def container(self, place: PurePosixPath, command: tuple[str, ...]) -> Container:
        """The container of one start: its own temporary folders, the deployment's volumes."""
        folder = self.workshop.work / place
        folder.mkdir()
        binds = binds_of(self.image.base.mounts)
        for n, file in enumerate(self.delivery.secret_files):
            (folder / f"secret-{n}").write_text(file.content)
            binds.append(Bind(WORK / place / f"secret-{n}", PurePosixPath(file.path)))
        temporary = set(self.delivery.temporary)
        temporary |= set() if self.delivery.read_only else set(SHARED)
        for n, path in enumerate(sorted(temporary)):
            (folder / f"temporary-{n}").mkdir()
            binds.append(Bind(WORK / place / f"temporary-{n}", PurePosixPath(path), writable=True))
        self.workshop.own(folder)
        named = {str(bind.target) for bind in self.volumes}
        anonymous = [path for path in self.image.volumes if path.rstrip("/") not in named]
        owned = owned_by(self.image, self.user, self.image.user.partition(":")[0])
        for path in anonymous:
            mine = self.user == 0 or any(PurePosixPath(path).is_relative_to(one) for one in owned)
            binds.append(Bind(WORK / await self.volume(path), PurePosixPath(path), mine))
        if not self.delivery.read_only and self.user != 0:
            owned = [path for path in owned if await self.is_there(path)]
            binds += [Bind(WORK / self.image.root / path.lstrip("/"), PurePosixPath(path), True)
                      for path in owned]  # fmt: skip
        return Container(
            root=WORK / self.image.root, binds=[*binds, *self.volumes], user=self.user,
            group=self.group, directory=self.image.directory, environment=self.environment(),
            command=command, root_writable=self.user == 0 and not self.delivery.read_only,
            first=not self.delivery.init,
        )  # fmt: skip

    async def is_there(self, path: str) -> bool:
        step = {"do": "exists", "root": self.image.root, "path": path}
        (answer,) = await self.workshop.files([step])
        return bool(answer.get("there"))


def emulating_starter(cache: Path) -> EmulatingStarter:
    """The tier as it is on this machine. Raises CannotTell where bubblewrap does not work."""
    try:
        return EmulatingStarter(probe_bubblewrap(), cache)
    except SandboxUnavailable as error:
        raise CannotTell(str(error)) from error
