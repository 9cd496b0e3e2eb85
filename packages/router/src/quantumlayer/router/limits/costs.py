"""What a limit allows, and what a call costs of it: time, in microseconds.

A limit of n a minute refills in steps of 60 s / n, so a call of k costs k such steps.
"""

import math
from dataclasses import dataclass

from quantumlayer.router.limits.signals import RateSignals

_MINUTE = 60_000_000
_MOST = 1_000_000_000
# A provider that asks for more is asked again after this, rather than trusted for a day.
_MOST_PAUSE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one provider allows one key; `name` says which, and None is no limit.

    `burst_seconds` is how much of a minute's allowance may go at once after a time of rest: all
    of it where the provider counts as a token bucket does (OpenAI, Anthropic), a second's or ten
    where it wants requests spread out (Azure OpenAI).
    """

    name: str
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrent: int | None = None
    burst_seconds: float = 60.0

    def __post_init__(self) -> None:
        counts = (self.requests_per_minute, self.tokens_per_minute, self.concurrent)
        if any(count is not None and not 1 <= count <= _MOST for count in counts):
            raise ValueError(f"what {self.name} is limited to lies between 1 and {_MOST:,}")
        if not 0 < self.burst_seconds <= 60:
            raise ValueError(f"a burst of {self.name} lasts up to 60 s, not {self.burst_seconds}")


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds that a call takes of each allowance, and that may go at once; 0: no limit."""

    request: int
    request_burst: int
    tokens: int
    tokens_burst: int


def cost(limit: RateLimit, tokens: int) -> Cost:
    """What a call of so many tokens costs.

    More tokens than may go at once cost the whole burst: such a call waits for a full bucket, and
    not for ever.
    """
    if tokens < 0:
        raise ValueError(f"a call has no {tokens} tokens")
    return Cost(
        request_time(limit, 1),
        _burst(limit, limit.requests_per_minute),
        token_time(limit, tokens),
        _burst(limit, limit.tokens_per_minute),
    )


def request_time(limit: RateLimit, requests: int) -> int:
    return _time(limit, limit.requests_per_minute, requests)


def token_time(limit: RateLimit, tokens: int) -> int:
    return _time(limit, limit.tokens_per_minute, tokens)


def pause_time(signals: RateSignals) -> int | None:
    """For how long a refusal asks to be left alone; None: it does not say."""
    seconds = signals.pause_seconds
    return None if seconds is None else microseconds(min(seconds, _MOST_PAUSE_SECONDS))


def time_lacking(limit: RateLimit, signals: RateSignals) -> tuple[int, int]:
    """Until requests and tokens are full again, by what remains; 0 where that is not said."""
    full = cost(limit, 0)
    requests, tokens = signals.requests, signals.tokens
    return (
        full.request_burst - request_time(limit, requests.remaining) if requests else 0,
        full.tokens_burst - token_time(limit, tokens.remaining) if tokens else 0,
    )


def microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _time(limit: RateLimit, per_minute: int | None, count: int) -> int:
    if per_minute is None:
        return 0
    return min(_burst(limit, per_minute), math.ceil(count * _MINUTE / per_minute))


def _burst(limit: RateLimit, per_minute: int | None) -> int:
    if per_minute is None:
        return 0
    return max(microseconds(limit.burst_seconds), math.ceil(_MINUTE / per_minute))
