"""Conversions between units: which quantities a description names, and which of their units."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quantumlayer.agents.builtin.understanding.library.draft import Draft
from quantumlayer.qlayer.requirements.library import LibraryUnit, UnitsBlock

_CONVERSION = re.compile(r"(?i)\b(?:conver\w*|units?|between|into|from)\b|\b\w+_to_\w+\b|\bto\b")
_ALL_OTHERS = re.compile(r"(?i)\b(?:units?(?: of measure(?:ment)?)?|metric|imperial|degrees?)\b")
_PAIR = re.compile(r"(?i)\b(?P<source>[a-z]+)_to_(?P<target>[a-z]+)\b")
_ABBREVIATED = 3


@dataclass(frozen=True, slots=True)
class _Quantity:
    name: str
    words: re.Pattern[str]
    units: tuple[tuple[LibraryUnit, re.Pattern[str]], ...]
    usual: tuple[str, ...]


@cache
def _quantities() -> tuple[_Quantity, ...]:
    text = Path(__file__).with_name("quantities.toml").read_text(encoding="utf-8")
    return tuple(
        _Quantity(
            name,
            re.compile(rf"(?i)\b(?:{raw['words']})\b"),
            tuple(
                (_unit(row), re.compile(rf"(?i)(?<![\w/])(?:{row[4]})(?![\w/])"))
                for row in raw["units"]
            ),
            tuple(raw["usual"]),
        )
        for name, raw in tomllib.loads(text).items()
    )


def _unit(row: list[str]) -> LibraryUnit:
    name, plural, symbol, factor, _, *rest = row
    return LibraryUnit(
        name=name,
        plural=plural,
        symbol=symbol,
        factor=factor,
        shift=rest[0] if rest else "0",
        lowest=rest[1] if rest else None,
    )


def read_units(draft: Draft, names: list[tuple[int, str, bool]]) -> None:
    """Adds a block for every quantity of which units, or the name, are given."""
    reading = draft.reading
    if not _CONVERSION.search(reading.text):
        return
    paired = " ".join(name.replace("_to_", " ") for _, name, _ in names if "_to_" in name)
    pairs = list(reading.free(_PAIR))
    paired += " " + " ".join(f"{each['source']} {each['target']}" for each in pairs)
    for quantity in _quantities():
        _read_quantity(draft, quantity, paired, names)
    if any(isinstance(block, UnitsBlock) for _, block, _ in draft.blocks):
        for match in [*pairs, *reading.free(_ALL_OTHERS)]:
            reading.take(match)


def _read_quantity(
    draft: Draft, quantity: _Quantity, paired: str, names: list[tuple[int, str, bool]]
) -> None:
    reading = draft.reading
    named = list(reading.free(quantity.words))
    said: dict[str, int] = {}
    spelt = False
    matches: list[re.Match[str]] = []
    # Longer names first: a nautical mile is no mile, a square metre no metre.
    by_length = sorted(quantity.units, key=lambda one: -len(one[0].name.split("_")))
    for unit, pattern in by_length:
        found = [match for match in reading.free(pattern) if not _overlaps(match, matches)]
        if found or pattern.search(paired):
            said[unit.name] = found[0].start() if found else len(said)
            spelt = spelt or any(len(match.group()) > _ABBREVIATED for match in found) or not found
            matches += found
    if not (named and _asks_for(draft, named)) and not (len(said) > 1 and (spelt or len(said) > 2)):
        return
    for match in (*named, *matches):
        reading.take(match)
    position = min(match.start() for match in (*named, *matches)) if named or matches else 0
    chosen = [unit for unit, _ in quantity.units if unit.name in said]
    if len(chosen) < 2:
        wanted = [*said, *(name for name in quantity.usual if name not in said)]
        chosen = [unit for unit, _ in quantity.units if unit.name in wanted]
        shown = ", ".join(unit.plural.replace("_", " ") for unit in chosen)
        draft.assume(f"The units of {_shown(quantity.name)} are {shown}.")
    else:
        chosen.sort(key=lambda unit: said[unit.name])
    _add(draft, quantity.name, tuple(chosen), position, names)


def _asks_for(draft: Draft, named: list[re.Match[str]]) -> bool:
    """Whether a quantity's name stands for conversions, not for any length or weight."""
    sentences = [draft.reading.sentence(match.start()) for match in named]
    return any(re.search(r"(?i)\bconver\w*|\bunits?\b", sentence) for sentence in sentences)


def _overlaps(match: re.Match[str], others: list[re.Match[str]]) -> bool:
    return any(match.start() < other.end() and other.start() < match.end() for other in others)


def _shown(quantity: str) -> str:
    return quantity.replace("_", " ")


def _add(
    draft: Draft,
    quantity: str,
    units: tuple[LibraryUnit, ...],
    position: int,
    names: list[tuple[int, str, bool]],
) -> None:
    source = draft.reading.sentence(position)
    listed = ", ".join(unit.plural.replace("_", " ") for unit in units)
    renames = _renames(quantity, units, names)
    function = dict(renames).get(f"convert_{quantity}", f"convert_{quantity}")
    requirements = [
        draft.require(
            f"`{function}` converts {_shown(quantity)} between {listed}, exactly: decimal and "
            "fractional, never with binary noise.",
            source,
        ),
        draft.require(
            "Unknown units and values that are no finite number are refused; the message names "
            f"the units of {_shown(quantity)} that there are.",
            source,
        ),
    ]
    if any(unit.lowest is not None for unit in units):
        requirements.append(draft.require("Temperatures below absolute zero are refused.", source))
    block = UnitsBlock(
        quantity=quantity, units=units, names=renames, requirements=tuple(requirements)
    )
    draft.blocks.append((position, block, f"{_shown(quantity)} conversion"))


def _renames(
    quantity: str, units: tuple[LibraryUnit, ...], names: list[tuple[int, str, bool]]
) -> tuple[tuple[str, str], ...]:
    """Given names such as `to_kelvin` or `km_to_miles`, for the functions that they speak of."""
    patterns = {unit.name: pattern for each in _quantities() for unit, pattern in each.units}
    found = []
    for given in [one for one in names if not one[2]]:
        source, joined, target = given[1].rpartition("to_")
        source = source.strip("_")
        ends = [
            next((unit.name for unit in units if patterns[unit.name].fullmatch(word)), None)
            for word in (source, target)
        ]
        if joined and ends[1] is not None and (ends[0] is not None or not source):
            first = ends[0] or next((u.name for u in units if u.name != ends[1]), None)
            if first and first != ends[1]:
                found.append((f"{first}_to_{ends[1]}", given[1]))
                names.remove(given)
        elif given[1] == "convert":
            found.append((f"convert_{quantity}", given[1]))
            names.remove(given)
    return tuple(found)
