"""Texts of a form, one for each number: for examples and test data."""

import re
from collections.abc import Iterator

_PIECE = re.compile(
    r"(?:\[(?P<set>(?:\\.|[^\\\]])+)\]|\\?(?P<sign>.))(?:\{(?P<least>\d+)(?P<most>,\d*)?\}|\+)?"
)
"""A piece of a form as `domain.Form` allows it: one of a set of characters, and how often."""
_MEMBER = re.compile(r"(?P<first>\w)-(?P<last>\w)|\\?(?P<sign>.)")


def alphabets(form: str) -> tuple[str, ...]:
    """The characters allowed at each place of the shortest text of a form."""
    return tuple(
        place
        for piece in _PIECE.finditer(form[1:-1])
        for place in ["".join(_characters(piece))] * int(piece["least"] or 1)
    )


def longest(form: str) -> int:
    """The length of the longest text of a form, where it says how long its pieces may be."""
    pieces = _PIECE.finditer(form[1:-1])
    return sum(int((each["most"] or "")[1:] or each["least"] or 1) for each in pieces)


def spell(number: int, places: tuple[str, ...]) -> str:
    """The `number`-th text: each place is a digit of the number, in the place's own alphabet."""
    text = ""
    for letters in reversed(places):
        number, digit = divmod(number, len(letters))
        text = letters[digit] + text
    return text


def _characters(piece: re.Match[str]) -> Iterator[str]:
    for member in _MEMBER.finditer(piece["set"] or piece["sign"]):
        if member["sign"]:
            yield member["sign"]
        else:
            yield from map(chr, range(ord(member["first"]), ord(member["last"]) + 1))
