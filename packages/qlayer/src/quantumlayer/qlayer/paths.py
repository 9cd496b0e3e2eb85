"""Paths that come from a model are untrusted: they stay inside the tree."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

_ALLOWED = re.compile(r"^[A-Za-z0-9_.@+\-\[\]()]+$")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
_METADATA = frozenset({"capsule", "capsule.json", ".git"})
MAX_PATH_LENGTH = 200


class PathEscapesTree(ValueError):  # noqa: N818 - it says what happened
    """A file name that would leave the tree, or that no file system carries safely."""


def confined(path: str) -> PurePosixPath:
    """`path` as a relative POSIX path inside the tree.

    Raises PathEscapesTree for absolute paths, `..`, back slashes, control characters, device
    names, parts that end in a dot (some file systems drop it), and the names that the capsule keeps
    for itself.
    """
    if not path or len(path) > MAX_PATH_LENGTH:
        raise PathEscapesTree(f"a path has 1 to {MAX_PATH_LENGTH} characters: {path[:60]!r}")
    if unicodedata.normalize("NFC", path) != path or "\\" in path or path.startswith(("/", "~")):
        raise PathEscapesTree(f"not a relative path inside the tree: {path!r}")
    parts = path.split("/")
    for part in parts:
        if part == "" or part.endswith(".") or not _ALLOWED.match(part) or _RESERVED.match(part):
            raise PathEscapesTree(f"not a relative path inside the tree: {path!r}")
    if parts[0].lower() in _METADATA:
        raise PathEscapesTree(f"{parts[0]!r} is kept for the capsule itself: {path!r}")
    return PurePosixPath(path)


def colliding(paths: Iterable[str]) -> tuple[str, str] | None:
    """Two of `paths` that no file system, or only some, can hold side by side, if there are any.

    They differ by case only, or one of them is a folder of the other.
    """
    seen: dict[str, str] = {}
    files = sorted(paths)
    for path in files:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            return other, path
    for path in files:
        for folder in PurePosixPath(path).parents:
            if other := seen.get(str(folder).casefold(), ""):
                return other, path
    return None
