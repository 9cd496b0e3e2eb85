"""When a breaker opens, and how a deployment comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.routing import (
    Breaker,
    BreakerPolicy,
    BreakerState,
    FailureKind,
    Permit,
    failover_rules,
)
from tests.support.clocks import Clock
from tests.support.routing_parts import seeded

POLICY = BreakerPolicy()
CLOSED, OPEN = BreakerState.CLOSED, BreakerState.OPEN
HALF_OPEN, RECOVERING = BreakerState.HALF_OPEN, BreakerState.RECOVERING


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(POLICY, failover_rules(), clock, seeded(1))


def admitted(breaker: Breaker, *, last_resort: bool = False) -> Permit:
    permit = breaker.admit(last_resort=last_resort)
    assert permit is not None
    return permit


def fail(breaker: Breaker, kind: FailureKind = FailureKind.TIMEOUT, times: int = 1) -> None:
    for _ in range(times):
        admitted(breaker).failed(kind, "no answer")


def succeed(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        admitted(breaker).succeeded()


def cool_down(breaker: Breaker, clock: Clock) -> float:
    """Waits until the cooldown is over; how long that was."""
    seconds = breaker.view().retry_in_seconds
    clock.passes(seconds)
    return seconds


def recover(breaker: Breaker, clock: Clock) -> None:
    cool_down(breaker, clock)
    succeed(breaker, POLICY.probes)
    assert breaker.view().state is RECOVERING


def test_failures_in_a_row_open_it_and_the_reason_is_kept(breaker: Breaker) -> None:
    fail(breaker, times=POLICY.consecutive_failures - 1)
    assert breaker.view().state is CLOSED
    fail(breaker)

    view = breaker.view()
    assert (view.state, view.available, view.reason) == (OPEN, False, "timeout: no answer")
    assert breaker.admit() is None


def test_a_success_ends_a_row_of_failures(breaker: Breaker) -> None:
    for _ in range(3):
        succeed(breaker, 3)
        fail(breaker, times=2)
    assert breaker.view().state is CLOSED


def test_a_share_of_failures_opens_it_once_there_are_enough_calls(breaker: Breaker) -> None:
    for _ in range(4):
        succeed(breaker)
        fail(breaker)
    assert breaker.view().state is CLOSED
    succeed(breaker)
    fail(breaker)
    assert breaker.view().state is OPEN


def test_failures_that_the_window_has_left_behind_do_not_count(
    breaker: Breaker, clock: Clock
) -> None:
    for _ in range(20):
        fail(breaker, times=4)
        clock.passes(POLICY.window_seconds * 1.1)
        succeed(breaker)
    view = breaker.view()
    assert (view.state, view.calls, view.failures) == (CLOSED, 1, 0)


@pytest.mark.parametrize(
    "kind", ["bad_request", "context_too_long", "content_filtered", "cancelled"]
)
def test_what_the_caller_did_never_counts(breaker: Breaker, kind: str) -> None:
    fail(breaker, FailureKind(kind), times=100)
    assert (breaker.view().state, breaker.view().calls) == (CLOSED, 0)


@pytest.mark.parametrize("kind", ["authentication", "unknown_model", "quota"])
def test_what_is_permanent_opens_at_once_and_is_looked_at_again_much_later(
    breaker: Breaker, clock: Clock, kind: str
) -> None:
    succeed(breaker, 50)
    fail(breaker, FailureKind(kind))

    view = breaker.view()
    assert (view.state, view.permanent, view.reason) == (OPEN, True, f"{kind}: no answer")
    assert breaker.admit(last_resort=True) is None
    assert cool_down(breaker, clock) >= POLICY.permanent_cooldown_seconds / 2
    succeed(breaker, POLICY.probes)
    assert not breaker.view().permanent


def test_the_cooldown_grows_with_each_failed_probe_up_to_its_most(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    waits = []
    for _ in range(10):
        waits.append(cool_down(breaker, clock))
        fail(breaker)

    assert waits[0] <= POLICY.cooldown_seconds
    assert waits[1] > waits[0]
    assert waits[2] > waits[1]
    assert all(wait <= POLICY.longest_cooldown_seconds for wait in waits)
    assert waits[-1] >= POLICY.longest_cooldown_seconds / 2


def test_two_processes_do_not_probe_in_step(clock: Clock) -> None:
    waits = set()
    for seed in range(20):
        breaker = Breaker(POLICY, failover_rules(), clock, seeded(seed))
        fail(breaker, times=POLICY.consecutive_failures)
        waits.add(breaker.view().retry_in_seconds)
    assert len(waits) == 20


def test_one_probe_goes_at_a_time(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    cool_down(breaker, clock)
    assert breaker.view().available

    probe = admitted(breaker)
    assert breaker.admit() is None
    assert (breaker.view().state, breaker.view().available) == (HALF_OPEN, False)
    probe.succeeded()
    assert breaker.admit() is not None


def test_a_probe_that_was_given_up_or_lost_frees_its_place(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    cool_down(breaker, clock)

    with admitted(breaker):
        assert breaker.admit() is None
    lost = admitted(breaker)
    assert breaker.admit() is None
    clock.passes(POLICY.probe_seconds)
    admitted(breaker).succeeded()
    assert breaker.view().state is HALF_OPEN
    lost.succeeded()
    assert breaker.view().state is RECOVERING


def test_a_recovering_one_takes_a_growing_share_and_not_all_at_once(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    recover(breaker, clock)

    shares = []
    for _ in range(10):
        permits = [breaker.admit() for _ in range(100)]
        shares.append(sum(permit is not None for permit in permits))
        for permit in permits:
            if permit is not None:
                permit.succeeded()
        clock.passes(POLICY.recovery_seconds / 10)

    assert 9 <= shares[0] <= 12
    assert shares == sorted(shares)
    assert shares[-1] > 85
    assert breaker.view().state is CLOSED
    assert breaker.view().reason == ""


def test_trouble_while_recovering_opens_it_again_sooner_and_for_longer(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    first = breaker.view().retry_in_seconds
    recover(breaker, clock)
    for _ in range(POLICY.recovering_minimum_calls):
        permit = admitted(breaker, last_resort=True)
        permit.failed(FailureKind.SERVER_ERROR)

    view = breaker.view()
    assert (view.state, view.openings) == (OPEN, 2)
    assert view.retry_in_seconds > first


def test_after_a_whole_recovery_the_cooldown_is_short_again(breaker: Breaker, clock: Clock) -> None:
    for _ in range(6):
        fail(breaker, times=POLICY.consecutive_failures)
        assert breaker.view().retry_in_seconds <= POLICY.cooldown_seconds
        recover(breaker, clock)
        clock.passes(POLICY.recovery_seconds)
        assert breaker.view().state is CLOSED


def test_news_from_before_it_opened_say_nothing_about_now(breaker: Breaker, clock: Clock) -> None:
    old = [admitted(breaker) for _ in range(50)]
    fail(breaker, times=POLICY.consecutive_failures)
    cool_down(breaker, clock)
    probe = admitted(breaker)
    for permit in old[:25]:
        permit.succeeded()
    for permit in old[25:]:
        permit.failed(FailureKind.TIMEOUT)

    assert (breaker.view().state, breaker.view().openings) == (HALF_OPEN, 1)
    probe.succeeded()
    assert breaker.view().calls == 1


def test_a_pause_is_kept_to_as_the_provider_named_it_even_as_the_last_resort(
    breaker: Breaker, clock: Clock
) -> None:
    admitted(breaker).failed(FailureKind.RATE_LIMITED, "slow down", retry_after=20)

    view = breaker.view()
    assert (view.state, view.available, view.retry_in_seconds) == (CLOSED, False, 20)
    assert view.reason == "rate_limited: slow down"
    clock.passes(19.9)
    assert breaker.admit(last_resort=True) is None
    clock.passes(0.2)
    assert breaker.admit() is not None
    assert breaker.view().reason == ""


@pytest.mark.parametrize("retry_after", [None, 0.0, -5.0, float("nan")])
def test_a_rate_limit_without_a_time_counts(breaker: Breaker, retry_after: float | None) -> None:
    for _ in range(POLICY.consecutive_failures):
        admitted(breaker).failed(FailureKind.RATE_LIMITED, retry_after=retry_after)
    assert breaker.view().state is OPEN


def test_a_pause_without_end_is_not_believed(breaker: Breaker) -> None:
    admitted(breaker).failed(FailureKind.RATE_LIMITED, retry_after=float("inf"))
    assert breaker.view().retry_in_seconds == POLICY.longest_pause_seconds


def test_the_last_resort_is_a_probe_before_its_time_and_no_flood(breaker: Breaker) -> None:
    fail(breaker, times=POLICY.consecutive_failures)
    for _ in range(30):
        probe = admitted(breaker, last_resort=True)
        assert breaker.admit(last_resort=True) is None
        probe.failed(FailureKind.CONNECTION)
    assert breaker.view().retry_in_seconds <= POLICY.cooldown_seconds

    for _ in range(POLICY.probes):
        admitted(breaker, last_resort=True).succeeded()
    for _ in range(20):
        admitted(breaker, last_resort=True).succeeded()


def test_how_a_call_went_is_told_once(breaker: Breaker) -> None:
    with admitted(breaker) as permit:
        permit.succeeded()
        permit.failed(FailureKind.AUTHENTICATION)
    assert (breaker.view().state, breaker.view().calls) == (CLOSED, 1)


steps = st.one_of(
    st.tuples(st.just("pass"), st.floats(0, 200)),
    st.tuples(st.just("ask"), st.booleans()),
    st.tuples(st.just("succeed"), st.integers(0, 20)),
    st.tuples(st.just("give up"), st.integers(0, 20)),
    st.tuples(
        st.just("fail"),
        st.tuples(st.integers(0, 20), st.sampled_from(FailureKind), st.none() | st.floats(0, 1000)),
    ),
)


class Story:
    """A breaker, the calls under way, and what must be true after every step."""

    def __init__(self, seed: int) -> None:
        self.clock = Clock()
        self.breaker = Breaker(POLICY, failover_rules(), self.clock, seeded(seed))
        self.under_way: list[Permit] = []
        self.probed_at = -POLICY.probe_seconds

    def take(self, step: tuple[str, object]) -> None:
        match step:
            case ("pass", float(seconds)):
                self.clock.passes(seconds)
            case ("ask", bool(last_resort)):
                self.ask(last_resort=last_resort)
            case ("succeed", int(which)) if self.under_way:
                self.end(which).succeeded()
            case ("give up", int(which)) if self.under_way:
                self.end(which).released()
            case ("fail", (int(which), FailureKind() as kind, wait)) if self.under_way:
                assert wait is None or isinstance(wait, float)
                self.end(which).failed(kind, retry_after=wait)

    def ask(self, *, last_resort: bool) -> None:
        before = self.breaker.view()
        permit = self.breaker.admit(last_resort=last_resort)
        if not before.available and not last_resort:
            assert permit is None
        if before.available and before.state is not RECOVERING:
            assert permit is not None
        if permit is None:
            return
        if permit.probe:
            others = [one for one in self.under_way if one.probe and one.epoch == permit.epoch]
            assert not others or self.clock() - self.probed_at >= POLICY.probe_seconds
            self.probed_at = self.clock()
        self.under_way.append(permit)

    def end(self, which: int) -> Permit:
        return self.under_way.pop(which % len(self.under_way))

    def holds(self) -> None:
        view = self.breaker.view()
        assert 0 <= view.share <= 1
        assert view.retry_in_seconds >= 0
        assert view.failures <= view.calls
        assert not (view.available and view.state is OPEN)
        assert view.reason or view.state is not OPEN

    def comes_back(self) -> None:
        self.clock.passes(POLICY.longest_pause_seconds + POLICY.probe_seconds)
        while self.breaker.view().state is not CLOSED:
            permit = self.breaker.admit()
            if permit is not None:
                permit.succeeded()
            self.clock.passes(1)
        assert self.breaker.admit() is not None


@given(steps=st.lists(steps, max_size=80), seed=st.integers(0, 9))
def test_whatever_happens_it_lets_at_most_one_probe_go_and_always_comes_back(
    steps: list[tuple[str, object]], seed: int
) -> None:
    story = Story(seed)
    for step in steps:
        story.take(step)
        story.holds()
    story.comes_back()
