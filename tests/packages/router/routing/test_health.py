"""What this process knows of its deployments, and what a new configuration leaves of it."""

import pytest

from quantumlayer.router.routing import (
    BreakerPolicy,
    BreakerState,
    Deployment,
    FailureKind,
    Group,
    HealthBook,
    RoutingTable,
    Wishes,
    failover_rules,
    remaining,
    route,
)
from tests.support.clocks import Clock
from tests.support.routing_parts import seeded

A, B = Deployment(name="a", model="openai/m"), Deployment(name="b", model="azure/m")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> HealthBook:
    return HealthBook(clock=clock, rng=seeded(1))


def refuse_key(book: HealthBook, deployment: Deployment) -> None:
    permit = book.admit(deployment)
    assert permit is not None
    permit.failed(FailureKind.AUTHENTICATION, "wrong key")


def test_a_view_shows_state_reason_and_speed(book: HealthBook) -> None:
    refuse_key(book, A)
    book.first_token(B, 0.5)
    book.first_token(B, 1.0)
    view = dict(book)

    assert (view["a"].available, view["a"].breaker.reason) == (False, "authentication: wrong key")
    assert view["a"].first_token_seconds is None
    assert view["b"].available
    assert view["b"].first_token_seconds == pytest.approx(0.6)


def test_a_new_configuration_keeps_what_stays_and_starts_anew_what_changed(
    book: HealthBook,
) -> None:
    refuse_key(book, A)
    refuse_key(book, B)
    book.keep([A.model_copy(update={"weight": 7, "tier": 1}), B.model_copy(update={"model": "x"})])

    assert not book["a"].available
    assert book["b"].available
    book.keep([B])
    assert set(book) == {"b"}


def test_a_deployment_with_a_new_key_is_reset_by_its_name(book: HealthBook) -> None:
    refuse_key(book, A)
    book.reset("a")
    book.reset("never heard of")
    assert book.admit(A) is not None


class Calls:
    """A caller as the decisions mean it: routes, asks, tells, goes on."""

    def __init__(self, clock: Clock, broken: set[str]) -> None:
        self.rng = seeded(3)
        self.book = HealthBook(BreakerPolicy(), clock=clock, rng=self.rng)
        self.table = RoutingTable(
            groups=(
                Group(name="chat", deployments=(A, B), fallbacks=("reserve",)),
                Group(name="reserve", deployments=(Deployment(name="r", model="groq/m"),)),
            )
        )
        self.broken = broken
        self.tried: list[str] = []

    def answer(self) -> str | None:
        candidates = route(self.table, "chat", Wishes(), self.book, self.rng)
        while candidates:
            deployment = candidates[0].deployment
            permit = self.book.admit(deployment, last_resort=len(candidates) == 1)
            if permit is None:
                candidates = candidates[1:]
                continue
            with permit:
                self.tried.append(deployment.name)
                if deployment.name not in self.broken:
                    permit.succeeded()
                    return deployment.name
                permit.failed(FailureKind.SERVER_ERROR)
                then = failover_rules()[FailureKind.SERVER_ERROR].then
                candidates = remaining(candidates, 0, then)
        return None


def test_every_call_is_answered_while_one_is_broken_and_it_comes_back_by_itself(
    clock: Clock,
) -> None:
    calls = Calls(clock, broken={"a"})
    for _ in range(600):
        assert calls.answer() in {"b", "r"}
        clock.passes(0.1)
    # 60 s of outage: the first failures, then a probe a cooldown.
    assert calls.tried.count("a") < 15

    calls.broken.clear()
    for _ in range(1800):
        assert calls.answer() is not None
        clock.passes(0.1)
    assert calls.book["a"].breaker.state is BreakerState.CLOSED
    last = [calls.answer() for _ in range(400)]
    assert last.count("a") == pytest.approx(200, rel=0.25)


def test_the_chain_serves_when_a_whole_group_is_down(clock: Clock) -> None:
    calls = Calls(clock, broken={"a", "b"})
    assert {calls.answer() for _ in range(200)} == {"r"}
    assert len(calls.tried) < 220


def test_with_everything_down_the_flood_is_held_back(clock: Clock) -> None:
    calls = Calls(clock, broken={"a", "b", "r"})
    assert all(calls.answer() is None for _ in range(200))
    calls.broken.clear()
    assert [calls.answer() for _ in range(20)].count(None) == 0
