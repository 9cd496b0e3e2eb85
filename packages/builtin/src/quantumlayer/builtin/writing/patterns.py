"""Texts that match a regular expression, one for each number: for examples and test data."""

import re
import string
from importlib import import_module
from typing import Any

_LETTERS = string.ascii_lowercase
_CLASSES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": _LETTERS + string.digits,
    "CATEGORY_SPACE": " ",
}
_EDGES = ("AT_BEGINNING", "AT_BEGINNING_STRING", "AT_END", "AT_END_STRING")
_MOST_REPEATS = 64


def alphabets(pattern: str) -> tuple[str, ...] | None:
    """The characters allowed at each place of the shortest text that matches `pattern`.

    Of alternatives the first is taken. None where the pattern uses what is not understood here
    (look-around, back references, flags).
    """
    try:
        # The parser of the standard library has no public name; what it gives is stable.
        parsed = import_module("re._parser").parse(pattern)
        places = _places(parsed) if parsed.state.flags == re.UNICODE else ()
    except (LookupError, re.error):
        return None
    tried = (spell(number, places) for number in (0, 1, 7, 61))
    return places if places and all(re.search(pattern, text) for text in tried) else None


def spell(number: int, places: tuple[str, ...]) -> str:
    """The `number`-th text: each place is a digit of the number, in the place's own alphabet."""
    text = ""
    for letters in reversed(places):
        number, digit = divmod(number, len(letters))
        text = letters[digit] + text
    return text


def _places(parsed: Any) -> tuple[str, ...]:  # noqa: ANN401 - a sequence of operations
    return tuple(place for operation, of in parsed for place in _place(str(operation), of))


def _place(operation: str, of: Any) -> tuple[str, ...]:  # noqa: ANN401 - as the parser has it
    """The places of an operation; raises LookupError where it is not understood."""
    match operation:
        case "AT" if str(of) in _EDGES:
            return ()
        case "SUBPATTERN" if not (of[1] or of[2]):
            return _places(of[-1])
        case "BRANCH":
            return _places(of[1][0])
        case "MAX_REPEAT" if of[0] <= _MOST_REPEATS:
            return _places(of[2]) * int(of[0])
        case _:
            return (_alphabet(operation, of),)


def _alphabet(operation: str, of: Any) -> str:  # noqa: ANN401 - as the parser has it
    """The characters that an operation allows."""
    match operation:
        case "LITERAL":
            return chr(of)
        case "ANY":
            return _LETTERS
        case "RANGE":
            return "".join(map(chr, range(of[0], of[1] + 1)))
        case "CATEGORY":
            return _CLASSES[str(of)]
        case "NOT_LITERAL":
            return _LETTERS.replace(chr(of), "")
        case "IN":
            negated = str(of[0][0]) == "NEGATE"
            listed = "".join(_alphabet(str(each), what) for each, what in of[negated:])
            return "".join(sorted(set(_LETTERS) - set(listed))) if negated else listed
        case _:
            raise LookupError(operation)
