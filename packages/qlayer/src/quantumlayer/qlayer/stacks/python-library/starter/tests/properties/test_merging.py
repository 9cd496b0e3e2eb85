from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from starter_name import Interval, merged

numbers = st.integers(-50, 50)
intervals = st.lists(st.builds(lambda a, b: Interval(min(a, b), max(a, b)), numbers, numbers))


@given(intervals, numbers)
def test_merging_covers_the_same_numbers(some: list[Interval], number: int) -> None:
    assert any(number in each for each in merged(some)) == any(number in each for each in some)


@given(intervals)
def test_what_is_merged_lies_apart_and_in_order(some: list[Interval]) -> None:
    found = merged(some)

    assert all(one.end < other.start for one, other in pairwise(found))
    assert merged(found) == found
