"""A folder of the host that a sandbox fills: the only thing that it can change outside itself."""

import asyncio
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.errors import SandboxUnavailable

SHORTEST_LOOK_SECONDS = 0.25
# Looking at many files takes time itself: no more than a tenth of it.
LOOK_SHARE = 10


@dataclass(frozen=True)
class Target:
    """The folder, at the same place inside, and the folder in or below it where the command starts.

    `door` is a Unix socket that leads out of the sandbox, which sees it as DOOR.
    """

    folder: Path
    directory: Path
    door: Path | None = None


DOOR = PurePosixPath("/mnt/door")

# The command starts in its folder, which the sandbox's own steps need not know of.
ENTER_SCRIPT = 'cd -- "$1"; shift; exec "$@"'


def target_options(target: Target) -> list[str]:
    """bubblewrap's options for a target. Folders above it are empty, and closed to writing."""
    arguments: list[str] = []
    place = PurePosixPath(target.folder)
    for parent in reversed(place.parents[:-1]):
        arguments += ["--perms", "0755", "--dir", str(parent)]
    arguments += ["--bind", str(target.folder), str(place)]
    if target.door is not None:
        arguments += ["--ro-bind", str(target.door), str(DOOR)]
    return arguments


def hand_over(folder: Path, user: int) -> None:
    """Give a folder, and what is in it, to another host user, who need not exist.

    Refuses what no installer leaves behind: devices, pipes and sockets. Links are not followed.
    """
    for path, status in walked(folder):
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
                or stat.S_ISLNK(status.st_mode)):  # fmt: skip
            name = Path(path).name
            raise SandboxUnavailable(f"Installing left something that is no file: {name}.")
        if status.st_uid != user or status.st_gid != user:
            os.lchown(path, user, user)
        elif status.st_mode & (stat.S_ISUID | stat.S_ISGID) and not stat.S_ISLNK(status.st_mode):
            Path(path).chmod(stat.S_IMODE(status.st_mode) & ~(stat.S_ISUID | stat.S_ISGID))


def take_back(folder: Path, owner: int) -> None:
    """Give a folder back to us, and refuse one whose entries lead out of it: we look into them."""
    hand_over(folder, owner)
    for entry in folder.iterdir():
        if entry.is_symlink() and not entry.resolve().is_relative_to(folder.resolve()):
            raise SandboxUnavailable(f"Installing left a link that leads outside: {entry.name}.")


def bytes_in(folder: Path) -> int:
    """The disk that a folder takes; a file with several names counts once."""
    linked: set[int] = set()
    taken = 0
    for _, status in walked(folder):
        if status.st_nlink > 1 and stat.S_ISREG(status.st_mode):
            if status.st_ino in linked:
                continue
            linked.add(status.st_ino)
        taken += status.st_blocks * 512
    return taken


def walked(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The folder and everything below it, as far as it is there at this moment.

    Paths are texts: making objects of them would take as long as all the rest.
    """
    pending = [str(folder)]
    yield str(folder), folder.lstat()
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISDIR(status.st_mode):
                pending.append(entry.path)
            yield entry.path, status


async def outgrown(folder: Path, limit: int) -> None:
    """Return when the folder has grown beyond `limit` bytes; until then, look now and then."""
    while True:
        begun = time.monotonic()
        if await asyncio.to_thread(bytes_in, folder) > limit:
            return
        took = time.monotonic() - begun
        await asyncio.sleep(max(SHORTEST_LOOK_SECONDS, took * LOOK_SHARE))
