"""What a provider's reply says about its limits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit as the provider counts it; `reset_seconds` until it has all of it again."""

    limit: int | None
    remaining: int
    reset_seconds: float | None


@dataclass(frozen=True, slots=True)
class RateSignals:
    """Of several quotas for requests, or for tokens, the one with the least remaining."""

    requests: Quota | None = None
    tokens: Quota | None = None
    retry_after_seconds: float | None = None

    @property
    def pause_seconds(self) -> float | None:
        """How long to ask nothing after a refusal; None: it does not say."""
        if self.retry_after_seconds is not None:
            return self.retry_after_seconds
        resets = [
            quota.reset_seconds
            for quota in (self.requests, self.tokens)
            if quota and quota.remaining <= 0 and quota.reset_seconds is not None
        ]
        return max(resets, default=None)
