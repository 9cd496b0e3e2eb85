"""Reading files of a project on the host: they may be links, pipes, devices, or without end."""

from pathlib import Path

from quantumlayer.manifests import regular_content

LARGEST_FILE = 4 * 1024 * 1024


def text_of(path: Path, *, largest: int = LARGEST_FILE, encoding: str = "utf-8-sig") -> str | None:
    """The text of a regular file, None for whatever else there may be, or nothing.

    Links are not followed, nothing is waited for, and no more than `largest` bytes are read: larger
    files give None, too.
    """
    content = regular_content(path, largest)
    return None if content is None else content.decode(encoding, errors="replace")
