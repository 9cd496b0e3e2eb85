"""What a build is made from besides its Dockerfile: the files of the context, and our own doing."""

import functools
import hashlib
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.base import Base

PATTERN = re.compile(r"[*?\[\\]")
OURS = (Path(__file__).parent, Path(__file__).parent.parent / "payload")


class ContextFiles:
    """The entries of a build context by their paths, each with what it holds."""

    def __init__(self, context: Path) -> None:
        self.held = {path.relative_to(context).as_posix(): held(path)
                     for path in sorted(context.rglob("*"))}  # fmt: skip
        self.links = {path for path, what in self.held.items() if what.startswith("link")}

    def digest(self, sources: Sequence[str]) -> str:
        """Of all that COPY may take for these sources; of everything where that is not plain."""
        places = [posixpath.normpath(f"/{source}").strip("/") for source in sources]
        plain = all(not PATTERN.search(place) and place and not self.through_link(place)
                    for place in places)  # fmt: skip
        rows = [f"{path}\0{what}" for path, what in self.held.items()
                if not plain or any(is_below(path, place) for place in places)]  # fmt: skip
        return hashlib.sha256("\0\0".join(rows).encode(errors="surrogateescape")).hexdigest()

    def through_link(self, place: str) -> bool:
        path = PurePosixPath(place)
        return any(str(each) in self.links for each in (path, *path.parents))


def is_below(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")


def held(path: Path) -> str:
    """What an entry is, in one word that changes with it."""
    if path.is_symlink():
        return f"link {path.readlink()}"
    if path.is_dir():
        return "folder"
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return f"{'program' if path.stat().st_mode & 0o111 else 'file'} {digest}"


def of_base(base: Base) -> list[str]:
    """What a base is on this machine, which changes when its programs do."""
    mounts = (f"{mount.source}:{mount.target}:{changed(mount.source)}" for mount in base.mounts)
    return [base.name, *base.notes, *sorted(f"{k}={v}" for k, v in base.environment.items()),
            *sorted(mounts)]  # fmt: skip


def changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@functools.cache
def of_ours() -> str:
    """What plays a build: our own sources, so that no layer outlives a change of them."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in OURS for path in folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def digest_of(parts: Sequence[object]) -> str:
    """One key of some parts, of which none runs into the next."""
    text = "".join(f"{len(word)}:{word}" for word in map(repr, parts))
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
