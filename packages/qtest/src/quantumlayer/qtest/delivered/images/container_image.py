"""An image that buildah has built: its volumes, and its instances in containers of runc."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.delivered.gatekeeping import listening, opened_gate
from quantumlayer.qtest.delivered.image import (
    Image,
    command_of,
    kernel_limits,
    port_of,
    room_for,
    stop_signal_of,
    temporary_folders,
    told,
)
from quantumlayer.qtest.delivered.images.configuration import Account, Bound, container
from quantumlayer.qtest.delivered.images.settings import environment
from quantumlayer.qtest.delivered.images.system_calls import system_call_filter
from quantumlayer.qtest.delivered.images.tooling import TIER, Tooling
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.nesting import WORK, enclosed, module_words, python_words
from quantumlayer.qtest.delivered.running import Gate
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.filling import hand_over

OUR_BYTES = 48 * MIB  # of the programs around an application
NAME = "delivered"
OPEN = 0o1777


@dataclass
class ContainerImage:
    """See `Built`. `lower` are its layers, `volumes` those of the deployment."""

    tooling: Tooling
    work: Path
    shown: tuple[Mount, ...]
    delivery: Delivery
    image: Image
    account: Account
    lower: str
    volumes: tuple[Bound, ...]
    bytes_built: int = 0
    started: int = field(default=0)

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
        return self.delivery.notes

    def environment(self) -> dict[str, str]:
        """What the application finds in its environment."""
        return told(self.image, self.delivery, self.account.home)

    async def holds(self, text: str) -> bool | None:  # noqa: ARG002 - of `Built`
        """See `Built.holds`: what lies in an image of layers is not looked through."""
        return None

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Gate]:
        """See `Built.start`."""
        command = command_of(self.image, self.delivery)
        place = f"run-{self.started}"
        self.started += 1
        folder, inside = self.work / place, WORK / place
        await asyncio.to_thread(self.planned, folder, inside, command)
        control = folder / "control"
        runc = ["runc", "--root", str(inside / "state")]
        limits = room_for(self.delivery, memory_bytes=OUR_BYTES, disk_bytes=self.bytes_built)

        def enters(command: Sequence[str]) -> list[str]:
            return [*runc, "exec", NAME, *command]

        with listening(control) as handed:
            known = {**environment(), "GATEKEEPER_PID_FILE": str(inside / "first")}
            gatekeeper = [
                "/usr/bin/env", *(f"{name}={value}" for name, value in known.items()),
                *module_words("container_start"), str(inside / "plan.json"),
                *python_words("gatekeeper.py"), str(handed), "",
                *runc, "run", "--bundle", str(inside), "--pid-file", str(inside / "first"), NAME,
            ]  # fmt: skip
            with enclosed(
                self.tooling.sandbox, gatekeeper, work=self.work, user=self.tooling.users,
                shown=self.shown, limits=kernel_limits(limits, self.delivery), handed=[handed],
            ) as launch:  # fmt: skip
                async with opened_gate(
                    launch, control, port=self.port, delivery=self.delivery, limits=limits,
                    enters=enters, tier=TIER, joins=True,
                ) as gate:  # fmt: skip
                    yield gate

    def planned(self, folder: Path, inside: PurePosixPath, command: Sequence[str]) -> None:
        """Write down what one start is made of: its own folders, the deployment's volumes."""
        folder.mkdir()
        bound, steps = [Bound(WORK / "hosts", "/etc/hosts")], list[dict[str, Any]]()
        for n, file in enumerate(self.delivery.secret_files):
            (folder / f"secret-{n}").write_text(file.content)
            (folder / f"secret-{n}").chmod(0o444)
            bound.append(Bound(inside / f"secret-{n}", file.path))
        for n, path in enumerate(temporary_folders(self.delivery)):
            (folder / f"temporary-{n}").mkdir()
            (folder / f"temporary-{n}").chmod(OPEN)
            bound.append(Bound(inside / f"temporary-{n}", path, writable=True))
        named = {each.target.rstrip("/") for each in self.volumes}
        anonymous = [path for path in self.image.volumes if path.rstrip("/") not in named]
        for n, path in enumerate(anonymous):
            (folder / f"volume-{n}").mkdir()
            bound.append(Bound(inside / f"volume-{n}", path, writable=True))
            steps.append(deployed(inside / "root", path, inside / f"volume-{n}", None))
        plan = {
            "folder": str(inside), "lower": self.lower, "steps": steps,
            "container": container(
                command=command, directory=self.image.directory, environment=self.environment(),
                account=self.account, bound=[*bound, *self.volumes],
                read_only=self.delivery.read_only, filtering=system_call_filter(),
            ),
        }  # fmt: skip
        (folder / "plan.json").write_text(json.dumps(plan))
        if not self.tooling.users.mappers:
            hand_over(folder, self.tooling.users.owner)


def deployed(
    root: PurePosixPath, path: str, place: PurePosixPath, granted: str | None
) -> dict[str, Any]:
    """The step that fills a new volume as Docker does; a platform may grant it to who runs it."""
    return {"do": "deployed", "root": str(root), "path": path, "to": str(place),
            "granted": granted}  # fmt: skip
