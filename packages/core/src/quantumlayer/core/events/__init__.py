"""A run's story: append-only, numbered, kept in PostgreSQL and pushed through Redis."""

from quantumlayer.core.events.log import Event, EventLog
from quantumlayer.core.events.types import EventType

__all__ = ["Event", "EventLog", "EventType"]
