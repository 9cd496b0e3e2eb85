"""How soon a part is started again: it depends on who ended it, and is never more than seconds."""

import signal

import pytest

from quantumlayer.cli.platform.restarts import (
    LONGEST_PAUSE_SECONDS,
    STEADY_SECONDS,
    Pace,
    Trouble,
    ending,
)

OWN = Trouble("exit status 1")
KILLED = Trouble("signal 9 (SIGKILL)", from_outside=True)


@pytest.mark.parametrize(
    ("status", "from_outside", "said"),
    [
        (-signal.SIGKILL, True, "signal 9 (SIGKILL)"),
        (-signal.SIGTERM, True, "signal 15 (SIGTERM)"),
        (-signal.SIGHUP, True, "signal 1 (SIGHUP)"),
        (0, True, "exit status 0"),
        (1, False, "exit status 1"),
        (137, False, "exit status 137"),
        (-signal.SIGSEGV, False, "signal 11 (SIGSEGV)"),
        (-signal.SIGABRT, False, "signal 6 (SIGABRT)"),
        (-signal.SIGXCPU, False, "signal 24 (SIGXCPU)"),
        (-250, False, "signal 250"),
    ],
)
def test_an_end_says_whether_it_came_from_outside(
    status: int, from_outside: bool, said: str
) -> None:
    assert ending(status) == Trouble(said, from_outside)


def test_a_part_that_served_is_back_at_once_however_often_it_is_killed() -> None:
    pace = Pace()

    assert [pace.pause_after(KILLED, served_seconds=0.1) for _ in range(1000)] == [0.0] * 1000


def test_a_part_that_is_killed_before_it_serves_takes_a_breath_that_never_grows() -> None:
    pace = Pace()

    pauses = [pace.pause_after(KILLED, served_seconds=0.0) for _ in range(100)]

    assert set(pauses) == {1.0}


def test_a_part_that_fails_by_itself_waits_longer_and_longer_but_only_for_seconds() -> None:
    pace = Pace()

    pauses = [pace.pause_after(OWN, served_seconds=0.0) for _ in range(100)]

    assert 0 < pauses[0] < 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS <= 5


def test_deaths_from_outside_leave_the_pause_for_own_failures_as_it_is() -> None:
    pace, other = Pace(), Pace()
    for _ in range(10):
        pace.pause_after(KILLED, served_seconds=0.0)

    assert pace.pause_after(OWN, served_seconds=0.0) == other.pause_after(OWN, served_seconds=0.0)


def test_a_part_that_serves_for_a_moment_between_its_failures_is_paced_too() -> None:
    pace = Pace()

    pauses = [pace.pause_after(OWN, served_seconds=1.0) for _ in range(20)]

    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_long_service_makes_good_for_earlier_failures() -> None:
    pace = Pace()
    first, *_ = [pace.pause_after(OWN, served_seconds=0.0) for _ in range(20)]

    assert pace.pause_after(OWN, served_seconds=STEADY_SECONDS + 1) == first
