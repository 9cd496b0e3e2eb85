"""What can be known of an expression, and how what is known of its parts goes together."""

import re
from dataclasses import dataclass
from enum import Enum

HOLE = "…"
OWN = "⋯"
"""A part that is not known, but that the program's own objects decide: their attributes."""
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
OF_ITS_OWN = Value(OWN, dynamic=True)
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


class Style(Enum):
    """How a text says where values are put into it."""

    PERCENT = re.compile(r"%%|%(?:\((?P<name>\w+)\))?[-+ #0]*(?:\[\d+\])?[\d.*]*(?P<kind>[a-zA-Z])")
    BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?:![rsa])?(?::[^{}]*?(?P<kind>[a-z])?)?\}")
    DOLLARS = re.compile(r"\$\$|\$\{?(?P<name>\w+)(?P<kind>)\}?")


# Numbers cannot carry text: `%d`, `{:d}`.
_OF_NUMBERS = frozenset("dixXofFeEgGcbtTp")
_HOLES = re.compile(f"[{HOLE}{OWN}]")


def formatted(
    text: Value, given: list[Value], style: Style, named: dict[str, Value] | None = None
) -> Value:
    """A text with values put into it, each where its place is.

    `named` are those that have a name. What has no place in the text stands behind it.
    """
    rest = list(given)
    names = named or {}

    def fill(place: re.Match[str]) -> str:
        name = place["name"]
        if name is None and place["kind"] is None:
            return place[0]
        if name and name in names:
            return names[name].text
        if name and name.isdigit() and int(name) < len(given):
            return given[int(name)].text
        value = rest.pop(0) if rest and not name else (rest or given or [UNKNOWN])[0]
        return "0" if (place["kind"] or "") in _OF_NUMBERS else value.text

    filled = style.value.sub(fill, text.text)
    dynamic = text.dynamic or any(one.dynamic for one in (*given, *names.values()))
    unplaced = dynamic and not _HOLES.search(filled) and filled == text.text
    return Value(
        f"{filled}{HOLE}"[:_MAX_TEXT] if unplaced else filled[:_MAX_TEXT],
        dynamic=dynamic,
        built=dynamic,
        request=text.request or any(one.request for one in (*given, *names.values())),
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
