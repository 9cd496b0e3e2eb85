"""A folder as one archive to be sent: what counts of it, and nothing that is nobody's business."""

import io
import stat
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.material import OF_CAPSULE, Material, opened
from quantumlayer.qlayer.revision.secrecy import is_secret

MOST_FILES = 1_000
MOST_BYTES = 32 * 1024 * 1024
MOST_PACKED_BYTES = 40 * 1024 * 1024
"""A little more than its files may have: an archive has its own entries."""
LINKED = "a version holds files alone, and no symbolic links"
_NAMED = 3
_PLAIN_FILE, _PROGRAM = 0o100644, 0o100755
# A zip's first moment, so that equal folders are equal archives.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A zip of a folder, and what was left out of it, in sentences."""

    content: bytes
    files: int
    notes: tuple[str, ...]


def packed(path: Path) -> Packed:
    """The folder, or the archive of one, at `path`. Raises Refused, OSError."""
    with opened(path) as material:
        contents = _contents(material)
        if material.capsule is not None:
            evidence = {name: (material.capsule / name).read_bytes() for name in OF_CAPSULE}
        else:
            evidence = {}
        secret = [name for name, content in contents.items() if is_secret(name, content)]
        kept = {name: content for name, content in contents.items() if name not in secret}
        programs = programs_in(material.root, kept)
        notes = (
            *material.notes,
            *left_out(material.links, LINKED),
            *left_out(secret, "may hold secrets"),
        )
    return Packed(_zipped({**kept, **evidence}, programs), len(kept), notes)


def programs_in(root: Path, paths: Iterable[str]) -> frozenset[str]:
    """Those of the files that can be run as programs."""
    return frozenset(path for path in paths if (root / path).stat().st_mode & stat.S_IXUSR)


def left_out(paths: Sequence[str], why: str) -> tuple[str, ...]:
    """A sentence on files that are not taken; none where there are none."""
    if not paths:
        return ()
    rest = len(paths) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    was = "was" if len(paths) == 1 else "were"
    return (f"{', '.join(paths[:_NAMED])}{more} {was} left out: {why}.",)


def require_bounded(files: int, size: int) -> None:
    """Raises Refused for more than can be worked on."""
    if files > MOST_FILES:
        raise Refused(
            f"It holds {files:,} files, and {MOST_FILES:,} can be worked on. Name the folder of"
            " one project.",
            limit="files",
        )
    if size > MOST_BYTES:
        raise Refused(
            f"It holds {size / 1024**2:.0f} MiB, and {MOST_BYTES // 1024**2} can be worked on."
            " Leave out what its tests do not need.",
            limit="size",
        )


def _require_within(material: Material) -> None:
    """Raises Refused for links that lead out: what is behind them is missed, or given away."""
    if material.escaping:
        more = f" and {len(material.escaping) - 1} more" if len(material.escaping) > 1 else ""
        raise Refused(
            f"It holds a symbolic link that leads out of it: {material.escaping[0]}{more}. Put the"
            " files in its place, or take it away."
        )


def _contents(material: Material) -> dict[str, bytes]:
    _require_within(material)
    # What shows the pages of a capsule is no part of its project.
    pictures = "capsule/" if material.capsule is not None else "\0"
    own = {path: size for path, size in material.files.items() if not path.startswith(pictures)}
    require_bounded(len(own), sum(own.values()))
    return {path: (material.root / path).read_bytes() for path in own}


def _zipped(contents: dict[str, bytes], programs: Collection[str]) -> bytes:
    packed_bytes = io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = (_PROGRAM if path in programs else _PLAIN_FILE) << 16
            archive.writestr(entry, contents[path], zipfile.ZIP_DEFLATED)
    return packed_bytes.getvalue()
