"""Unit converters: which quantity, and which of its units come first."""

import re

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import Converter, Unit


def _unit(
    name: str,
    symbol: str,
    factor: str,
    aliases: str = "",
    *,
    shift: str = "0",
    lowest: str | None = None,
) -> Unit:
    return Unit(
        name=name,
        symbol=symbol,
        factor=factor,
        shift=shift,
        lowest=lowest,
        aliases=tuple(aliases.split("|")) if aliases else (),
    )


# The base of a quantity is the unit of factor 1; factors are exact by definition of the units.
_QUANTITIES: dict[str, tuple[str, tuple[Unit, ...]]] = {
    "temperature": (
        r"temperatures?",
        (
            _unit("celsius", "°C", "1", "c|centigrade|°c", shift="273.15", lowest="-273.15"),
            _unit("fahrenheit", "°F", "5/9", "f|°f", shift="459.67", lowest="-459.67"),
            _unit("kelvin", "K", "1", "k", lowest="0"),
        ),
    ),
    "length": (
        r"lengths?|distances?",
        (
            _unit("kilometers", "km", "1000", "km|kilometer|kilometre|kilometres|kms"),
            _unit("miles", "mi", "1609.344", "mile|mi"),
            _unit("meters", "m", "1", "meter|metre|metres"),
            _unit("centimeters", "cm", "1/100", "cm|centimeter|centimetre|centimetres"),
            _unit("millimeters", "mm", "1/1000", "mm|millimeter|millimetre|millimetres"),
            _unit("inches", "in", "0.0254", "inch|in"),
            _unit("feet", "ft", "0.3048", "foot|ft"),
            _unit("yards", "yd", "0.9144", "yard|yd"),
        ),
    ),
    "mass": (
        r"weights?|mass(?:es)?",
        (
            _unit("kilograms", "kg", "1", "kg|kilogram|kilo|kilos|kgs"),
            _unit("pounds", "lb", "0.45359237", "pound|lb|lbs"),
            _unit("grams", "g", "1/1000", "gram|g"),
            _unit("ounces", "oz", "0.028349523125", "ounce|oz"),
            _unit("stones", "st", "6.35029318", "stone|st"),
            _unit("tonnes", "t", "1000", "tonne|ton|tons|t"),
        ),
    ),
    "volume": (
        r"volumes?",
        (
            _unit("liters", "l", "1", "liter|litre|litres|l"),
            _unit("gallons", "gal", "3.785411784", "gallon|gal"),
            _unit("milliliters", "ml", "1/1000", "ml|milliliter|millilitre|millilitres"),
            _unit("cups", "cup", "0.2365882365", "cup"),
            _unit("pints", "pt", "0.473176473", "pint|pt"),
            _unit("fluid_ounces", "fl oz", "0.0295735295625", "fluid ounces|fl oz"),
        ),
    ),
    "speed": (
        r"speeds?|velocit(?:y|ies)",
        (
            _unit("kmh", "km/h", "5/18", "km/h|kph|kilometers per hour|kilometres per hour"),
            _unit("mph", "mi/h", "0.44704", "miles per hour|mi/h"),
            _unit("mps", "m/s", "1", "m/s|meters per second|metres per second"),
            _unit("knots", "kn", "463/900", "knot|kn"),
        ),
    ),
    "time": (
        r"durations?|times?(?= units?)",
        (
            _unit("hours", "h", "3600", "hour|h|hr|hrs"),
            _unit("minutes", "min", "60", "minute|min|mins"),
            _unit("seconds", "s", "1", "second|sec|secs|s"),
            _unit("days", "d", "86400", "day|d"),
            _unit("weeks", "wk", "604800", "week|wk"),
        ),
    ),
    "data size": (
        r"data sizes?|file sizes?|storage(?: units?)?",
        (
            _unit("megabytes", "MB", "1000000", "megabyte|mb"),
            _unit("gigabytes", "GB", "1000000000", "gigabyte|gb"),
            _unit("bytes", "B", "1", "byte|b"),
            _unit("kilobytes", "kB", "1000", "kilobyte|kb"),
            _unit("terabytes", "TB", "1000000000000", "terabyte|tb"),
            _unit("kibibytes", "KiB", "1024", "kibibyte|kib"),
            _unit("mebibytes", "MiB", "1048576", "mebibyte|mib"),
            _unit("gibibytes", "GiB", "1073741824", "gibibyte|gib"),
        ),
    ),
    "area": (
        r"areas?",
        (
            _unit("hectares", "ha", "10000", "hectare|ha"),
            _unit("acres", "ac", "4046.8564224", "acre|ac"),
            _unit("square_meters", "m²", "1", "square meters|square metres|m2|sqm"),
            _unit("square_feet", "ft²", "0.09290304", "square feet|square foot|sqft"),
        ),
    ),
    "energy": (
        r"energ(?:y|ies)",
        (
            _unit("kilojoules", "kJ", "1000", "kilojoule|kj"),
            _unit("kilocalories", "kcal", "4184", "kilocalorie|kcal|calories|calorie"),
            _unit("joules", "J", "1", "joule|j"),
            _unit("kilowatt_hours", "kWh", "3600000", "kilowatt hours|kwh"),
        ),
    ),
    "angle": (
        r"angles?",
        (
            _unit("degrees", "°", "1", "degree|deg"),
            _unit("gradians", "gon", "9/10", "gradian|gon"),
            _unit("turns", "turn", "360", "turn|revolutions"),
        ),
    ),
}
_VERB = re.compile(
    r"\b(?:convert\w*|conversions?|converter|translate\w*|transform\w*|into|between|to)\b",
    re.IGNORECASE,
)


def is_converter(text: str) -> bool:
    """Whether a text asks for a conversion between units that are known."""
    return re.search(r"(?i)\bconver(?:t|s)", text) is not None and _quantity(text) is not None


def _pattern(unit: Unit) -> str:
    words = [
        unit.name.replace("_", " "),
        *(alias for alias in unit.aliases if len(alias) > 1 and alias not in {"in", "min"}),
    ]
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _quantity(text: str) -> str | None:
    """The quantity that most units of a text belong to, or that it names."""
    scores: dict[str, int] = {}
    for name, (pattern, units) in _QUANTITIES.items():
        named = len(re.findall(rf"(?i)\b(?:{pattern})\b", text))
        found = sum(
            re.search(rf"(?i)(?<!\w)(?:{_pattern(unit)})(?!\w)", text) is not None for unit in units
        )
        scores[name] = named + (2 * found if found > 1 or named else 0)
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None


def understand_converter(draft: ToolDraft) -> Requirements | None:
    """The requirements of a unit converter; None where no known units are named."""
    marks = draft.marks
    quantity = _quantity(marks.text)
    if quantity is None:
        return None
    pattern, units = _QUANTITIES[quantity]
    places = {}
    for unit in units:
        match = re.search(rf"(?i)(?<!\w)(?:{_pattern(unit)})(?!\w)", marks.text)
        if match is not None:
            places[unit.name] = match.start()
            marks.mark_words(_pattern(unit))
    ordered = sorted(units, key=lambda unit: places.get(unit.name, len(marks.text)))
    if not places:
        draft.assume(f"The units are {', '.join(unit.name for unit in units)}.")
    elif len(places) < len(units):
        others = ", ".join(unit.name for unit in units if unit.name not in places)
        draft.assume(f"Other units of {quantity} are there as well: {others}.")
    marks.take(_VERB)
    marks.mark_words(
        rf"{pattern}|units?|conversions?|degrees?|given|value|and back|vice versa|other|scales?|metric|imperial|number"
    )
    decimals = _decimals(draft)
    first, second = ordered[0], ordered[1]
    requirement = draft.require(
        f"Convert {quantity} from one unit to another, from {first.name} to {second.name} unless "
        f"--from and --to say otherwise; the result is exact, rounded to {decimals} decimals.",
        marks.text[:500],
    )
    return draft.finish(
        name=f"{quantity} converter",
        title=f"{quantity.capitalize()} converter",
        summary=f"Converts {quantity} between {', '.join(u.name.replace('_', ' ') for u in ordered)}.",
        program=Converter(
            requirement=requirement,
            quantity=quantity,
            units=tuple(ordered),
            decimals=decimals,
            examples=tuple(_examples(quantity, tuple(ordered))),
        ),
        output="Values come from arguments or, with -, from standard input; results are printed as "
        "lines of text, or with --json, as one JSON object each.",
    )


_ROUNDED = re.compile(
    r"\b(?:round(?:ed|s|ing)?(?:\s+to)?|with|to|up to)\s+(?P<n>\d{1,2}|one|two|three|four)\s+(?:decimals?(?:\s+places?)?|digits)\b",
    re.IGNORECASE,
)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4}


def _decimals(draft: ToolDraft) -> int:
    match = draft.marks.take_first(_ROUNDED)
    if match is None:
        return 2
    text = match["n"].lower()
    return min(12, _WORDS.get(text) or int(text))


# Conversions known from their definitions or from tables, not worked out with the factors above.
_KNOWN: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "temperature": (
        ("100", "celsius", "fahrenheit", "212.00"),
        ("-40", "celsius", "fahrenheit", "-40.00"),
        ("32", "fahrenheit", "celsius", "0.00"),
        ("0", "kelvin", "celsius", "-273.15"),
        ("98.6", "fahrenheit", "kelvin", "310.15"),
    ),
    "length": (
        ("42.195", "kilometers", "miles", "26.22"),
        ("1", "miles", "kilometers", "1.61"),
        ("1", "inches", "centimeters", "2.54"),
        ("3", "feet", "yards", "1.00"),
        ("1", "meters", "millimeters", "1000.00"),
    ),
    "mass": (
        ("1", "kilograms", "pounds", "2.20"),
        ("1", "pounds", "ounces", "16.00"),
        ("1", "stones", "pounds", "14.00"),
        ("1", "tonnes", "kilograms", "1000.00"),
        ("100", "grams", "ounces", "3.53"),
    ),
    "volume": (
        ("1", "gallons", "liters", "3.79"),
        ("10", "liters", "gallons", "2.64"),
        ("1", "gallons", "cups", "16.00"),
        ("1", "pints", "fluid_ounces", "16.00"),
        ("250", "milliliters", "liters", "0.25"),
    ),
    "speed": (
        ("100", "kmh", "mph", "62.14"),
        ("60", "mph", "kmh", "96.56"),
        ("10", "mps", "kmh", "36.00"),
        ("1", "knots", "kmh", "1.85"),
    ),
    "time": (
        ("1.5", "hours", "minutes", "90.00"),
        ("1", "days", "seconds", "86400.00"),
        ("1", "weeks", "days", "7.00"),
    ),
    "data size": (
        ("1500", "megabytes", "gigabytes", "1.50"),
        ("1", "gibibytes", "mebibytes", "1024.00"),
        ("1", "terabytes", "bytes", "1000000000000.00"),
        ("1", "kibibytes", "kilobytes", "1.02"),
    ),
    "area": (
        ("1", "hectares", "acres", "2.47"),
        ("1", "acres", "square_feet", "43560.00"),
        ("1", "hectares", "square_meters", "10000.00"),
    ),
    "energy": (
        ("1", "kilocalories", "kilojoules", "4.18"),
        ("1", "kilowatt_hours", "joules", "3600000.00"),
    ),
    "angle": (
        ("180", "degrees", "turns", "0.50"),
        ("90", "degrees", "gradians", "100.00"),
    ),
}


def _examples(quantity: str, units: tuple[Unit, ...]) -> list[tuple[str, str, str, str]]:
    """Known conversions, those between the units that come first before others."""
    rank = {unit.name: place for place, unit in enumerate(units)}
    return sorted(_KNOWN[quantity], key=lambda known: rank[known[1]] + rank[known[2]])
