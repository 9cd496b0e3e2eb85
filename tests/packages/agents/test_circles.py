"""The same failure again is recognised, progress is not mistaken for it."""

from quantumlayer.agents import failure_signature, goes_in_circles


def test_a_signature_is_blind_to_numbers_addresses_and_order() -> None:
    first = failure_signature(["test_a: expected 3, got 4", "<X at 0x7fab12>"])
    second = failure_signature(["<X at 0x11ff>", "test_a: expected 30, got 41.5"])
    assert first == second


def test_different_failures_have_different_signatures() -> None:
    assert failure_signature(["test_a failed"]) != failure_signature(["test_b failed"])


def test_the_same_failure_may_come_twice_but_not_three_times() -> None:
    assert not goes_in_circles(["a", "a"])
    assert goes_in_circles(["a", "b", "a", "a"])


def test_two_failures_that_alternate_are_a_circle() -> None:
    assert goes_in_circles(["a", "b", "a", "b"])
    assert not goes_in_circles(["a", "b", "c", "b"])


def test_no_failure_is_no_circle() -> None:
    assert not goes_in_circles([])
