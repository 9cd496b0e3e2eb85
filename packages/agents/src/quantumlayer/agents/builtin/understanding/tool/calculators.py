"""Calculators: which calculations a text asks for, and its own figures as their defaults."""

import re

from quantumlayer.agents.builtin.understanding.tool.calculations import CATALOGUE, Known
from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    Calculation,
    Calculator,
    Parameter,
)

_ARITHMETIC = frozenset({"add", "subtract", "multiply", "divide"})
_WEAK = frozenset({"age", "days", "change", "pay", "margin", *_ARITHMETIC})
_ASKS = re.compile(
    r"\b(?:calculat\w*|comput\w*|calc|works? out|determin\w*|tells?|finds?|estimat\w*)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*(?:%|percent)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:split|shared?|between|among|by|divide)\w*\s+(?:\w+\s+){0,3}?(?:people|persons|friends|guests)\b",
    re.IGNORECASE,
)
_BASIC = re.compile(
    r"\b(?:basic|simple|four[- ]function|arithmetic)\s+(?:arithmetic\s+)?calculator\b|\bcalculator with basic\b|\barithmetic\b",
    re.IGNORECASE,
)


def is_calculator(text: str) -> bool:
    """Whether a text asks for a calculation of the catalogue."""
    asked = _asked(text)
    if any(known.name in {"days", "bmi", "compound"} for known in asked):
        return True
    return bool(asked) and (
        _ASKS.search(text) is not None or re.search(r"(?i)\bcalculator\b", text) is not None
    )


def _asked(text: str) -> list[Known]:
    """The calculations that a text speaks of; a more telling one hides what is part of its name."""
    rest = text
    found: list[Known] = []
    for known in CATALOGUE:
        pattern = re.compile(rf"\b(?:{known.pattern})\b", re.IGNORECASE)
        if pattern.search(rest):
            found.append(known)
            rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    strong = [known for known in found if known.name not in _WEAK]
    if strong:
        found = [known for known in found if known.name not in _ARITHMETIC]
        has_day = re.search(r"(?i)\bbirth|\bborn\b|days between", text)
        found = found if has_day else [known for known in found if known not in _weak(found)]
    if _BASIC.search(text) and not strong:
        found = [known for known in CATALOGUE if known.name in _ARITHMETIC]
    if not strong and not _BASIC.search(text):
        arithmetic = [known for known in found if known.name in _ARITHMETIC]
        if len(arithmetic) < 2:
            found = [known for known in found if known not in arithmetic]
    return found


def _weak(found: list[Known]) -> list[Known]:
    return [known for known in found if known.name in _WEAK - {"change"}]


def understand_calculator(draft: ToolDraft) -> Requirements | None:
    """The requirements of a calculator; None where no known calculation is asked for."""
    marks = draft.marks
    asked = _asked(marks.text)
    if not asked:
        return None
    calculations = [_calculation(draft, known) for known in asked]
    marks.take(_ASKS)
    marks.take(_BASIC)
    marks.take(_PEOPLE)
    marks.mark_words(
        r"calculators?|(?:two|2) (?:numbers|dates|values)|numbers?|payments?|principal|rates?|years?|annual(?:ly)?|yearly|monthly|"
        r"weights?|heights?|kg|kilograms?|meters?|metres?|cm|bills?|amounts?|totals?|people|persons?|percent(?:age)?|net|gross|price|"
        r"costs?|interest|loans?|birth ?dates?|birthday|date of birth|dates?|days?|category|categories|underweight|overweight|normal|obese"
        r"|bmi|split\w*|each|person's|areas?|shape|financial|money|paid|pay\w*|term|duration|period|both"
    )
    names = " and ".join(calculation.help for calculation in calculations)
    single = len(calculations) == 1
    return draft.finish(
        name=f"{calculations[0].name} calculator" if single else "calculator",
        title=f"Calculator: {names}"[:120],
        summary=f"Calculates {names} from the values given as arguments.",
        program=Calculator(calculations=tuple(calculations)),
        output="Results are printed as lines of text, or with --json, as one JSON object.",
    )


def _calculation(draft: ToolDraft, known: Known) -> Calculation:
    marks = draft.marks
    source = ""
    for match in marks.find(re.compile(rf"\b(?:{known.pattern})\b", re.IGNORECASE)):
        marks.mark(match.start(), match.end())
        source = source or match.group()
    parameters = known.parameters
    if known.percent:
        percent = marks.take_first(_PERCENT)
        if percent is not None:
            parameters = _with_default(known, percent["n"])
            draft.assume(f"--{known.percent} is {percent['n']} unless said otherwise.")
    for parameter in parameters:
        if parameter.default is not None and parameter in known.parameters:
            draft.assume(
                f"--{parameter.name.replace('_', '-')} is {parameter.default} unless said otherwise."
            )
    given = ", ".join(parameter.name.replace("_", " ") for parameter in parameters)
    results = ", ".join(result.name.replace("_", " ") for result in known.results)
    requirement = draft.require(f"Calculate the {known.help} ({results}) from {given}.", source)
    return Calculation(
        name=known.name,
        requirement=requirement,
        help=known.help,
        parameters=parameters,
        results=known.results,
        examples=known.examples,
    )


def _with_default(known: Known, value: str) -> tuple[Parameter, ...]:
    """The parameters with a percentage of the text as a default."""
    return tuple(
        parameter.model_copy(update={"default": value})
        if parameter.name == known.percent
        else parameter
        for parameter in known.parameters
    )
