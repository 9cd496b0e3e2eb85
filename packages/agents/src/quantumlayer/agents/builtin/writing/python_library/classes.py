"""The code of small classes: amounts with steps, and values with checked fields."""

from decimal import Decimal

from quantumlayer.agents.builtin.writing.naming import snake
from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.rendering import number as source_of
from quantumlayer.agents.builtin.writing.python_library.rendering import render, traced
from quantumlayer.qlayer.requirements.library import AmountBlock, ValueBlock, ValueField

_PYTHON = {
    "text": "str",
    "integer": "int",
    "decimal": "Decimal",
    "boolean": "bool",
    "date": "date",
}


def amount_part(block: AmountBlock) -> Part:
    """A class around one amount."""
    low = Decimal(block.minimum) if block.minimum is not None else None
    high = Decimal(block.maximum) if block.maximum is not None else None
    start = Decimal(block.start)
    unit = Decimal(1) if block.whole else Decimal("0.01")
    room = high - start if high is not None else Decimal(1000)
    steps = []
    for number, step in enumerate(block.steps, start=2):
        cap = Decimal(step.maximum) if step.maximum is not None else None
        adds = step.direction == "add"
        # A step that fits: from the middle of what the limits leave.
        origin = start if adds else _origin(start, low, high)
        fits = _fitting(origin, low, high, cap, adds=adds, unit=unit)
        steps.append(
            {
                "local": f"r{number}",
                "name": step.name,
                "adds": adds,
                "sign": "+" if adds else "-",
                "constant": f"LARGEST_{step.name.upper()}",
                "cap": _number(cap, block) if cap is not None else None,
                "origin": _number(origin, block),
                "fits": _number(fits, block),
                "after": _number(origin + fits if adds else origin - fits, block),
                "too_much": _number(cap + unit, block) if cap is not None else None,
                "far": _number(cap + unit + origin, block) if cap is not None else None,
            }
        )
    values: dict[str, object] = {
        "block": block,
        "kind": "int" if block.whole else "Decimal",
        "given": "int" if block.whole else "Decimal | int",
        "spoken": block.amount.replace("_", " "),
        "spoken_name": snake(block.name).replace("_", " "),
        "variable": snake(block.name),
        "start": _number(start, block),
        "low": _number(low, block) if low is not None else None,
        "high": _number(high, block) if high is not None else None,
        "below": _number(low - unit, block) if low is not None else None,
        "above": _number(high + unit, block) if high is not None else None,
        "steps": steps,
        "adders": [one for one in steps if one["adds"]],
        "takers": [one for one in steps if not one["adds"]],
        "limit_local": f"r{len(block.steps) + 2}",
        "zero": _number(Decimal(0), block),
        "one": _number(unit, block),
        "room": room,
    }
    return Part(
        module=snake(block.name),
        title=f"{block.name}: {block.amount.replace('_', ' ')} that keeps its limits.",
        code=render("families/amount.py", **values),
        tests=traced(render("families/test_amount.py", **values), block.requirements),
        test_name=snake(block.name),
        public=(block.name,),
        requirements=block.requirements,
    )


def _origin(start: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """Where to begin so that something can be taken."""
    if high is not None:
        return high
    return max(start, low or Decimal(0)) + 100


def _fitting(
    origin: Decimal,
    low: Decimal | None,
    high: Decimal | None,
    cap: Decimal | None,
    *,
    adds: bool,
    unit: Decimal,
) -> Decimal:
    """How much one step may move from `origin`."""
    room = (
        (high - origin if high is not None else Decimal(40))
        if adds
        else (origin - low if low is not None else Decimal(40))
    )
    return max(min(room, cap if cap is not None else room, Decimal(40)), unit)


def _number(number: Decimal, block: AmountBlock) -> str:
    return source_of(number, whole=block.whole)


def value_part(block: ValueBlock) -> Part:
    """A frozen class with checked fields."""
    fields = [_field(one, block) for one in block.fields]
    values: dict[str, object] = {
        "block": block,
        "fields": fields,
        "checked": [one for one in fields if one["checks"]],
        "kinds": {str(one["python"]) for one in fields},
        "variable": snake(block.name),
    }
    return Part(
        module=snake(block.name),
        title=f"{block.name}: a value that is always in order.",
        code=render("families/value.py", **values),
        tests=traced(render("families/test_value.py", **values), block.requirements),
        test_name=snake(block.name),
        public=(block.name,),
        requirements=block.requirements,
    )


def _field(field: ValueField, block: ValueBlock) -> dict[str, object]:
    local = f"r{block.requirements.index(field.requirement) + 1}" if field.requirement else ""
    step = Decimal(1) if field.type == "integer" else Decimal("0.01")
    low = Decimal(field.minimum) if field.minimum is not None else None
    high = Decimal(field.maximum) if field.maximum is not None else None
    accepted: list[str] = []
    refused: list[str] = []
    if field.type in {"integer", "decimal"}:
        if low is not None:
            accepted.append(_cell(low + step if field.exclusive_minimum else low, field))
            refused.append(_cell(low if field.exclusive_minimum else low - step, field))
        if high is not None:
            accepted.append(_cell(high, field))
            refused.append(_cell(high + step, field))
    elif field.type == "text":
        accepted, refused = ['"Ada"', '"x"'], ['""', '"  "']
    sample = (
        accepted[0]
        if accepted
        else {
            "integer": "3",
            "decimal": 'Decimal("2.50")',
            "boolean": "True",
            "date": "date(2024, 2, 29)",
            "text": '"Ada"',
        }[field.type]
    )
    return {
        "name": field.name,
        "spoken": field.name.replace("_", " "),
        "python": _PYTHON[field.type],
        "type": field.type,
        "local": local,
        "low": _cell(low, field) if low is not None else None,
        "high": _cell(high, field) if high is not None else None,
        "above": field.exclusive_minimum,
        "checks": bool(field.requirement),
        "limits": _limits(field),
        "accepted": accepted,
        "refused": refused,
        "sample": sample,
        "minimum": field.minimum,
        "maximum": field.maximum,
    }


def _cell(number: Decimal, field: ValueField) -> str:
    return source_of(number, whole=field.type == "integer")


def _limits(field: ValueField) -> str:
    if field.type == "text":
        return "have a character other than space"
    words = []
    if field.minimum is not None:
        words.append(f"{'more than' if field.exclusive_minimum else 'at least'} {field.minimum}")
    if field.maximum is not None:
        words.append(f"at most {field.maximum}")
    return "be " + " and ".join(words)
