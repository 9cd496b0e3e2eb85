"""What a stage has come to: its root, its settings, and who owns what in it."""

import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from quantumlayer.qtest.delivered.base import Base
from quantumlayer.qtest.delivered.errors import BuildBroken
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.model import Limits

ROOT = "0"
USUAL_PORT = 8000
SHARED = ("/tmp", "/var/tmp")  # noqa: S108 - of an image, where everybody may write


@dataclass(frozen=True)
class Given:
    """A place that was given to a user; `below`: with all that is in it."""

    owner: str
    path: str
    below: bool


@dataclass(frozen=True)
class Image:
    """A stage as far as it is played. `root` is a folder of the work folder."""

    root: PurePosixPath
    base: Base
    environment: dict[str, str]
    arguments: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str = ROOT
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    exposed: tuple[int, ...] = ()
    volumes: tuple[str, ...] = ()
    stop_signal: str = "SIGTERM"
    given: tuple[Given, ...] = ()
    lines: tuple[tuple[str, int], ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        """What `$NAME` stands for in instructions: arguments, and over them the environment."""
        return {**self.arguments, **self.environment}

    def absolute(self, path: str) -> str:
        """A path as an instruction means it, from the working directory."""
        found = PurePosixPath(self.directory) / path
        return f"{found}/" if path.endswith("/") and str(found) != "/" else str(found)

    def at(self, name: str, line: int) -> "Image":
        """The same with the line noted where something was last set."""
        return replace(self, lines=(*(each for each in self.lines if each[0] != name),
                                    (name, line)))  # fmt: skip


def owned_by(image: Image, names: Collection[str]) -> list[str]:
    """The places that belong to a user of any of these names, as far as anything was given."""
    owners: dict[str, str] = {}
    for one in image.given:
        path = one.path.rstrip("/") or "/"
        if one.below:
            owners = {place: owner for place, owner in owners.items()
                      if not PurePosixPath(place).is_relative_to(path)}  # fmt: skip
        owners[path] = one.owner.partition(":")[0]
    return sorted(path for path, owner in owners.items() if owner in names)


def command_of(image: Image, delivery: Delivery) -> tuple[str, ...]:
    """The command that a platform starts it with.

    Raises BuildBroken where there is none, or where the platform does not start it for its user.
    """
    command = started_by(image, delivery)
    if not command:
        raise BuildBroken(f"{delivery.dockerfile}: the image has no command to start")
    if wrong := refused(image.user, delivery):
        raise BuildBroken(wrong)
    return command


def started_by(image: Image, delivery: Delivery) -> tuple[str, ...]:
    """What is started: the image's command, or the delivery's where it has one."""
    own = () if delivery.entrypoint else image.command
    return (*(delivery.entrypoint or image.entrypoint), *(delivery.command or own))


def refused(image_user: str, delivery: Delivery) -> str:
    """Why a platform does not start an image for its user; empty where it does."""
    user = (delivery.user or image_user).partition(":")[0]
    if not delivery.not_root:
        return ""
    if user in ("", ROOT, "root"):
        return ("The platform refuses to start it: its manifests say runAsNonRoot, and its user "
                "is root.")  # fmt: skip
    if not user.isdigit():
        return (f"The platform refuses to start it: its manifests say runAsNonRoot, and of the "
                f"user `{user}` it cannot tell that it is not root: USER has to be a number, or "
                "runAsUser has to name one.")  # fmt: skip
    return ""


def temporary_folders(delivery: Delivery) -> list[str]:
    """The folders that each instance has for itself; the shared too, unless all is read-only."""
    return sorted({*delivery.temporary, *(() if delivery.read_only else SHARED)})


def told(image: Image, delivery: Delivery, home: str) -> dict[str, str]:
    """What the application finds in its environment."""
    found = {**image.environment, "HOME": home, "HOSTNAME": "container",
             **dict(delivery.environment)}  # fmt: skip
    if "JAVA_HOME" not in found:
        return found
    # A cgroup tells Java how much memory there is; without one it would plan for the machine's.
    memory = delivery.memory_bytes or delivery.start_limits.memory_bytes
    room = f"-XX:MaxRAM={memory}"
    return {**found, "JAVA_TOOL_OPTIONS": f"{room} {found.get('JAVA_TOOL_OPTIONS', '')}".strip()}


def port_of(image: Image, delivery: Delivery, environment: Mapping[str, str]) -> int:
    """The port that the platform will call."""
    named = environment.get("PORT", "")
    exposed = image.exposed[:1] or ((int(named),) if named.isdigit() else (USUAL_PORT,))
    return delivery.port or exposed[0]


def stop_signal_of(image: Image) -> int:
    """The number of the signal that asks it to end."""
    name = image.stop_signal
    if name.isdigit():
        return int(name)
    return getattr(signal, f"SIG{name.removeprefix('SIG')}", signal.SIGTERM)


def room_for(delivery: Delivery, *, memory_bytes: int, disk_bytes: int) -> Limits:
    """The limits of a start, with room for our own programs, and for what was built."""
    given, promised = delivery.start_limits, delivery.memory_bytes
    memory = promised + memory_bytes if promised else given.memory_bytes
    disk = given.disk_bytes + disk_bytes
    return given.model_copy(update={"memory_bytes": memory, "disk_bytes": disk})


def kernel_limits(limits: Limits, delivery: Delivery) -> Limits:
    """What the kernel keeps: it counts what a process has asked for, not what it uses."""
    memory = max(delivery.start_limits.memory_bytes, 2 * limits.memory_bytes)
    return limits.model_copy(update={"memory_bytes": memory})
