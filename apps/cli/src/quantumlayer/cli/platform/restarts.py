"""What takes a part down, and how soon it is started again."""

from __future__ import annotations

import signal
from dataclasses import dataclass

LONGEST_PAUSE_SECONDS = 5.0
# A part that served this long has made good for its earlier failures.
STEADY_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 0.25
# Between two starts of a part that is killed before it serves, so as not to do nothing else.
_BREATH_SECONDS = 1.0
# What others send to end a process; all other signals are a process's own doing.
_FROM_OTHERS = frozenset(
    {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}
)


@dataclass(frozen=True)
class Trouble:
    """Why a part does not serve, for people, and whether somebody else ended its process."""

    said: str
    from_outside: bool = False


def ending(status: int) -> Trouble:
    """The trouble with a process that ended with `status`, negative for a signal's number.

    A server does not end in good order by itself: it was told to.
    """
    if status >= 0:
        return Trouble(f"exit status {status}", from_outside=status == 0)
    try:
        known = signal.Signals(-status)
    except ValueError:
        return Trouble(f"signal {-status}")
    return Trouble(f"signal {-status} ({known.name})", from_outside=known in _FROM_OTHERS)


class Pace:
    """Longer and longer pauses for a part that fails by itself, never more than seconds.

    Deaths from outside say nothing about the part, so they earn no pause, however many they are.
    """

    def __init__(self) -> None:
        self._failures = 0

    def pause_after(self, trouble: Trouble, *, served_seconds: float) -> float:
        """Seconds to wait before the next start; `served_seconds` is 0 if it never served."""
        if served_seconds > STEADY_SECONDS:
            self._failures = 0
        if trouble.from_outside:
            return 0.0 if served_seconds else _BREATH_SECONDS
        self._failures += 1
        return min(_FIRST_PAUSE_SECONDS * 2.0 ** (self._failures - 1), LONGEST_PAUSE_SECONDS)
