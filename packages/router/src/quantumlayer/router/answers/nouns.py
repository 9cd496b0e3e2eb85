"""An answer as it went to the client, ready to be given again."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the headers worth repeating, and the body: whole, or the chunks of a stream.

    `complete` is what the caller knows of it: a stream that broke off, or whose end mark is
    missing, is not complete and is never given twice.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    chunks: tuple[bytes, ...]
    streamed: bool = False
    complete: bool = True

    @property
    def body(self) -> bytes:
        """All chunks in one."""
        return b"".join(self.chunks)

    @property
    def size(self) -> int:
        """Bytes of body and headers."""
        named = sum(len(name) + len(value) for name, value in self.headers)
        return named + sum(map(len, self.chunks))


class Outcome(StrEnum):
    """What a look-up in the cache came to; said to the client in a header."""

    HIT = "hit"
    MISS = "miss"
    OFF = "off"
    """This question is not to be answered from a cache."""
    UNAVAILABLE = "unavailable"
    """A miss because the shared cache could not be asked."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The outcome, and the answer of a hit."""

    outcome: Outcome
    answer: Answer | None = None


class Keeping(StrEnum):
    """What became of an answer that was offered to the cache."""

    KEPT = "kept"
    OFF = "off"
    INCOMPLETE = "incomplete"
    """It broke off, or is an error: nothing to give to somebody else."""
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"
    """Kept in this process alone."""
