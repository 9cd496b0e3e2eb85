"""Byte ranges and validators of HTTP (RFC 9110), as pure functions."""

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
_MOST_DIGITS = 18


class Unsatisfiable(Exception):  # noqa: N818 - it says what happened
    """The range lies outside of the content: 416."""


@dataclass(frozen=True)
class ByteRange:
    """A part of a content: `length` bytes from `start`."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        """The value of `Content-Range` for a content of `size` bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def requested_range(header: str | None, size: int) -> ByteRange | None:
    """The part that a `Range` value asks for; None for all of it.

    Units that we do not know, malformed values and lists of ranges are ignored, as the standard
    allows. Raises Unsatisfiable for a part that does not exist.
    """
    match = _SINGLE.fullmatch(header.strip()) if header else None
    if match is None:
        return None
    first, last = match.groups()
    if (not first and not last) or len(first) > _MOST_DIGITS or len(last) > _MOST_DIGITS:
        return None
    if not first:
        return _suffix(int(last), size)
    start, end = int(first), int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return ByteRange(start, min(end, size - 1) - start + 1)


def _suffix(length: int, size: int) -> ByteRange:
    if length == 0 or size == 0:
        raise Unsatisfiable
    start = max(0, size - length)
    return ByteRange(start, size - start)


def matches(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` value names `etag`, by weak comparison."""
    if header is None:
        return False
    if header.strip() == "*":
        return True
    return any(one.strip().removeprefix("W/") == etag for one in header.split(","))


def range_still_holds(if_range: str | None, etag: str) -> bool:
    """Whether the client's earlier bytes are of this very content: strong comparison."""
    return if_range is None or if_range.strip() == etag
