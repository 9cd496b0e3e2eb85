"""Where the paths of an image are, below the folder that is its root: no link leads out of it."""

import fnmatch
import posixpath
from pathlib import Path

LINKS = 40


class Wrong(Exception):  # noqa: N818 - what is said to the author of the Dockerfile
    """A step cannot be done; says why."""


def inside(root: Path, path: str) -> Path:
    """Where a path of an image is, with every link on the way followed within the root."""
    parts = path.split("/")
    found: list[str] = []
    links = 0
    while parts:
        part = parts.pop(0)
        if part in ("", "."):
            continue
        if part == "..":
            found = found[:-1]
            continue
        place = root.joinpath(*found, part)
        if place.is_symlink():
            links += 1
            if links > LINKS:
                raise Wrong(f"{path}: too many links")
            target = str(place.readlink())
            found = [] if target.startswith("/") else found
            parts = [*target.split("/"), *parts]
        else:
            found.append(part)
    return root.joinpath(*found)


def path_of(place: Path, root: Path) -> str:
    """A place below a root as a path of the image."""
    return f"/{place.relative_to(root)}"


def make_folder(root: Path, path: str) -> Path:
    place = inside(root, path)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Wrong(f"{path} cannot be made: {error.strerror}") from error
    return place


def matching(root: Path, pattern: str) -> list[Path]:
    """The entries below a root that a pattern of Docker's means: `*` stays within a folder."""
    found = [root]
    for part in posixpath.normpath(f"/{pattern}").split("/"):
        if not part:
            continue
        folders = [inside(root, path_of(each, root)) for each in found]
        following: list[Path] = []
        for folder in folders:
            names = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
            following += [folder / name for name in names
                          if name == part or fnmatch.fnmatchcase(name, part)]  # fmt: skip
        found = following
    return found
