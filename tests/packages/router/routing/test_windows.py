"""Counting the last seconds."""

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.routing.windows import SlidingWindow


@given(
    calls=st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=60),
    wait=st.floats(0, 40),
)
def test_a_call_counts_for_the_windows_length_to_a_tenth_of_it(
    calls: list[tuple[float, bool]], wait: float
) -> None:
    window, now, ends = SlidingWindow(30), 1000.0, list[tuple[float, bool]]()
    for pause, failed in calls:
        now += pause
        window.add(now, failed=failed)
        ends.append((now, failed))
    now += wait
    counted, failures = window.counts(now)

    surely = [failed for end, failed in ends if now - end < 27]
    possibly = [failed for end, failed in ends if now - end <= 30]
    assert len(surely) <= counted <= len(possibly)
    assert sum(surely) <= failures <= sum(possibly)


def test_it_holds_few_numbers_however_many_calls_there_are() -> None:
    window = SlidingWindow(30)
    for number in range(100_000):
        window.add(1000 + number / 100, failed=number % 2 == 0)
    assert len(window._buckets) <= 10
    assert window.counts(2000)[0] <= 3000
