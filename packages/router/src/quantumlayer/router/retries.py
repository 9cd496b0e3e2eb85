"""How long to wait before a provider is asked again."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The one budget of retries: the layer above counts what of it was used (`error.tried`).

    Quick: long outages are for that layer, which survives a restart.

    Pauses double from `base_seconds` up to `most_seconds`, each cut by a random share so that
    many callers do not come back in step. A provider's Retry-After is kept to exactly, or longer.
    """

    retries: int = 4
    base_seconds: float = 0.5
    most_seconds: float = 8.0

    def pause(self, tried: int, retry_after: float | None) -> float:
        """Seconds to wait after the `tried`-th failure (from one)."""
        whole: float = min(self.most_seconds, self.base_seconds * 2 ** (tried - 1))
        backoff = whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
        return backoff if retry_after is None else retry_after + backoff * 0.1
