"""Answers by content: an unchanged file is not analysed again."""

import hashlib
from collections import OrderedDict

from quantumlayer.parser.model import FileAnalysis

MAX_BYTES = 64 * 1024**2
"""So many bytes of answers are kept, as they came from a worker."""


class AnalysisCache:
    """The answers used last, by path and content, within `max_bytes`."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._known: OrderedDict[bytes, tuple[int, FileAnalysis]] = OrderedDict()

    def get(self, key: bytes) -> FileAnalysis | None:
        """What was kept under `key`, or None."""
        known = self._known.get(key)
        if known is None:
            return None
        self._known.move_to_end(key)
        return known[1]

    def put(self, key: bytes, analysis: FileAnalysis, size: int) -> None:
        """Keep `analysis`, whose answer had `size` bytes; what was used longest ago is dropped."""
        self._bytes += size - self._known.pop(key, (0, analysis))[0]
        self._known[key] = (size, analysis)
        while self._bytes > self._max_bytes:
            _, (dropped, _) = self._known.popitem(last=False)
            self._bytes -= dropped


def content_key(*parts: bytes) -> bytes:
    """A key that differs whenever any part does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
