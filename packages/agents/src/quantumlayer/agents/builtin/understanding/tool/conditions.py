"""Conditions in English: "amount is greater than 100 and country is DE"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    NUMBER,
    column_name,
    number_text,
)
from quantumlayer.qlayer.requirements.tool import CellCondition, CellOperator

_IS = r"(?:(?:is|are|was|were|be|being)\s+)?"
_OPERATORS: tuple[tuple[str, str], ...] = (
    ("between", rf"{_IS}(?:in the range\s+)?(?:between)"),
    ("not_contains", r"does(?:n't| not) contain|not containing"),
    ("contains", r"contains?|containing|includes?(?= the (?:word|text)| [\"'])|matching|matches"),
    ("starts_with", r"starts? with|starting with|begins? with|beginning with"),
    ("ends_with", r"ends? with|ending with|ending in|ends? in"),
    (
        "greater_or_equal",
        (
            rf"{_IS}(?:at least|(?:greater|more|higher|larger|bigger) than or equal to|no less than"
            r"|not less than|not below)|>=|≥"
        ),
    ),
    (
        "less_or_equal",
        (
            rf"{_IS}(?:at most|(?:less|lower|smaller) than or equal to|no more than|not more than"
            r"|not above|not over|up to)|<=|≤"
        ),
    ),
    ("is_set", r"(?:is|are) (?:not (?:empty|missing|blank|null)|present|filled in|filled)"),
    ("is_empty", r"(?:is|are) (?:empty|missing|blank|null)"),
    (
        "greater",
        (
            rf"{_IS}(?:strictly )?(?:(?:greater|more|higher|larger|bigger|older|later|longer) th[ae]n"
            r"|over|above|exceeding|after)|exceeds?|>"
        ),
    ),
    (
        "less",
        (
            rf"{_IS}(?:strictly )?(?:(?:less|fewer|lower|smaller|younger|earlier|shorter) th[ae]n"
            r"|under|below|before)|<"
        ),
    ),
    (
        "not_equal",
        r"(?:is|are) not(?: equal to)?|isn't|aren't|!=|<>|does(?:n't| not) equal|other than",
    ),
    ("one_of", r"(?:is|are) (?:either|one of)|in(?= *[(\[])"),
    ("equal", r"(?:is|are) equal to|equals?(?: to)?|==?"),
    ("is", r"is|are"),
)
_OPERATOR = re.compile(
    "|".join(
        rf"(?P<{name}>(?:(?<![\w-])|(?=[<>=!≥≤]))(?:{pattern})(?:(?![\w-])|(?<=[<>=≥≤])))"
        for name, pattern in _OPERATORS
    ),
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"(?:[\"'](?P<quoted>[^\"']{1,60})[\"']|(?P<words>[A-Za-z_][\w-]*(?: [A-Za-z_][\w-]*){0,2}))"
    r"(?:\s+(?:column|field|value))?\s*$"
)
_LEAD = re.compile(
    r"\b(?:where|whose|for which|in which|when|if|having|with|which|that|only|filter\w*|keep\w*)\b[^.;\n]*$",
    re.IGNORECASE,
)
_NOISE = frozenset(
    """
    where whose which that with the a an their its and or when if having only rows row records
    record lines line entries entry all keep keeps filter filters show shows print prints list
    lists select selects find finds of for in by it column field value values every each drop
    drops remove removes exclude excludes excluding skip skips ignore ignores but have has had
    not get gets any from to is are must should be them they count counts number on see
    output outputs return returns extract extracts whose whos
    """.split()  # noqa: SIM905
)
_DATE = r"\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?Z?)?"
_QUOTED = r"\"[^\"]{1,80}\"|'[^']{1,80}'"
_WORD = r"[A-Za-z0-9@_][\w.@/+-]*"
_VALUE = re.compile(
    rf"\s*(?:the (?:word|text|value|string)s? |than |a value of )?(?:(?P<quoted>{_QUOTED})|(?P<date>{_DATE})"
    rf"|[$€£]?\s?(?P<number>{NUMBER})(?![\w-])\s?(?:[$€£%]|(?:eur|euros?|usd|dollars?|percent|years?(?: old)?)\b)?"
    rf"|(?P<word>{_WORD}(?: [A-Z][\w-]*)*))"
)
_OR = re.compile(
    r"\s*(?:,\s*(?:or\s+)?|\s+or\s+|/|\|)(?!\s*(?:the |whose |where )*[\w-]+\s+(?:is|are|equals?|=|<|>|over|under|above|below|greater|less|more|at)\b)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:and|to|-)\s*", re.IGNORECASE)
_NOT_VALUES = frozenset("a an the not then and or in of by to it they".split())  # noqa: SIM905
_NEGATED = re.compile(
    r"\b(?:drop|drops|remove|removes|exclude|excludes|excluding|skip|skips|ignore|ignores|delete|deletes"
    r"|leave out|leaves out|filter(?:s)? out|discard|discards|without)\b[^.;\n]*$",
    re.IGNORECASE,
)
_NUMERIC = frozenset({"between", "greater", "greater_or_equal", "less", "less_or_equal"})


@dataclass(frozen=True, slots=True)
class Found:
    """Conditions that belong together, their place, and whether they say what to leave out."""

    conditions: tuple[CellCondition, ...]
    match: str
    drop: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _One:
    conditions: tuple[CellCondition, ...]
    start: int
    end: int
    joined_by: str


def find_conditions(marks: Marks, nouns: dict[str, str]) -> list[Found]:
    """The conditions of a text; `nouns` maps words that stand for a column to its name.

    "expenses over 100" speaks of the amount: then `nouns["expenses"]` is `amount`.
    """
    groups: list[list[_One]] = []
    for one in _each(marks, nouns):
        previous = groups[-1][-1] if groups else None
        between = marks.text[previous.end : one.start] if previous else ""
        joins = re.fullmatch(
            r"\s*,?\s*(?:(?P<word>and|or)\s+)?(?:also\s+)?(?:with |where |whose |the |their |its |an? )*\s*",
            between,
            re.IGNORECASE,
        )
        if previous and joins:
            word = (joins["word"] or "and").lower()
            groups[-1].append(_One(one.conditions, one.start, one.end, word))
        else:
            groups.append([one])
    return [_together(group, marks) for group in groups]


def _together(group: list[_One], marks: Marks) -> Found:
    words = {one.joined_by for one in group[1:]}
    start, end = group[0].start, group[-1].end
    sentence = marks.text[:start]
    negated = _NEGATED.search(sentence)
    drop = negated is not None and not re.search(r"\b(?:keep|show|print|only)\b|,", negated.group())
    marks.mark(start, end)
    return Found(
        tuple(condition for one in group for condition in one.conditions),
        "any" if words == {"or"} else "all",
        drop,
        start,
        end,
    )


def _each(marks: Marks, nouns: dict[str, str]) -> Iterator[_One]:
    text, last_end, last_column = marks.text, 0, ""
    for match in _OPERATOR.finditer(text):
        if match.start() < last_end or marks.taken[match.start()]:
            continue
        name = match.lastgroup or ""
        column = _column_before(text, last_end, match.start(), nouns)
        start = column[1] if column else match.start()
        joined = re.search(r"\b(?:and|or)\s*$", text[last_end : match.start()], re.IGNORECASE)
        if column is None and joined and last_column and name in _NUMERIC:
            column = (last_column, match.start())
        if re.search(r"(?i)older|younger", match.group()):
            column = ("age", column[1] if column else match.start())
        if column is None:
            continue
        if name == "is" and not (_LEAD.search(text, 0, start) or _continues(text, last_end, start)):
            continue
        found = _conditions(name, column[0], text, match.end())
        if found is None:
            continue
        conditions, end = found
        yield _One(conditions, start, end, "and")
        last_end, last_column = end, column[0]


def _continues(text: str, last_end: int, start: int) -> bool:
    return (
        last_end > 0
        and re.fullmatch(r"\s*,?\s*(?:and|or)\s+(?:the )?", text[last_end:start]) is not None
    )


def _column_before(
    text: str, floor: int, end: int, nouns: dict[str, str]
) -> tuple[str, int] | None:
    match = _COLUMN.search(text, max(floor, end - 80), end)
    if match is None:
        return None
    if match["quoted"]:
        return match["quoted"], match.start("quoted") - 1
    words = match["words"].split(" ")
    start = match.start("words")
    while words and words[0].lower() in _NOISE:
        start += len(words.pop(0)) + 1
    # Only what follows the last word that cannot belong to a name is the name.
    for place in range(len(words) - 1, -1, -1):
        if words[place].lower() in _NOISE:
            start += sum(len(word) + 1 for word in words[: place + 1])
            words = words[place + 1 :]
            break
    if not words:
        return None
    known = nouns.get(words[-1].lower())

    if known:
        return known, start
    if len(words) == 3:
        start += len(words.pop(0)) + 1
    if len(words) == 2 and (words[0].lower() in nouns or words[0].lower().endswith(("s", "ed"))):
        start += len(words.pop(0)) + 1
    return column_name(" ".join(words)), start


def _conditions(
    name: str, column: str, text: str, position: int
) -> tuple[tuple[CellCondition, ...], int] | None:
    if name in {"is_empty", "is_set"}:
        condition = CellCondition(column=column, operator=CellOperator(name))
        return (condition,), position
    value = _value(text, position)
    if value is None:
        return None
    if name == "between":
        return _between(column, value, text)
    if name in _NUMERIC:
        if not value.is_number:
            return None
        return (_condition(column, CellOperator(name), value.text),), value.end
    if name in {"is", "equal", "one_of"}:
        return _equal(column, value, text)
    if value.text.lower() in _NOT_VALUES:
        return None
    return (_condition(column, CellOperator(name), value.text),), value.end


def _condition(column: str, operator: CellOperator, *values: str) -> CellCondition:
    return CellCondition(column=column, operator=operator, values=values)


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    end: int
    is_number: bool


def _value(text: str, position: int) -> _Value | None:
    opened = re.match(r"\s*[(\[]", text[position : position + 4])
    match = _VALUE.match(text, position + (opened.end() if opened else 0))
    if match is None:
        return None
    if match["quoted"]:
        return _Value(match["quoted"][1:-1], match.end(), is_number=False)
    if match["date"]:
        whole = match["date"] if len(match["date"]) > 7 else f"{match['date']}-01"
        return _Value(whole, match.end(), is_number=True)
    if match["number"]:
        return _Value(number_text(match["number"]), match.end(), is_number=True)
    return _Value(
        match["word"].rstrip("."),
        match.start("word") + len(match["word"].rstrip(".")),
        is_number=False,
    )


def _between(column: str, low: _Value, text: str) -> tuple[tuple[CellCondition, ...], int] | None:
    joint = _AND.match(text, low.end)
    high = _value(text, joint.end()) if joint else None
    if high is None or not (low.is_number and high.is_number):
        return None
    return (
        _condition(column, CellOperator.GREATER_OR_EQUAL, low.text),
        _condition(column, CellOperator.LESS_OR_EQUAL, high.text),
    ), high.end


def _equal(column: str, first: _Value, text: str) -> tuple[tuple[CellCondition, ...], int] | None:
    if first.text.lower() in _NOT_VALUES:
        return None
    values, end = [first.text], first.end
    while (joint := _OR.match(text, end)) is not None:
        # A comma goes on with values only where an "or" follows.
        if "," in joint.group() and "or" not in joint.group():
            ahead = re.match(rf"{_WORD}(?:\s*,\s*{_WORD})*\s*,?\s+or\s+", text[joint.end() :])
            if ahead is None:
                break
        another = _value(text, joint.end())
        if another is None or another.text.lower() in _NOT_VALUES:
            break
        values.append(another.text)
        end = another.end
    closing = re.match(r"\s*[)\]]", text[end:])
    end += closing.end() if closing else 0
    operator = CellOperator.EQUAL if len(values) == 1 else CellOperator.ONE_OF
    return (_condition(column, operator, *values),), end
