"""The code of unit conversions."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations

from quantumlayer.agents.builtin.writing.naming import pascal
from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.rendering import render, traced
from quantumlayer.qlayer.requirements.library import LibraryUnit, UnitsBlock

_PAIRED = 4
"""Up to so many units, each pair has a function of its own."""


def units_part(block: UnitsBlock) -> Part:
    """The conversions of one quantity."""
    names = dict(block.names)
    convert = names.get(f"convert_{block.quantity}", f"convert_{block.quantity}")
    pairs = [
        {
            "name": names.get(f"{one.name}_to_{other.name}", f"{one.name}_to_{other.name}"),
            "source": one,
            "target": other,
            "example": _example(one),
            "result": _converted(_example(one), one, other),
        }
        for one, other in permutations(block.units, 2)
        if len(block.units) <= _PAIRED or f"{one.name}_to_{other.name}" in names
    ]
    values: dict[str, object] = {
        "quantity": block.quantity,
        "spoken": block.quantity.replace("_", " "),
        "enum": f"{pascal(block.quantity)}Unit",
        "convert": convert,
        "pairs": pairs,
        "units": [
            {
                "unit": unit,
                "factor": _fraction(unit.factor),
                "shift": _fraction(unit.shift),
                "lowest": _fraction(unit.lowest) if unit.lowest is not None else None,
            }
            for unit in block.units
        ],
        "bounded": [unit for unit in block.units if unit.lowest is not None],
        "shifted": any(Fraction(unit.shift) for unit in block.units),
        "known": _known(block.units),
        "example": _example(block.units[0]),
        "result": _converted(_example(block.units[0]), *block.units[:2]),
        "first": block.units[0],
        "second": block.units[1],
    }
    return Part(
        module=block.quantity,
        title=f"Exact conversion between units of {block.quantity.replace('_', ' ')}.",
        code=render("families/units.py", **values),
        tests=traced(render("families/test_units.py", **values), block.requirements),
        test_name=block.quantity,
        public=(f"{pascal(block.quantity)}Unit", convert, *(str(one["name"]) for one in pairs)),
        requirements=block.requirements,
    )


def _fraction(text: str) -> str:
    number = Fraction(text)
    if number.denominator == 1:
        return f"Fraction({number.numerator})"
    return f"Fraction({number.numerator}, {number.denominator})"


def _example(unit: LibraryUnit) -> str:
    return "300" if unit.lowest == "0" else "100"


def _converted(value: str, source: LibraryUnit, target: LibraryUnit) -> str:
    """What the generated code answers, as its documentation shows it."""
    base = (Fraction(value) + Fraction(source.shift)) * Fraction(source.factor)
    exact = base / Fraction(target.factor) - Fraction(target.shift)
    with localcontext(prec=28):
        quotient = Decimal(exact.numerator) / exact.denominator
    return str(quotient)


# From the definitions of the units or from tables, not worked out with the factors above.
_TABLE = (
    ("100", "celsius", "212", "fahrenheit"),
    ("-40", "celsius", "-40", "fahrenheit"),
    ("0", "celsius", "273.15", "kelvin"),
    ("32", "fahrenheit", "0", "celsius"),
    ("-459.67", "fahrenheit", "0", "kelvin"),
    ("273.15", "kelvin", "32", "fahrenheit"),
    ("491.67", "rankine", "0", "celsius"),
    ("1", "kilometre", "1000", "metre"),
    ("1", "metre", "100", "centimetre"),
    ("1", "centimetre", "10", "millimetre"),
    ("1", "mile", "1.609344", "kilometre"),
    ("1", "mile", "5280", "foot"),
    ("1", "mile", "1760", "yard"),
    ("1", "yard", "3", "foot"),
    ("1", "foot", "12", "inch"),
    ("1", "foot", "0.3048", "metre"),
    ("1", "inch", "2.54", "centimetre"),
    ("1", "nautical_mile", "1852", "metre"),
    ("1", "tonne", "1000", "kilogram"),
    ("1", "kilogram", "1000", "gram"),
    ("1", "gram", "1000", "milligram"),
    ("1", "pound", "0.45359237", "kilogram"),
    ("1", "pound", "453.59237", "gram"),
    ("1", "pound", "16", "ounce"),
    ("1", "stone", "14", "pound"),
    ("1", "litre", "1000", "millilitre"),
    ("1", "gallon", "3.785411784", "litre"),
    ("1", "gallon", "4", "quart"),
    ("1", "gallon", "8", "pint"),
    ("1", "pint", "2", "cup"),
    ("1", "cup", "8", "fluid_ounce"),
    ("1", "cubic_metre", "1000", "litre"),
    ("36", "kilometre_per_hour", "10", "metre_per_second"),
    ("1", "mile_per_hour", "1.609344", "kilometre_per_hour"),
    ("1", "knot", "1.852", "kilometre_per_hour"),
    ("1", "hectare", "10000", "square_metre"),
    ("1", "square_kilometre", "100", "hectare"),
    ("1", "acre", "43560", "square_foot"),
    ("1", "week", "7", "day"),
    ("1", "day", "24", "hour"),
    ("1", "hour", "60", "minute"),
    ("1", "minute", "60", "second"),
    ("1", "kilobyte", "1000", "byte"),
    ("1", "megabyte", "1000", "kilobyte"),
    ("1", "gigabyte", "1000", "megabyte"),
    ("1", "terabyte", "1000", "gigabyte"),
    ("1", "kibibyte", "1024", "byte"),
    ("1", "mebibyte", "1024", "kibibyte"),
    ("1", "gibibyte", "1024", "mebibyte"),
    ("1", "kilojoule", "1000", "joule"),
    ("1", "kilocalorie", "4.184", "kilojoule"),
    ("1", "kilowatt_hour", "3600", "kilojoule"),
    ("1", "hectopascal", "100", "pascal"),
    ("1", "bar", "1000", "hectopascal"),
    ("1", "atmosphere", "1013.25", "hectopascal"),
)


def _known(units: tuple[LibraryUnit, ...]) -> list[tuple[str, str, str, str]]:
    """Conversions to test with: from the table where it has them, at least one."""
    names = {unit.name for unit in units}
    found = [row for row in _TABLE if row[1] in names and row[3] in names]
    first, second = units[0], units[1]
    return found or [("100", first.name, _converted("100", first, second), second.name)]
