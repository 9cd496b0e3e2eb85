"""Answers in this process: bounded by bytes, the least recently used go first."""

from collections import OrderedDict
from collections.abc import Callable

from quantumlayer.router.answers.keys import AnswerKey
from quantumlayer.router.answers.nouns import Answer

# What an entry and a chunk take besides their bytes, so that many small ones are bounded too.
_ENTRY_BYTES = 512
_CHUNK_BYTES = 48


class MemoryAnswers:
    """At most `most_bytes` of answers, each for its time to live. `clock`: monotonic seconds."""

    def __init__(self, most_bytes: int, clock: Callable[[], float]) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._entries: OrderedDict[AnswerKey, tuple[Answer, float]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: AnswerKey) -> Answer | None:
        """The answer, if it is here and still good."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        answer, until = entry
        if self._clock() >= until:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return answer

    def keep(self, key: AnswerKey, answer: Answer, ttl_seconds: float) -> None:
        """Keeps it in place of what was there; one that is larger than all room is not kept."""
        if key in self._entries:
            self._drop(key)
        if ttl_seconds <= 0 or _weight(answer) > self._most_bytes:
            return
        self._entries[key] = (answer, self._clock() + ttl_seconds)
        self.bytes += _weight(answer)
        while self.bytes > self._most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: AnswerKey) -> None:
        answer, _ = self._entries.pop(key)
        self.bytes -= _weight(answer)


def _weight(answer: Answer) -> int:
    return _ENTRY_BYTES + answer.size + _CHUNK_BYTES * len(answer.chunks)
