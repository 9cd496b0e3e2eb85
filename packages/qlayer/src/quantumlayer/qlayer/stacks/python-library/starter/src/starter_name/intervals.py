"""Closed intervals, and what they cover together."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """All numbers from `start` to `end`, both of them included."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Raise ValueError for an interval that ends before it starts."""
        if self.end < self.start:
            raise ValueError(f"An interval cannot end at {self.end} and start at {self.start}.")

    def __contains__(self, number: int) -> bool:
        """Tell whether a number lies in the interval."""
        return self.start <= number <= self.end


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Give the fewest intervals that cover the same numbers, in ascending order.

    Those that overlap or share an end become one. Takes O(n log n) time.
    """
    found: list[Interval] = []
    for each in sorted(intervals):
        if found and each.start in found[-1]:
            last = found.pop()
            found.append(Interval(last.start, max(last.end, each.end)))
        else:
            found.append(each)
    return found
