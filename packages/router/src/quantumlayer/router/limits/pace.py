"""When calls may begin: a state without I/O, moved by calls, refusals and what is said to remain.

Times are microseconds of one clock. `prelude.lua` says the same once more for Redis; the tests
hold the two against each other.
"""

from dataclasses import dataclass

from quantumlayer.router.limits.costs import Cost

# After a pause calls begin so far apart, and each time a tenth less, until after 2.5 s it is over.
FIRST_GAP = 250_000
_LAST_GAP = 1_000
# A provider that refuses without saying for how long is asked again after 1, 2, 4 … 60 seconds.
_SECOND, _MOST_BACKOFF = 1_000_000, 60_000_000


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who waits before a call: how many, and what their tokens cost together."""

    calls: int
    tokens: int


@dataclass(slots=True)
class Pace:
    """`requests` and `tokens` are theoretical arrival times: when each bucket is full again."""

    requests: int = 0
    tokens: int = 0
    paused_until: int = 0
    pauses: int = 0
    next_start: int = 0
    gap: int = 0
    refusals: int = 0
    seen: int = 0
    """When it was last looked at."""

    def believe(self, now: int) -> None:
        """Goes back with a clock that was set back: what has to be waited for is as far ahead."""
        if now < self.seen:
            gone_back = self.seen - now
            for name in ("requests", "tokens", "paused_until", "next_start"):
                setattr(self, name, max(0, getattr(self, name) - gone_back))
        self.seen = now

    def opens(self, cost: Cost, ahead: Ahead, now: int) -> int:
        """When a call may begin for which there is room beside everybody ahead of it."""
        at = max(now, self.paused_until, self.next_start + _stagger(self.gap, ahead.calls))
        if cost.request_burst:
            requests = max(self.requests, now) + cost.request * (ahead.calls + 1)
            at = max(at, requests - cost.request_burst)
        if cost.tokens_burst:
            tokens = max(self.tokens, now) + ahead.tokens + cost.tokens
            at = max(at, tokens - cost.tokens_burst)
        return at

    def begin(self, cost: Cost, now: int) -> None:
        """Takes what the call costs."""
        self.requests = max(self.requests, now) + cost.request
        self.tokens = max(self.tokens, now) + cost.tokens
        self.next_start = now + self.gap
        self.gap = _narrower(self.gap)

    def refused(self, cost: Cost, now: int, pause: int | None) -> None:
        """Begins a pause, after which there is room for the refused call at most."""
        if pause is None:
            if now < self.paused_until:
                return
            self.refusals += 1
            pause = min(_SECOND * 2 ** min(self.refusals - 1, 10), _MOST_BACKOFF)
        until = now + pause
        if until <= self.paused_until:
            return
        self.paused_until = self.next_start = until
        self.pauses += 1
        self.gap = FIRST_GAP
        # Never more room than there was, but for the refused call itself, which took nothing.
        self.requests = until + cost.request_burst - cost.request
        self.tokens = until + cost.tokens_burst - cost.tokens

    def served(self, requests_full: int, tokens_full: int, now: int) -> None:
        """A reply came; its provider's buckets are not full before those moments (0: not said)."""
        self.requests = max(self.requests, requests_full)
        self.tokens = max(self.tokens, tokens_full)
        if now >= self.paused_until:
            self.refusals = 0

    def given_back(self, pauses: int, tokens: int) -> None:
        """A call took less than was thought; one from before a pause has nothing to give back."""
        if pauses == self.pauses:
            self.tokens -= tokens


def _narrower(gap: int) -> int:
    return gap * 9 // 10 if gap > _LAST_GAP else 0


def _stagger(gap: int, calls: int) -> int:
    """How long after the next start a call begins that has so many others before it."""
    whole = 0
    while gap and calls:
        whole, gap, calls = whole + gap, _narrower(gap), calls - 1
    return whole
