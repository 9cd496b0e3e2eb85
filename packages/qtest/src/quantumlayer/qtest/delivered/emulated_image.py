"""An image that was played on this machine: its volumes, and its instances in containers."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from quantumlayer.qtest.delivered.build_steps import Workshop, binds_of
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.gatekeeping import listening, opened_gate
from quantumlayer.qtest.delivered.image import (
    Image,
    command_of,
    kernel_limits,
    owned_by,
    port_of,
    room_for,
    stop_signal_of,
    temporary_folders,
    told,
)
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
from quantumlayer.qtest.delivered.running import Gate
from quantumlayer.qtest.delivered.withholding import withhold
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.sandbox.filling import bytes_in

TIER = "emulation in bubblewrap"
OUR_BYTES = 32 * MIB  # of the programs around an application


class EmulatedImage:
    """See `Built`."""

    def __init__(self, workshop: Workshop, image: Image, delivery: Delivery) -> None:
        self.workshop = workshop
        self.image = image
        self.delivery = delivery
        self.user, self.group, self.home = 0, 0, "/"
        self.names: set[str] = set()
        self.volumes: list[Bind] = []
        self.started = self.bytes_built = 0

    @property
    def port(self) -> int:
        """See `Built.port`."""
        return port_of(self.image, self.delivery, self.environment())

    @property
    def stop_signal(self) -> int:
        """See `Built.stop_signal`."""
        return stop_signal_of(self.image)

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
        self.names = {str(self.user), name.partition(":")[0], *await self.other_names()}
        owned = owned_by(self.image, self.names)
        for volume in self.delivery.volumes:
            place = await self.volume(volume.path)
            mine = any(PurePosixPath(volume.path).is_relative_to(path) for path in owned)
            writable = volume.granted or mine or self.user == 0
            self.volumes.append(Bind(WORK / place, PurePosixPath(volume.path), writable))
        if self.user != 0:
            await withhold(self.workshop, self.image, self.delivery, group=self.group,
                           home=self.home)  # fmt: skip
        self.bytes_built = await asyncio.to_thread(bytes_in, self.workshop.work)

    async def other_names(self) -> list[str]:
        """The names under which something was given to who runs it."""
        owners = {one.owner.partition(":")[0] for one in self.image.given}
        found = []
        for owner in sorted(each for each in owners if not each.isdigit()):
            step = {"do": "account", "root": self.image.root, "user": owner}
            (account,) = await self.workshop.files([step])
            found += [owner] if account.get("user") == self.user else []
        return found

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
        """Those of a start, with room for what was built and for our own programs."""
        return room_for(self.delivery, memory_bytes=OUR_BYTES, disk_bytes=self.bytes_built)

    def environment(self) -> dict[str, str]:
        """What the application finds in its environment."""
        return told(self.image, self.delivery, self.home)

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Gate]:
        """See `Built.start`."""
        command = command_of(self.image, self.delivery)
        workshop, limits = self.workshop, self.limits
        place = PurePosixPath(f"run-{self.started}")
        self.started += 1
        container = await self.container(place, command)
        folder = workshop.work / place
        words = container_words(workshop.sandbox, container, filters=workshop.filters)
        control = folder / "control"

        def enters(command: Sequence[str]) -> list[str]:
            beside = replace(container, command=command, first=False)
            return filtered(container_words(
                workshop.sandbox, beside, filters=workshop.filters
            ))  # fmt: skip

        passed = FILTER_DESCRIPTOR if workshop.filters else ""
        init = "1" if self.delivery.init else "0"
        with listening(control) as handed:
            gatekeeper = filtered([
                "/usr/bin/env", f"GATEKEEPER_INIT={init}", *python_words("gatekeeper.py"),
                str(handed), passed, *words,
            ])  # fmt: skip
            with enclosed(
                workshop.sandbox, gatekeeper, work=workshop.work, user=workshop.user,
                shown=self.image.base.mounts, limits=kernel_limits(limits, self.delivery),
                handed=[handed],
            ) as launch:  # fmt: skip
                async with opened_gate(
                    launch, control, port=self.port, delivery=self.delivery, limits=limits,
                    enters=enters, tier=TIER,
                ) as gate:  # fmt: skip
                    yield gate

    async def container(self, place: PurePosixPath, command: tuple[str, ...]) -> Container:
        """The container of one start: its own temporary folders, the deployment's volumes."""
        folder = self.workshop.work / place
        folder.mkdir()
        binds = binds_of(self.image.base.mounts)
        for n, file in enumerate(self.delivery.secret_files):
            (folder / f"secret-{n}").write_text(file.content)
            binds.append(Bind(WORK / place / f"secret-{n}", PurePosixPath(file.path)))
        for n, path in enumerate(temporary_folders(self.delivery)):
            (folder / f"temporary-{n}").mkdir()
            binds.append(Bind(WORK / place / f"temporary-{n}", PurePosixPath(path), writable=True))
        self.workshop.own(folder)
        named = {str(bind.target) for bind in self.volumes}
        anonymous = [path for path in self.image.volumes if path.rstrip("/") not in named]
        owned = owned_by(self.image, self.names)
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

    async def holds(self, text: str) -> bool | None:
        """See `Built.holds`."""
        step = {"do": "holds", "root": self.image.root, "text": text}
        (answer,) = await self.workshop.files([step])
        there = answer.get("there")
        return there if isinstance(there, bool) else None

    async def is_there(self, path: str) -> bool:
        step = {"do": "exists", "root": self.image.root, "path": path}
        (answer,) = await self.workshop.files([step])
        return bool(answer.get("there"))
