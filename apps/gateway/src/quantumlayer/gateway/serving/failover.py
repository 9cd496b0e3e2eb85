"""Who is asked, one after the other, until one answers or a failure ends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.router import RouterError
from quantumlayer.router.routing import Candidate, Deployment, HealthBook, Rules, kind_of, remaining
from quantumlayer.router.routing.breakers import Permit
from quantumlayer.router.routing.failures import FailureKind


@dataclass(slots=True)
class Try:
    """One deployment's turn; `alone` when nobody could be asked instead."""

    deployment: Deployment
    permit: Permit
    alone: bool
    failed_as: FailureKind | None = None

    def failed(self, error: RouterError) -> None:
        """It gave no answer: somebody else's turn comes, if the kind of failure allows it."""
        self.failed_as = kind_of(error)
        self.permit.failed(self.failed_as, str(error), error.retry_after)


def tries(candidates: tuple[Candidate, ...], health: HealthBook, rules: Rules) -> Iterator[Try]:
    """The turns of those whose circuit breakers let a call through, until one has not failed.

    Whoever takes a turn holds its permit (`with`) and says what came of it.
    """
    while candidates:
        deployment, alone = candidates[0].deployment, len(candidates) == 1
        permit = health.admit(deployment, last_resort=alone)
        if permit is None:
            candidates = candidates[1:]
            continue
        one = Try(deployment, permit, alone)
        yield one
        if one.failed_as is None:
            return
        candidates = remaining(candidates, 0, rules[one.failed_as].then)
