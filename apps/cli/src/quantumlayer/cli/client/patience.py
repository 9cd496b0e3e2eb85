"""Waiting for an API that is away: for a good while, saying so, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

# Shorter breaks are nobody's concern.
_QUIET_SECONDS = 3.0
_SECONDS_BETWEEN_WORDS = 15.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 3.0


class Patience:
    """Counts from the first failure after a success; `say` is told when that takes long."""

    def __init__(self, seconds: float, say: Callable[[str], None]) -> None:
        self.seconds = seconds
        self._say = say
        self._away_since: float | None = None
        self._say_at = 0.0
        self._pause = _FIRST_PAUSE_SECONDS

    def is_over_after(self, reason: str) -> bool:
        """Take a failure in and wait a moment; whether it is time to give up instead."""
        now = time.monotonic()
        if self._away_since is None:
            self._away_since, self._say_at = now, now + _QUIET_SECONDS
        away = now - self._away_since
        if away >= self.seconds:
            return True
        if now >= self._say_at:
            self._say(
                f"the API does not answer ({reason or 'closed'}); waiting for it,"
                f" {away:.0f} of at most {self.seconds:.0f} s"
            )
            self._say_at = now + _SECONDS_BETWEEN_WORDS
        time.sleep(self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return False

    def renew(self) -> None:
        """Take a success in: the next failure is the first one again."""
        if self._away_since is not None:
            away = time.monotonic() - self._away_since
            if away >= _QUIET_SECONDS:
                self._say(f"the API answers again after {away:.0f} s")
        self._away_since, self._pause = None, _FIRST_PAUSE_SECONDS
