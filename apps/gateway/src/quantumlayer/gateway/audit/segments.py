"""Files of audit rows: a line of JSON each."""

import contextlib
import logging
import time
from pathlib import Path

from pydantic import ValidationError

from quantumlayer.gateway.audit.rows import AuditRow, row_of

_log = logging.getLogger(__name__)
SUFFIX = ".audit"
# Where segments are kept that a sink has. There may be many, and who drains must not see them.
_DRAINED = "drained"


def read_segment(path: Path) -> tuple[AuditRow, ...]:
    """The whole rows of a segment."""
    return read_rows(path, 0, None)


def read_rows(path: Path, begin: int, end: int | None) -> tuple[AuditRow, ...]:
    """The whole rows from the byte `begin` on; a line that a crash cut is left out, and said."""
    rows: list[AuditRow] = []
    for line in _bytes(path, begin, end).splitlines():
        try:
            rows.append(row_of(line))
        except ValidationError:
            _log.warning("a line of %s is no audit row; it is left out", path.name)
    return tuple(rows)


def count_rows(path: Path, begin: int) -> int:
    """How many lines there are from the byte `begin` on."""
    return _bytes(path, begin, None).count(b"\n")


def retire(path: Path, *, keep: bool) -> None:
    """Takes a segment that a sink has out of the way: into a folder of its own, or off the disk."""
    # Another process may have handed it over meanwhile, and done this.
    with contextlib.suppress(FileNotFoundError):
        if keep:
            kept = path.parent / _DRAINED
            kept.mkdir(exist_ok=True)
            path.rename(kept / path.name)
        else:
            path.unlink()


def clear_away(folder: Path, keep_seconds: float) -> None:
    """Removes kept segments to which nobody has written for `keep_seconds`."""
    for path in (folder / _DRAINED).glob(f"*{SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > keep_seconds:
                path.unlink()


def _bytes(path: Path, begin: int, end: int | None) -> bytes:
    try:
        with path.open("rb") as segment:
            segment.seek(begin)
            return segment.read(-1 if end is None else end - begin)
    except FileNotFoundError:
        return b""
