"""Counting what happened in the last seconds, in constant memory."""

from collections import deque
from dataclasses import dataclass

_BUCKETS = 10


@dataclass(slots=True)
class _Bucket:
    number: int
    calls: int = 0
    failures: int = 0


class SlidingWindow:
    """Calls and failures of the last `seconds`, in ten buckets: exact to a tenth of that."""

    def __init__(self, seconds: float) -> None:
        self._bucket_seconds = seconds / _BUCKETS
        self._buckets: deque[_Bucket] = deque()
        self._calls = 0
        self._failures = 0

    def add(self, now: float, *, failed: bool) -> None:
        """Counts one call that ended at `now`."""
        number = int(now / self._bucket_seconds)
        if not self._buckets or self._buckets[-1].number < number:
            self._buckets.append(_Bucket(number))
        self._buckets[-1].calls += 1
        self._buckets[-1].failures += failed
        self._calls += 1
        self._failures += failed
        self._forget(number)

    def counts(self, now: float) -> tuple[int, int]:
        """Calls, and how many of them failed, of the time up to `now`."""
        self._forget(int(now / self._bucket_seconds))
        return self._calls, self._failures

    def clear(self) -> None:
        """Forgets all."""
        self._buckets.clear()
        self._calls = self._failures = 0

    def _forget(self, number: int) -> None:
        while self._buckets and self._buckets[0].number <= number - _BUCKETS:
            old = self._buckets.popleft()
            self._calls -= old.calls
            self._failures -= old.failures
