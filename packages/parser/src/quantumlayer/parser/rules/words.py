"""The words of a source, and where they stand: all by searches that run at the speed of memory."""

from collections import defaultdict
from collections.abc import Iterable

SEPARATORS = bytes(
    code if chr(code).isalnum() or code in b"_$" or code > 127 else 32 for code in range(256)
)


def words_of(data: bytes) -> frozenset[bytes]:
    """Every word of the source: letters, digits, `_` and `$`."""
    return frozenset(data.translate(SEPARATORS).split())


def containing(stems: Iterable[bytes], words: frozenset[bytes]) -> dict[bytes, list[bytes]]:
    """Stem → the words of the file that contain it."""
    text = b"\n" + b"\n".join(words) + b"\n"
    lowered = text.lower()
    return {stem: found for stem in stems if (found := _lines_with(stem, lowered, text))}


def _lines_with(part: bytes, lowered: bytes, text: bytes) -> list[bytes]:
    found = []
    at = lowered.find(part)
    while at >= 0:
        start, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at)
        found.append(text[start:end])
        at = lowered.find(part, end)
    return sorted(found)


def renamed(data: bytes) -> dict[bytes, list[bytes]]:
    """What stands before ` as ` → what stands behind it."""
    found: dict[bytes, list[bytes]] = defaultdict(list)
    at = data.find(b" as ")
    while at >= 0:
        before = data[max(0, at - 60) : at].translate(SEPARATORS).split()
        after = data[at + 4 : at + 64].translate(SEPARATORS).split()
        if before and after and after[0] not in found[before[-1]]:
            found[before[-1]].append(after[0])
        at = data.find(b" as ", at + 4)
    return found
