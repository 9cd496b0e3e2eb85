"""A project's files, in memory or on disk, as readers of manifests want them."""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LARGEST_FILE = 16 * 1024 * 1024
MOST_FILES = 20_000
# What tools and installers make; nobody declares anything in it.
NOT_READ = frozenset({
    ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".quantumlayer",
})  # fmt: skip


@dataclass(frozen=True)
class FilesInMemory:
    """Files that are already read: path → content."""

    contents: Mapping[str, bytes]

    def paths(self) -> Iterable[str]:
        """See `ProjectFiles`."""
        return sorted(self.contents)

    def content(self, path: str) -> bytes | None:
        """See `ProjectFiles`."""
        return self.contents.get(path)


@dataclass(frozen=True)
class FilesOnDisk:
    """Files of a folder that may be hostile: links lead nowhere outside, nothing is waited for.

    Folders that tools make are left out, and what is larger than LARGEST_FILE cannot be read.
    """

    root: Path

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        found: list[str] = []
        for place, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in NOT_READ]
            inside = Path(place).relative_to(self.root)
            found += [(inside / name).as_posix() for name in names]
            if len(found) > MOST_FILES:
                break
        return tuple(sorted(found[:MOST_FILES]))

    def paths(self) -> Iterable[str]:
        """See `ProjectFiles`."""
        return self._paths

    def content(self, path: str) -> bytes | None:
        """See `ProjectFiles`. What a link shows counts as long as it lies in the folder."""
        place = Path(os.path.realpath(self.root / path))
        if ".." in path.split("/") or not place.is_relative_to(os.path.realpath(self.root)):
            return None
        return regular_content(place, LARGEST_FILE)


def regular_content(path: Path, largest: int) -> bytes | None:
    """The bytes of a regular file, None for whatever else there may be, or nothing.

    Links are not followed, nothing is waited for, and no more than `largest` bytes are read: larger
    files give None, too.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with open(descriptor, "rb") as stream:  # noqa: PTH123 - a descriptor
        content = stream.read(largest + 1)
    return None if len(content) > largest else content
