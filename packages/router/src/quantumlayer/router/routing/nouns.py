"""The words of circuit breakers: state, policy, view."""

from dataclasses import dataclass
from enum import StrEnum


class BreakerState(StrEnum):
    """Where a breaker stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a breaker opens and how it comes back; times in seconds."""

    window_seconds: float = 30
    minimum_calls: int = 10
    """A share means nothing below so many calls in the window."""
    failure_share: float = 0.5
    consecutive_failures: int = 5
    cooldown_seconds: float = 5
    longest_cooldown_seconds: float = 120
    permanent_cooldown_seconds: float = 300
    """Keys and models are mended by people: one probe in such a time finds out."""
    longest_pause_seconds: float = 3600
    """How long a provider's word for when to come back is believed."""
    probes: int = 2
    """Answered probes that end the half-open state."""
    probe_seconds: float = 180
    """A probe whose end was not heard of by then is given up, and another may go."""
    recovery_seconds: float = 30
    first_share: float = 0.1
    """The share of calls let through when recovering begins; it grows evenly to all."""
    recovering_minimum_calls: int = 4
    """As `minimum_calls`, while recovering."""


@dataclass(frozen=True, slots=True)
class BreakerView:
    """A breaker as it stands."""

    state: BreakerState
    available: bool
    """Whether the next call may be let through: not open, not paused, no probe under way."""
    share: float
    """The share of calls that is let through."""
    reason: str
    """Why it opened or paused last; empty while it is closed and was not paused."""
    permanent: bool
    """Whether somebody must mend something: the key, the account, the model's name."""
    retry_in_seconds: float
    """The rest of a cooldown or a pause; 0 where only the end of a probe is waited for."""
    calls: int
    """Calls in the window that ended in an answer or in a failure that counts."""
    failures: int
    openings: int
    """How often it has opened in all."""
