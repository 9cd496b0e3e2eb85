"""Unpacking a zip that may be hostile: everything is checked before a byte is written.

Wider than the capsule's own reader, which takes nothing but what we packed: people's archives hold
folders, comments and times.
"""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.links import LeadsOut, destination

MOST_ENTRIES = 20_000
MOST_BYTES = 512 * 1024 * 1024
MOST_RATIO = 200
# Small files may be packed as tightly as they like.
RATIO_COUNTS_FROM = 1024 * 1024
LONGEST_NAME = 240
LONGEST_LINK = 1024
CHUNK = 1 << 20
ENCRYPTED = 0x1


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of a zip into an empty folder. Raises Refused, then nothing is to be used.

    Refused are names that leave the folder or collide, links that leave it or have files below
    them, devices, encryption, too many entries, more than MOST_BYTES bytes, and what unpacks to far
    more than its size.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            check_all(entries)
            links = links_in(opened, entries)
            for entry in entries:
                if not entry.is_dir() and not is_link(entry):
                    write(opened, entry, folder)
            # When all else is written, so that nothing can be written through them.
            for path, written in links.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(written)
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
        is_folder = entry.is_dir() and not is_link(entry)
        if key in seen and not (seen[key] and is_folder):
            raise Refused(f"The archive holds {entry.filename!r} twice.")
        seen[key] = is_folder
    files = {key for key, is_folder in seen.items() if not is_folder}
    for key in seen:
        if any(str(parent) in files for parent in PurePosixPath(key).parents):
            raise Refused(f"The archive uses a file or a link as a folder: {key!r}.")


def links_in(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, str]:
    """The links of an archive: path → what is written in it. Refuses those that lead out."""
    links = {}
    for entry in filter(is_link, entries):
        with opened.open(entry) as stream:
            written = stream.read(LONGEST_LINK + 1)
        if not 0 < len(written) <= LONGEST_LINK or b"\0" in written or b"\\" in written:
            raise Refused(f"The archive holds a link that leads nowhere: {entry.filename!r}.")
        links["/".join(parts_of(entry))] = written.decode()
    for path in links:
        try:
            destination(path, links)
        except LeadsOut:
            raise Refused(f"The archive holds a link that leads out of it: {path!r}.") from None
    return links


def is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def check(entry: zipfile.ZipInfo) -> None:
    """Refuse what is no plain file, folder or link inside."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
        raise Refused(f"The archive holds no plain file: {entry.filename!r}.")
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


def write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """Unpack one file; what it says of its own size is not believed."""
    target = folder.joinpath(*parts_of(entry))
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
