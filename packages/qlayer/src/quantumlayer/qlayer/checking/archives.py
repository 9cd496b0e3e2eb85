"""Unpacking a zip that may be hostile: everything is checked before a byte is written.

Wider than the capsule's own reader, which takes nothing but what we packed: people's archives hold
folders, comments and times.
"""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from quantumlayer.qlayer.checking.errors import Refused

MOST_ENTRIES = 20_000
MOST_BYTES = 512 * 1024 * 1024
MOST_RATIO = 200
# Small files may be packed as tightly as they like.
RATIO_COUNTS_FROM = 1024 * 1024
LONGEST_NAME = 240
CHUNK = 1 << 20
ENCRYPTED = 0x1


def unpack(archive: Path, destination: Path) -> None:
    """Write the files of a zip into an empty folder. Raises Refused, then nothing is to be used.

    Refused are names that leave the folder or collide, links, devices, encryption, too many
    entries, more than MOST_BYTES bytes, and what unpacks to far more than its size.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            check_all(entries)
            for entry in entries:
                if not entry.is_dir():
                    write(opened, entry, destination)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"The archive cannot be read: {error}.") from None
    except (UnicodeError, ValueError, OverflowError) as error:
        raise Refused(f"The archive is damaged: {error}.") from None
    except OSError as error:
        raise Refused(f"The archive cannot be unpacked: {error.strerror or error}.") from None


def check_all(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse the archive for any of its entries, or for all of them together."""
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"The archive has more than {MOST_ENTRIES:,} entries.", limit="files")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise Refused(f"The archive unpacks to {total:,} bytes, more than {MOST_BYTES:,}.",
                      limit="size")  # fmt: skip
    seen: dict[str, bool] = {}
    for entry in entries:
        check(entry)
        key = "/".join(parts_of(entry)).casefold()
        if key in seen and not (seen[key] and entry.is_dir()):
            raise Refused(f"The archive holds {entry.filename!r} twice.")
        seen[key] = entry.is_dir()
    files = {key for key, is_folder in seen.items() if not is_folder}
    for key in seen:
        if any(str(parent) in files for parent in PurePosixPath(key).parents):
            raise Refused(f"The archive uses a file as a folder: {key!r}.")


def check(entry: zipfile.ZipInfo) -> None:
    """Refuse what is no plain file or folder inside."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "no plain file"
        raise Refused(f"The archive holds {what}: {entry.filename!r}.")
    if entry.flag_bits & ENCRYPTED:
        raise Refused(f"The archive is encrypted: {entry.filename!r}.")
    packed_well = entry.file_size > max(entry.compress_size, 1) * MOST_RATIO
    if entry.file_size > RATIO_COUNTS_FROM and packed_well:
        raise Refused(f"{entry.filename!r} unpacks to more than {MOST_RATIO} times its size.",
                      limit="size")  # fmt: skip
    parts_of(entry)


def parts_of(entry: zipfile.ZipInfo) -> list[str]:
    """The folders and the name of an entry. Raises Refused when they lead elsewhere."""
    # What zipfile makes of a name is more lenient than what was written.
    name = entry.orig_filename
    parts = name.rstrip("/").split("/")
    leaves = name.startswith("/") or "\\" in name or "\0" in name or ":" in parts[0]
    if leaves or any(part in ("", ".", "..") for part in parts):
        raise Refused(f"The archive holds a path that leads out of it: {name!r}.")
    if len(name.encode()) > LONGEST_NAME * 4 or any(len(p.encode()) > LONGEST_NAME for p in parts):
        raise Refused(f"The archive holds a path that is too long: {name[:80]!r}…")
    return parts


def write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, destination: Path) -> None:
    """Unpack one file; what it says of its own size is not believed."""
    target = destination.joinpath(*parts_of(entry))
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with opened.open(entry) as source, target.open("xb") as written:
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refused(f"{entry.filename!r} is larger than it says.", limit="size")
            written.write(chunk)
    if (entry.external_attr >> 16) & stat.S_IXUSR:
        target.chmod(0o755)
