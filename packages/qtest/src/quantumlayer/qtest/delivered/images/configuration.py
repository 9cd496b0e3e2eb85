"""What an image says of itself, and what runc is told of a container: data to data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.qtest.delivered import seeds
from quantumlayer.qtest.delivered.base import SYSTEM_PATH, Base
from quantumlayer.qtest.delivered.image import ROOT, Image
from quantumlayer.qtest.delivered.images.settings import CAPABILITIES
from quantumlayer.qtest.delivered.nesting import HOSTNAME, SHARED_MEMORY_BYTES
from quantumlayer.qtest.sandbox.host import masked_paths

DEVICES = ("nosuid", "noexec", "strictatime", "mode=755", "size=1024k", "nr_inodes=1k")
SHARED = ("nosuid", "noexec", "nodev", "mode=1777", f"size={SHARED_MEMORY_BYTES}", "nr_inodes=16k")


class ImageSettings(BaseModel):
    """The part of an image's configuration that a start needs, as the OCI names it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    user: str | None = Field(default=None, alias="User")
    environment: list[str] | None = Field(default=None, alias="Env")
    entrypoint: list[str] | None = Field(default=None, alias="Entrypoint")
    command: list[str] | None = Field(default=None, alias="Cmd")
    exposed: dict[str, object] | None = Field(default=None, alias="ExposedPorts")
    volumes: dict[str, object] | None = Field(default=None, alias="Volumes")
    directory: str | None = Field(default=None, alias="WorkingDir")
    stop_signal: str | None = Field(default=None, alias="StopSignal")


class Inspected(BaseModel):
    """What `buildah inspect` tells of an image."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    class Configured(BaseModel):
        model_config = ConfigDict(extra="ignore", frozen=True)
        config: ImageSettings = ImageSettings()

    image: Configured = Field(default=Configured(), alias="OCIv1")


@dataclass(frozen=True)
class Account:
    """Who runs it, by the image's own files."""

    user: int
    group: int
    home: str


@dataclass(frozen=True)
class Bound:
    """A folder or file of the sandbox that a container sees at `target`."""

    source: PurePosixPath
    target: str
    writable: bool = False


def image_of(told: ImageSettings) -> Image:
    """An image as others speak of it, without its files."""
    pairs = (each.partition("=") for each in told.environment or ())
    environment = {name: value for name, _, value in pairs}
    ports = (port.partition("/") for port in told.exposed or ())
    return Image(
        root=PurePosixPath("root"), base=Base("", (), seeds.empty),
        environment={"PATH": SYSTEM_PATH, **environment}, directory=told.directory or "/",
        user=told.user or ROOT, entrypoint=tuple(told.entrypoint or ()),
        command=tuple(told.command or ()),
        exposed=tuple(int(port) for port, _, kind in ports if port.isdigit() and kind != "udp"),
        volumes=tuple(told.volumes or ()), stop_signal=told.stop_signal or "SIGTERM",
    )  # fmt: skip


def container(
    *,
    command: Sequence[str],
    directory: str,
    environment: Mapping[str, str],
    account: Account,
    bound: Sequence[Bound],
    read_only: bool,
    filtering: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The configuration for runc, but for where the root is.

    It has the network of the sandbox around it, which is empty. Root of it may do with the image's
    files what Docker lets it do, others nothing.
    """
    allowed = [f"CAP_{name}" for name in CAPABILITIES]
    held = allowed if account.user == 0 else []
    return {
        "ociVersion": "1.0.2",
        "hostname": HOSTNAME,
        "root": {"readonly": read_only},
        "process": {
            "terminal": False, "cwd": directory, "args": list(command),
            "env": [f"{name}={value}" for name, value in environment.items()],
            "user": {"uid": account.user, "gid": account.group}, "noNewPrivileges": True,
            "capabilities": {"bounding": allowed, "effective": held, "permitted": held},
        },
        "mounts": [
            mounted("/proc", "proc"), mounted("/dev", "tmpfs", DEVICES),
            mounted("/dev/pts", "devpts", ("nosuid", "noexec", "newinstance", "ptmxmode=0666")),
            mounted("/dev/shm", "tmpfs", SHARED),  # noqa: S108 - of the container
            *(mounted(each.target, "bind",
                      ("rbind", "nosuid", "nodev", "rw" if each.writable else "ro"),
                      str(each.source))
              for each in sorted(bound, key=lambda each: each.target.count("/"))),
        ],
        "linux": {
            "namespaces": [{"type": name} for name in ("pid", "ipc", "uts", "mount")],
            "maskedPaths": [str(path) for path in masked_paths()],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"],
            **({"seccomp": filtering} if filtering else {}),
        },
    }  # fmt: skip


def mounted(
    target: str, kind: str, options: Sequence[str] = (), source: str = ""
) -> dict[str, Any]:
    return {"destination": target, "type": kind, "source": source or kind,
            "options": list(options)}  # fmt: skip
