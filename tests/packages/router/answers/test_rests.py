"""A server that failed is left alone, then tried by one."""

from quantumlayer.router.answers.rests import Rest
from tests.support.clocks import Clock


def test_after_a_failure_nobody_tries_and_then_one_does(clock: Clock) -> None:
    rest = Rest(2, clock)
    assert all(rest.over() for _ in range(3))

    rest.failed()
    assert not rest.over()
    clock.passes(2)
    assert [rest.over() for _ in range(5)] == [True, False, False, False, False]


def test_one_that_was_never_heard_of_again_is_followed_by_another(clock: Clock) -> None:
    rest = Rest(2, clock)
    rest.failed()
    for _ in range(3):
        clock.passes(2)
        assert [rest.over(), rest.over()] == [True, False]


def test_after_a_success_everybody_tries(clock: Clock) -> None:
    rest = Rest(2, clock)
    rest.failed()
    rest.succeeded()
    assert all(rest.over() for _ in range(3))
