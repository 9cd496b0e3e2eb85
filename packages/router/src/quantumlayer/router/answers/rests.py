"""Leaving a server alone for a moment after it failed."""

from collections.abc import Callable


class Rest:
    """After a failure nobody tries for `seconds`; then one does, and the others when it could.

    Without it, every call would wait out the same time limit while a server is gone.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until: float | None = None

    def over(self) -> bool:
        """Whether the caller may try, and must then say how it went."""
        if self._until is None:
            return True
        now = self._clock()
        if now < self._until:
            return False
        self._until = now + self._seconds
        return True

    def failed(self) -> None:
        """The rest begins."""
        self._until = self._clock() + self._seconds

    def succeeded(self) -> None:
        """Everybody may try."""
        self._until = None
