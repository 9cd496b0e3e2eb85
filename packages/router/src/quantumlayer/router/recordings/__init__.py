"""Record a run's model traffic, and replay it exactly: deterministic, and free of charge."""

from quantumlayer.router.recordings.providers import RecordingProvider, ReplayingProvider
from quantumlayer.router.recordings.tapes import NotATape, Tape

__all__ = ["NotATape", "RecordingProvider", "ReplayingProvider", "Tape"]
