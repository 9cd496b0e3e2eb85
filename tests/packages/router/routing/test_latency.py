"""The moving average of the time to the first token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.routing import LatencyAverage

times = st.floats(0, 1000)


def test_the_first_time_is_the_average_and_later_ones_move_it() -> None:
    average = LatencyAverage(share=0.5)
    assert average.seconds is None
    average.add(4)
    average.add(2)
    assert average.seconds == pytest.approx(3)


@given(before=st.lists(times, min_size=1, max_size=20), after=times)
def test_it_stays_between_what_was_seen_and_comes_to_what_lasts(
    before: list[float], after: float
) -> None:
    average = LatencyAverage()
    for seconds in before:
        average.add(seconds)
    assert average.seconds is not None
    assert min(before) - 1e-9 <= average.seconds <= max(before) + 1e-9
    for _ in range(100):
        average.add(after)
    assert average.seconds == pytest.approx(after, abs=0.001)
