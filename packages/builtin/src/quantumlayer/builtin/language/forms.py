"""The meaning of lengths and forms of texts: "3-30 characters", "8 digits", "format INV-0000"."""

from itertools import groupby

from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.tokens import Lexeme, number_of

_CLASSES = {"DIGITS": "0-9", "DASHES": "\\-", "UNDERSCORES": "_", "UPPER": "A-Z", "LOWER": "a-z"}
_PLACEHOLDERS = frozenset("YMDNXymdnx")


def length_between(low: Lexeme, high: Lexeme) -> Spec | None:
    """Bounds of a text's length."""
    found = int(number_of(low)), int(number_of(high))
    return ("length", found) if found[0] <= found[1] else None


def length_at_most(high: Lexeme) -> Spec | None:
    """A greatest length, that leaves something to say."""
    return ("length", (None, int(number_of(high)))) if int(number_of(high)) else None


def length_at_least(low: Lexeme) -> Spec:
    """A smallest length."""
    return "length", (int(number_of(low)), None)


def length_exactly(exactly: Lexeme) -> Spec | None:
    """One length, that leaves something to say."""
    length = int(number_of(exactly))
    return ("length", (length, length)) if length else None


def form_part(*said: Lexeme) -> str | None:
    """ "2 letters", "3-4 digits", "5 uppercase letters" as a piece of a pattern."""
    counts = [number_of(each) for each in said if "NUMBER" in each.kinds]
    if len(counts) == 2 and int(counts[0]) > int(counts[1]):
        return None
    return f"[{char_class(*said)}]{{{','.join(counts)}}}"


def form(*parts: object) -> Spec:
    """A pattern from its pieces."""
    said = "".join(str(part) for part in parts if isinstance(part, str))
    whole = next((part for part in parts if isinstance(part, tuple)), None)
    return whole if whole is not None else ("pattern", f"^{said}$")


def char_class(*said: Lexeme) -> str:
    """Letters, digits or dashes as the members of a character class."""
    kinds = {kind for each in said for kind in each.kinds}
    return next((members for kind, members in _CLASSES.items() if kind in kinds), "A-Za-z")


def charset(*classes: str) -> Spec:
    """ "lowercase letters, digits and dashes"."""
    return "pattern", f"^[{''.join(dict.fromkeys(classes))}]+$"


def sample(example: Lexeme) -> Spec | None:
    """ "INV-0000": each letter stands for a letter, each digit for a digit."""
    text = str(example.referents.get("FORM", ("",))[0])
    if {sign for sign in text if sign.isalpha()} & _PLACEHOLDERS == {*filter(str.isalpha, text)}:
        return None if any(sign.isalpha() for sign in text) else _sampled(text)
    return _sampled(text)


def _sampled(text: str) -> Spec:
    runs = ((kind, len(list(run))) for kind, run in groupby(text, _alike))
    counted = (f"{kind}{{{count}}}" if count > 1 else kind for kind, count in runs)
    return "pattern", f"^{''.join(counted)}$"


def _alike(sign: str) -> str:
    if sign.isdigit():
        return "[0-9]"
    if sign.isalpha():
        return "[A-Z]" if sign.isupper() else "[a-z]"
    return f"\\{sign}"
