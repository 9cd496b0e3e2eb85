"""Chance, deployments and states that tests of routing are told with."""

import random

from quantumlayer.router.routing import BreakerState, BreakerView, Health


def seeded(seed: int) -> random.Random:
    """Chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - hides nothing


def health(*, available: bool = True, first_token_seconds: float | None = None) -> Health:
    """How a deployment does, with what order looks at."""
    view = BreakerView(
        state=BreakerState.CLOSED if available else BreakerState.OPEN,
        available=available,
        share=1.0 if available else 0.0,
        reason="",
        permanent=False,
        retry_in_seconds=0 if available else 5,
        calls=0,
        failures=0,
        openings=0,
    )
    return Health(view, first_token_seconds)
