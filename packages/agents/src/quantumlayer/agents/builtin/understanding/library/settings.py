"""What a description says of a block's constants: capacities, limits, durations."""

import re

from quantumlayer.agents.builtin.understanding.library.features import Feature, Setting
from quantumlayer.agents.builtin.understanding.library.reading import Reading
from quantumlayer.agents.builtin.understanding.text import with_digits

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|an?)\s*(?P<unit>milliseconds?|ms|[a-z]*)", re.IGNORECASE
)
_LARGEST = 10**9


def read_settings(
    feature: Feature, reading: Reading, start: int, end: int
) -> tuple[tuple[str, str], ...]:
    """The constants that the text from `start` to `end` sets, as pairs of name and literal."""
    found = []
    for setting in feature.settings:
        for match in setting.pattern.finditer(reading.text, start, end):
            literal = _literal(setting, match)
            if literal is not None:
                reading.take(match)
                found.append((setting.constant, literal))
                break
    return tuple(found)


def values_of(feature: Feature, settings: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Every constant's value, for the statements."""
    return {one.constant: one.default for one in feature.settings} | dict(settings)


def _literal(setting: Setting, match: re.Match[str]) -> str | None:
    if setting.kind == "flag":
        return "True"
    said = next(
        (value for name, value in match.groupdict().items() if name.startswith("value") and value),
        "",
    )
    text = with_digits(said.strip().lower())
    if setting.kind == "seconds":
        return _seconds(text)
    number = re.search(r"\d+(?:\.\d+)?", text.replace(",", ""))
    if number is None:
        return None
    if setting.kind == "integer":
        value = int(float(number.group()))
        return str(value) if setting.minimum <= value <= _LARGEST else None
    return f'Decimal("{number.group()}")'


def _seconds(text: str) -> str | None:
    match = _DURATION.match(text)
    if match is None:
        return None
    amount = 1.0 if match["n"].startswith("a") else float(match["n"])
    unit = match["unit"]
    scale = 0.001 if unit.startswith(("ms", "milli")) else _SECONDS.get(unit[:1] or "s", 1)
    seconds = amount * scale
    return f"{seconds:g}" if 0 < seconds <= _LARGEST and "e" not in f"{seconds:g}" else None
