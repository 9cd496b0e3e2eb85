"""Where words stand in a source, by searches that run at the speed of memory."""

from collections.abc import Iterator

_PART_OF_WORD = frozenset(
    code for code in range(256) if chr(code).isalnum() or code in b"_$" or code > 127
)
_MAX_HITS = 5_000


def occurrences(data: bytes, word: bytes, follows: bytes = b"") -> Iterator[tuple[int, int]]:
    """Start and end of the word wherever it stands alone, with `follows` right behind it."""
    wanted, size = word + follows, len(data)
    at = data.find(wanted)
    for _ in range(_MAX_HITS):
        if at < 0:
            return
        end = at + len(word)
        if (at == 0 or data[at - 1] not in _PART_OF_WORD) and (
            follows or end == size or data[end] not in _PART_OF_WORD
        ):
            yield at, end
        at = data.find(wanted, end)
