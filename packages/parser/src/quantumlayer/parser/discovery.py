"""The files of a project that people wrote, and their contents: one walk for all who read."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# Folders of what others wrote or tools made, wherever they are.
LEFT_OUT = frozenset({
    ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "bower_components", "__pycache__",
    ".tox", ".nox", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".gradle", ".idea", ".next",
    ".quantumlayer", ".cache", ".terraform",
})  # fmt: skip
# Folders of built things, when what builds them stands beside them, or a mark inside.
BUILT = {
    "target": ("Cargo.toml", "pom.xml"),
    "build": ("build.gradle", "build.gradle.kts", "setup.py"),
    "out": ("build.gradle", "build.gradle.kts"),
}
BUILT_MARKS = ("CACHEDIR.TAG", "CMakeCache.txt", "pyvenv.cfg")
LARGEST_FILE = 1024 * 1024
NOT_WRITTEN = (".min.js", ".min.css", ".map", ".lock")
_HEAD = 8_192


class Found(NamedTuple):
    """A file: `path` from the root of its project, with forward slashes, and where it is."""

    path: str
    place: Path


def project_files(root: Path) -> Iterator[Found]:
    """The files of a project, sorted by folder; a lone file is a project of its own.

    No link is followed, and folders of tools, dependencies and built things are passed over.
    """
    if not root.is_dir():
        yield Found(root.name, root)
        return
    for place, folders, names in os.walk(root):
        inside = Path(place)
        beside = frozenset((*folders, *names))
        folders[:] = sorted(
            name for name in folders if not is_left_out(name, beside, inside / name)
        )
        for name in sorted(names):
            path = inside / name
            if path.is_file() and not path.is_symlink():
                yield Found(path.relative_to(root).as_posix(), path)


def is_left_out(name: str, beside: frozenset[str], folder: Path) -> bool:
    """Whether a folder called `name`, with `beside` next to it, is no work of the project's."""
    if name in LEFT_OUT or not beside.isdisjoint(BUILT.get(name, ())):
        return True
    return any((folder / mark).is_file() for mark in BUILT_MARKS)


def is_written(path: str, size: int) -> bool:
    """Whether a file of so many bytes may be what somebody wrote: not packed, not a lock."""
    return size <= LARGEST_FILE and not path.endswith(NOT_WRITTEN)


def is_text(data: bytes) -> bool:
    """Whether the content is text, in whatever encoding."""
    head = data[:_HEAD]
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
