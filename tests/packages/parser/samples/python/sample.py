"""Lends books."""

import math as calculus
from collections import deque
from pathlib import PurePath


# Says how a number looks.
def classify(number: int, flag: bool = False) -> str:
    if number > 10 and flag:
        for index in range(number):
            if index == 3:
                calculus.floor(index)
    elif number < 0:
        return "negative"
    else:
        return PurePath("a", "b").name
    return "other"


class Shelf(deque[int]):
    """Holds items."""

    def add(self, item: int, *rest: int) -> None:
        """Adds an item."""
        match item:
            case 1:
                self.append(item)
            case _:
                self.extend(rest)
