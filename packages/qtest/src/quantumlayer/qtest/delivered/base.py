"""A base image as this machine plays it, and the parts that such images have in common."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.qtest.delivered import seeds
from quantumlayer.qtest.environments.native import HEADERS
from quantumlayer.qtest.environments.toolchains import present
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import same_place

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
VERSION = re.compile(r"^\d+(?:\.\d+)*")
SLIM = re.compile(r"slim|alpine")
# The distribution's libraries, and the little of /etc that programs do not do without.
LIBRARIES = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/nodejs", "/usr/share/zoneinfo",
    "/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/openssl.cnf",
)  # fmt: skip


@dataclass(frozen=True)
class Base:
    """A base image: what is mounted read-only in it, how its root begins, what it sets.

    `seed` writes the beginning of the root into an empty folder of the host, before any code of the
    project is there. `notes` tell how it differs from the image that is asked for.
    """

    name: str
    mounts: tuple[Mount, ...]
    seed: Callable[[Path], None]
    environment: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    user: str = "0"


def system_libraries() -> tuple[Mount, ...]:
    return tuple(same_place(Path(path)) for path in LIBRARIES if Path(path).exists())


def programs_mounts() -> tuple[Mount, ...]:
    """Where the links among the root's programs lead."""
    return tuple(
        Mount(source=Path(folder), target=seeds.PROGRAMS / folder.lstrip("/"))
        for folder in ("/usr/bin", "/usr/sbin")
    )


def compiler_mounts() -> tuple[Mount, ...]:
    """What a C compiler needs of the machine: headers, and its own parts beside where it stands."""
    libraries = Mount(source=Path("/usr/lib"), target=seeds.PROGRAMS / "usr/lib")
    return (libraries, *present(*HEADERS))


def programs_of(tag: str) -> tuple[Mount, ...]:
    """For an image of a language: only a full one compiles C."""
    return (*programs_mounts(), *(() if SLIM.search(tag) else compiler_mounts()))


def distroless_user(tag: str) -> str:
    """Whom an image without programs runs as: a number, so that platforms can tell who it is."""
    return "65532" if "nonroot" in tag else "0"


def differing(image: str, asked: str, found: str) -> tuple[str, ...]:
    """What to say where the machine's version is another one."""
    count = min(2, asked.count(".") + 1)
    if asked.split(".")[:count] == found.split(".")[:count]:
        return ()
    return (f"{image} is tried with version {found}, which this machine has.",)
