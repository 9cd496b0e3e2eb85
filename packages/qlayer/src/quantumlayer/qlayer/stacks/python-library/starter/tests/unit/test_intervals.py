import pytest

from starter_name import Interval, merged


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([Interval(5, 7), Interval(1, 3)], [Interval(1, 3), Interval(5, 7)]),
        ([Interval(1, 3), Interval(3, 4)], [Interval(1, 4)]),
        ([Interval(1, 9), Interval(2, 3)], [Interval(1, 9)]),
    ],
)
def test_what_overlaps_is_merged(given: list[Interval], expected: list[Interval]) -> None:
    assert merged(given) == expected


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end at 1 and start at 2"):
        Interval(2, 1)
