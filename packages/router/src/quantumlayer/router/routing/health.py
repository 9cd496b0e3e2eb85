"""How each deployment does, as this process has seen it."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from quantumlayer.router.routing.breakers import Breaker, Permit
from quantumlayer.router.routing.failures import Rules, failover_rules
from quantumlayer.router.routing.groups import Deployment
from quantumlayer.router.routing.latency import LatencyAverage
from quantumlayer.router.routing.nouns import BreakerPolicy, BreakerView


@dataclass(frozen=True, slots=True)
class Health:
    """One deployment now, for decisions, metrics and the admin's page."""

    breaker: BreakerView
    first_token_seconds: float | None
    """The moving average of the time to the first token; None before the first."""

    @property
    def available(self) -> bool:
        """Whether it may take its ordinary place: healthy, recovering, or due for a probe."""
        return self.breaker.available


@dataclass(frozen=True, slots=True)
class _Entry:
    identity: tuple[str, str | None]
    breaker: Breaker
    latency: LatencyAverage


class HealthBook(Mapping[str, Health]):
    """Breakers and latencies of all deployments by name, kept in this process only.

    A mapping to be read while a call is routed, or copied for metrics: `dict(book)`. A deployment
    that is missing was never asked.

    Each process learns within a few calls what it needs to know, and what it learns includes its
    own network. Sharing through Redis would put a round trip, and Redis's own outages, into the
    path of every call, to save a handful of failed first tries. Made for one event loop: no method
    waits, and none is safe to be called from two threads at once.
    """

    def __init__(
        self,
        policy: BreakerPolicy | None = None,
        rules: Rules | None = None,
        clock: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        self._policy = policy or BreakerPolicy()
        self._rules = failover_rules() if rules is None else rules
        self._clock = clock
        self._rng = rng or random.Random()  # noqa: S311 - spreads load, hides nothing
        self._entries: dict[str, _Entry] = {}

    def keep(self, deployments: Iterable[Deployment]) -> None:
        """Forgets all others, as after a new configuration.

        A deployment that now stands for another model or region starts anew. A new key cannot be
        seen from here: `reset` what it belongs to.
        """
        entries = {one.name: self._entry(one) for one in deployments}
        self._entries = entries

    def reset(self, name: str) -> None:
        """Forgets what is known of one deployment: it starts healthy."""
        self._entries.pop(name, None)

    def admit(self, deployment: Deployment, *, last_resort: bool = False) -> Permit | None:
        """A permit to ask the deployment once, or None: ask another; see `Breaker.admit`."""
        return self._entry(deployment).breaker.admit(last_resort=last_resort)

    def first_token(self, deployment: Deployment, seconds: float) -> None:
        """Notes how long the first token of an answer took."""
        self._entry(deployment).latency.add(seconds)

    def __getitem__(self, name: str) -> Health:
        entry = self._entries[name]
        return Health(entry.breaker.view(), entry.latency.seconds)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _entry(self, deployment: Deployment) -> _Entry:
        identity = (deployment.model, deployment.region)
        entry = self._entries.get(deployment.name)
        if entry is None or entry.identity != identity:
            breaker = Breaker(self._policy, self._rules, self._clock, self._rng)
            entry = _Entry(identity, breaker, LatencyAverage())
            self._entries[deployment.name] = entry
        return entry
