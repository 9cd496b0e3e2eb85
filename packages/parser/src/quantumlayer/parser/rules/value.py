"""What can be known of an expression, and how what is known of its parts goes together."""

from dataclasses import dataclass

HOLE = "…"
_MAX_TEXT = 4_000


@dataclass(frozen=True)
class Value:
    """`text`: what is constant, with HOLE for each part that is not known; see `State`."""

    text: str = ""
    dynamic: bool = False
    built: bool = False
    request: bool = False
    number: float | None = None


UNKNOWN = Value(HOLE, dynamic=True)
HARMLESS = Value("0")


def together(parts: list[Value]) -> Value:
    """Parts put one after the other; built when text and what is not known come together."""
    if len(parts) == 1:
        return parts[0]
    dynamic = any(part.dynamic for part in parts)
    return Value(
        "".join(part.text for part in parts)[:_MAX_TEXT],
        dynamic=dynamic,
        built=dynamic,
        request=any(part.request for part in parts),
    )


def formatted(text: Value, given: list[Value]) -> Value:
    """A text with values put into it."""
    dynamic = text.dynamic or any(one.dynamic for one in given)
    return Value(
        f"{text.text}{HOLE}"[:_MAX_TEXT] if dynamic else text.text,
        dynamic=dynamic,
        built=dynamic,
        request=text.request or any(one.request for one in given),
    )


def joined(parts: list[Value]) -> Value:
    """A collection: not built, though its parts may be."""
    return Value(
        " ".join(part.text for part in parts)[:_MAX_TEXT],
        dynamic=any(part.dynamic for part in parts),
        built=any(part.built for part in parts),
        request=any(part.request for part in parts),
    )


def either(choices: list[Value]) -> Value:
    """One of several: as bad as the worst."""
    if not choices:
        return UNKNOWN
    if len(choices) == 1:
        return choices[0]
    worst = max(choices, key=lambda one: (one.request, one.built, one.dynamic, len(one.text)))
    return Value(
        worst.text,
        dynamic=any(one.dynamic for one in choices),
        built=any(one.built for one in choices),
        request=any(one.request for one in choices),
        number=worst.number,
    )
