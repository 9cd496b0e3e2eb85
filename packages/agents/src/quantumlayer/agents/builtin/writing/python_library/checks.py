"""The code of functions that check one value against limits."""

from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.rendering import number as source_of
from quantumlayer.agents.builtin.writing.python_library.rendering import render, traced
from quantumlayer.qlayer.requirements.library import CheckBlock


def check_part(block: CheckBlock) -> Part:
    """One function with its limits as constants."""
    step = Decimal(1) if block.whole else Decimal("0.01")
    low = Decimal(block.minimum) if block.minimum is not None else None
    high = Decimal(block.maximum) if block.maximum is not None else None
    inside = low if low is not None else high
    assert inside is not None  # noqa: S101 - a block has a limit
    accepted = [
        *(() if low is None else (low + step if block.exclusive_minimum else low,)),
        *(() if high is None else (high - step if block.exclusive_maximum else high,)),
    ]
    refused = [
        *(() if low is None else (low if block.exclusive_minimum else low - step,)),
        *(() if high is None else (high if block.exclusive_maximum else high + step,)),
    ]
    if block.length:
        refused = [each for each in refused if each >= 0]
    values: dict[str, object] = {
        "block": block,
        "shown": block.subject.replace("_", " "),
        "kind": "str" if block.length else "int" if block.whole else "Decimal",
        "constant": block.function.removeprefix("check_").upper(),
        "low": _literal(low, block),
        "high": _literal(high, block),
        "limits": _limits(block),
        "accepted": [_value(each, block) for each in accepted],
        "refused": [_value(each, block) for each in refused],
        "example": _value(accepted[0], block),
    }
    return Part(
        module="checks",
        title="Checks of single values: each gives the value back, or says what would do.",
        code=render("families/check.py", **values),
        tests=traced(render("families/test_check.py", **values), block.requirements),
        test_name=block.function,
        public=(block.function,),
        requirements=block.requirements,
    )


def _literal(number: Decimal | None, block: CheckBlock) -> str | None:
    if number is None:
        return None
    return source_of(number, whole=block.whole)


def _value(number: Decimal, block: CheckBlock) -> str:
    if block.length:
        return f'"{"x" * int(number)}"' if number <= 12 else f'"x" * {int(number)}'
    return _literal(number, block) or "0"


def _limits(block: CheckBlock) -> str:
    words = []
    if block.minimum is not None:
        words.append(f"{'more than' if block.exclusive_minimum else 'at least'} {block.minimum}")
    if block.maximum is not None:
        words.append(f"{'less than' if block.exclusive_maximum else 'at most'} {block.maximum}")
    return " and ".join(words) + (" characters" if block.length else "")
