"""The images that Dockerfiles begin with, in a store of our own that builds only read.

They come from the operator's own store of images on this machine, or from the registries that its
containers' settings name. Fetching them runs no code of theirs, yet whom a Dockerfile names is the
project's choice: so it happens in a sandbox, through a door that leads to those registries and
outside, and never to an address within the deployment's own network.
"""

import asyncio
import json
import os
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.processes import Group, child_environment, end_process
from quantumlayer.processes import started as started_process
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.images.settings import endpoints_here, written
from quantumlayer.qtest.delivered.images.tooling import TRUSTING, Tooling
from quantumlayer.qtest.delivered.nesting import WORK
from quantumlayer.qtest.environments.building import exclusive
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.registries.endpoints import Registries

FOLDER = "base-images"
STORE = PurePosixPath("storage")
EXPORT = "export"
STORE_SETTING = "CONTAINERS_STORAGE_CONF"
LIMITS = Limits(
    memory_bytes=2048 * MIB, cpu_seconds=600, wall_seconds=300.0, processes=512, open_files=4096,
    file_size_bytes=4096 * MIB, disk_bytes=16_384 * MIB, output_bytes=1 * MIB,
)  # fmt: skip
"""Of fetching one; `disk_bytes` is what all of them may take together."""
EXPORT_SECONDS = 120.0
# What could not be had is not asked for again at once, unless somebody insists.
MISSED_SECONDS = 600.0
REFERENCE = re.compile(
    r"(?P<host>(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost(?::\d+)?|[\w-]+:\d+)/)?"
    r"(?P<path>[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*)"
    r"(?P<tag>:[\w][\w.-]{0,127})?(?P<digest>@sha256:[0-9a-f]{64})?"
)
PULL = f'exec buildah pull {" ".join(TRUSTING)} --policy always -- "$1"'
TAKE = f"""
found=$(buildah pull --quiet {" ".join(TRUSTING)} "oci:{WORK / EXPORT}:$1" | tail -n 1)
buildah tag "$found" "$1"
buildah rmi localhost{WORK / EXPORT} || true
"""


def whole_name(image: str) -> str:
    """The name of an image with its registry and tag, as Docker completes it. Raises CannotTell."""
    match = REFERENCE.fullmatch(image)
    if match is None:
        raise CannotTell(f"`{image}` is no name of an image.")
    host = match["host"] or "docker.io/"
    path = match["path"]
    if host == "docker.io/" and "/" not in path:
        path = f"library/{path}"
    version = match["digest"] or match["tag"] or ":latest"
    return f"{host}{path}{version}"


class BaseImages:
    """A store of images below a cache folder. Whoever reads it does so while it may grow."""

    def __init__(self, cache: Path) -> None:
        self.folder = cache / FOLDER

    @property
    def store(self) -> Path:
        """What builds look their base images up in."""
        return self.folder / STORE

    def held(self) -> frozenset[str]:
        """The names of all that are here."""
        try:
            rows = json.loads((self.store / "overlay-images" / "images.json").read_text())
        except (OSError, ValueError):
            return frozenset()
        return frozenset(name for row in rows for name in row.get("names") or ())

    def check_lately(self, names: Sequence[str]) -> None:
        """Raise CannotTell where one that is not here could not be had lately."""
        held = self.held()
        for name in names:
            if name not in held and (reason := self.missed(name)):
                raise CannotTell(reason)

    async def ensure(self, names: Sequence[str], tooling: Tooling) -> None:
        """See to it that images are here. Raises CannotTell where one cannot be had."""
        for name in names:
            if name in self.held():
                continue
            try:
                await self.fetched(name, tooling)
            except CannotTell as error:
                self.miss(name, str(error))
                raise

    async def fetched(self, name: str, tooling: Tooling) -> None:
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True)
        async with exclusive(folder / "lock"):
            if name in self.held():
                return
            await asyncio.to_thread(written, folder)
            script = TAKE if await exported(name, folder) else PULL
            registries = Registries(endpoints_here()) if script is PULL else None
            try:
                result, _ = await tooling.run(
                    script, [name], work=folder, limits=LIMITS, registries=registries, learns=True
                )
            finally:
                shutil.rmtree(folder / EXPORT, ignore_errors=True)
        if result.limits_hit:
            raise CannotTell(
                f"The base image `{name}` cannot be kept: together they may take "
                f"{LIMITS.disk_bytes // MIB} MiB, each {LIMITS.wall_seconds:.0f} s "
                f"({', '.join(result.limits_hit)}); {self.folder} can be removed."
            )
        if result.exit_status != 0 or name not in self.held():
            said = " ".join(result.stdout.split())[-300:]
            raise CannotTell(f"The base image `{name}` cannot be had here: {said}")

    def missed(self, name: str) -> str:
        """Why an image could not be had lately; empty where nobody knows."""
        moment, reason = self.misses().get(name, (0.0, ""))
        return reason if time.time() - moment < MISSED_SECONDS else ""

    def misses(self) -> dict[str, tuple[float, str]]:
        try:
            found = json.loads((self.folder / "missed.json").read_text())
            return {name: (float(row[0]), str(row[1])) for name, row in found.items()}
        except (OSError, ValueError, TypeError, AttributeError, IndexError):
            return {}

    def miss(self, name: str, reason: str) -> None:
        """Remember that an image could not be had."""
        young = {other: row for other, row in self.misses().items()
                 if time.time() - row[0] < MISSED_SECONDS}  # fmt: skip
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "missed.json").write_text(json.dumps({**young, name: (time.time(), reason)}))


async def exported(name: str, folder: Path) -> bool:
    """Whether the operator's own store has an image, which is then in `folder`."""
    if not (STORE_SETTING in os.environ or any(place.is_dir() for place in operators_places())):
        return False  # buildah would begin one
    words = ["push", "--quiet", name, f"oci:{folder / EXPORT}:{name}"]
    return await ended_well("inspect", "--type", "image", name) and await ended_well(*words)


def operators_places() -> tuple[Path, ...]:
    """Where buildah keeps the images of whoever we are."""
    if os.getuid() == 0:
        return (Path("/var/lib/containers/storage"),)
    data = os.environ.get("XDG_DATA_HOME")
    return ((Path(data) if data else Path.home() / ".local/share") / "containers/storage",)


async def ended_well(*words: str) -> bool:
    """Whether the operator's buildah does something with the operator's images."""
    known = child_environment(Group.BASE, Group.ACCOUNT)
    own = {name: value for name, value in os.environ.items()
           if name in (STORE_SETTING, "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}  # fmt: skip
    process = await started_process(
        asyncio.create_subprocess_exec(
            "buildah", *words, env={**known, **own}, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )
    )  # fmt: skip
    try:
        async with asyncio.timeout(EXPORT_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        await end_process(process)
