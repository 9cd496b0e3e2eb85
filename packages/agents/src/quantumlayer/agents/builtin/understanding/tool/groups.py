"""Groups and figures in English: "the total and average amount per category"."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    COUNT,
    column_name,
    name_at,
    names_at,
    number_text,
)
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements.tool import MeasureFunction as F

_FUNCTIONS: tuple[tuple[str, F], ...] = (
    (r"(?:the )?(?:number|count|amount)s? of (?:distinct|unique|different)", F.DISTINCT),
    (r"(?:distinct|unique|different) count(?:s)?(?: of)?", F.DISTINCT),
    (r"(?:total |the )?numbers? of", F.COUNT),
    (r"(?:total )?counts? of", F.COUNT),
    (r"how many", F.COUNT),
    (r"standard deviations?|std ?dev|stdev", F.DEVIATION),
    (r"averages?|means?|avg", F.MEAN),
    (r"medians?", F.MEDIAN),
    (r"minimums?|minimal|smallest|lowest|min", F.MINIMUM),
    (r"maximums?|maximal|largest|highest|max", F.MAXIMUM),
    (r"sub-?totals?|totals?|totall?ing|sums? up|sums?|summed", F.SUM),
    (r"counts?|counting", F.COUNT),
)
_FUNCTION = re.compile(
    "|".join(rf"(?P<f{n}>\b(?:{pattern})\b)" for n, (pattern, _) in enumerate(_FUNCTIONS)),
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s+(?:(?:of|for(?!\s+(?:each|every))|in|over)\s+)?(?:the\s+|all\s+|each\s+|my\s+|their\s+)*",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:group(?:s|ed|ing)?(?:\s+(?:the\s+|them\s+|it\s+|all\s+)?[\w.-]+){0,2}?\s+by"
    r"|aggregat(?:e|es|ed|ing)(?:\s+[\w-]+){0,2}?\s+by|broken down by|break(?:s)? down by|split by"
    r"|per|for each|for every|by each|of each"
    r"|(?:each|every)(?=\s+[\w-]+\s+(?:made|makes|has|have|had|placed|places|bought|buys|did|spent|sold)\b))\b",
    re.IGNORECASE,
)
_PLAIN_BY = re.compile(r"\bby\b", re.IGNORECASE)
_TOP = re.compile(
    rf"\b(?:(?:top|best|first)\s+|the\s+(?=\w+\s+[\w-]+\s+with\s))(?P<n>{COUNT})\s+(?P<noun>[a-z_][\w-]*(?: [a-z_][\w-]*)?)\s+"
    r"(?:by|with the (?:highest|largest|biggest|most)|in terms of|with most|ranked by|according to)\s+",
    re.IGNORECASE,
)
_WORDS = {
    F.COUNT: "count",
    F.SUM: "total",
    F.MEAN: "average",
    F.MINIMUM: "minimum",
    F.MAXIMUM: "maximum",
    F.MEDIAN: "median",
    F.DEVIATION: "deviation",
    F.DISTINCT: "distinct",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A function over a column, as the text names both; no column where it names none."""

    function: F
    column: str
    word: str
    start: int
    end: int


@dataclass(slots=True)
class GroupFound:
    """One grouping: its columns, its figures, its place; top N where it says so."""

    by: tuple[str, ...]
    figures: list[Figure]
    start: int
    end: int
    top: int | None = None


def word_of(function: F) -> str:
    """How a figure's column is called."""
    return _WORDS[function]


def find_groups(marks: Marks, subjects: set[str]) -> tuple[list[GroupFound], list[Figure]]:
    """The groupings of a text, and the figures that belong to none of them."""
    tops = _tops(marks, subjects)
    figures = _figures(marks, subjects)
    groups = tops + _groups(marks, figures)
    groups.sort(key=lambda group: group.start)
    for verb in marks.find(_DOES):
        if any(group.end == verb.start() for group in groups):
            marks.mark(verb.start(), verb.end())
    loose: list[Figure] = []
    for figure in figures:
        owner = _owner(figure, [group for group in groups if group.top is None], marks.text)
        if owner is None:
            loose.append(figure)
        else:
            owner.figures.append(figure)
    return _without_repeats(groups), loose


_DOES = re.compile(r"\s+(?:made|makes|has|have|had|placed|places|bought|buys|did|spent|sold)\b")


def _without_repeats(groups: list[GroupFound]) -> list[GroupFound]:
    """A grouping that a top N repeats is that top N: "orders per customer and the top 3"."""
    tops = {
        (_stems(group.by), group.figures[0].function) for group in groups if group.top is not None
    }
    return [
        group
        for group in groups
        if group.top is not None
        or len({figure.function for figure in group.figures}) != 1
        or (_stems(group.by), group.figures[0].function) not in tops
    ]


def _stems(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(singular(name.lower()) for name in names)


def _owner(figure: Figure, groups: list[GroupFound], text: str) -> GroupFound | None:
    """The grouping that follows a figure within its clause, else the one before it."""
    following = [group for group in groups if group.start >= figure.start]
    before = [group for group in groups if group.start < figure.start]
    if following and not re.search(r"[.;]\s", text[figure.end : following[0].start]):
        return following[0]
    return before[-1] if before else (following[0] if following else None)


def _tops(marks: Marks, subjects: set[str]) -> list[GroupFound]:
    found = []
    for match in marks.find(_TOP):
        noun = match["noun"].lower()
        if not marks.opens(match) or noun.split()[-1] in subjects:
            continue
        named = name_at(marks.text, match.end(), words=3)
        if named is None:
            continue
        function, column = _top_figure(named[0], subjects)
        marks.mark(match.start(), named[1])
        figure = Figure(function, column, word_of(function), match.start(), named[1])
        found.append(
            GroupFound((noun,), [figure], match.start(), named[1], int(number_text(match["n"])))
        )
    return found


def _top_figure(phrase: str, subjects: set[str]) -> tuple[F, str]:
    match = _FUNCTION.match(phrase)
    if match is None:
        if phrase.lower() in subjects or re.match(
            r"(?i)(orders?|requests?|sales count|purchases)$", phrase
        ):
            return F.COUNT, ""
        return F.SUM, column_name(phrase)
    function = _function(match)
    rest = phrase[match.end() :].strip()
    rest = re.sub(r"(?i)^(?:of|the)\s+", "", rest)
    return function, "" if function is F.COUNT else column_name(rest)


def _function(match: re.Match[str]) -> F:
    return _FUNCTIONS[int((match.lastgroup or "f0")[1:])][1]


def _figures(marks: Marks, subjects: set[str]) -> list[Figure]:
    found: list[Figure] = []
    text = marks.text
    for match in marks.find(_FUNCTION):
        if not marks.opens(match) or _is_filter(text, match):
            continue
        function = _function(match)
        column, end = _column_after(text, match, function, subjects)
        marks.mark(match.start(), end)
        found.append(Figure(function, column, match.group().lower(), match.start(), end))
    return _with_shared_column(found, text)


def _is_filter(text: str, match: re.Match[str]) -> bool:
    """ "largest first" is an order and "the 10 largest" a limit, no figures."""
    before = text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 8]
    if re.match(r"\s+(?:first|to\b)", after):
        return True
    return re.search(rf"(?i){COUNT}\s+(?:most\s+)?$|\bby (?:the )?$", before) is not None


def _column_after(
    text: str, match: re.Match[str], function: F, subjects: set[str]
) -> tuple[str, int]:
    joint = _OF.match(text, match.end())
    if joint is None:
        return "", match.end()
    named = name_at(text, joint.end())
    if named is None:
        return "", match.end()
    phrase, end = named
    more = _FUNCTION.match(text, joint.end())
    if more is not None and not match.group().lower().endswith(" of"):
        return "", match.end()
    lowered = phrase.lower()
    if function is F.COUNT or lowered in subjects or lowered.split()[0] in subjects:
        first = text[joint.end() : end].split(" ", maxsplit=1)[0]
        stop = joint.end() + len(first) if lowered.split()[0] in subjects else end
        return "", stop
    return column_name(phrase), end


def _with_shared_column(figures: list[Figure], text: str) -> list[Figure]:
    """ "min, max and mean of price": the last one's column is that of all."""
    shared: list[Figure] = []
    column, start = "", len(text)
    for figure in reversed(figures):
        listed = re.fullmatch(r"\s*,?\s*(?:and|&|/|plus)?\s*(?:the\s+)?", text[figure.end : start])
        if figure.column:
            column = figure.column
        elif not (listed and figure.function is not F.COUNT):
            column = "" if not listed else column
        applied = column if figure.function is not F.COUNT and not figure.column else figure.column
        shared.append(Figure(figure.function, applied, figure.word, figure.start, figure.end))
        start = figure.start
    return list(reversed(shared))


def _groups(marks: Marks, figures: list[Figure]) -> list[GroupFound]:
    found: list[GroupFound] = []
    text = marks.text
    for match in marks.find(_BY):
        if not marks.opens(match):
            continue
        _add(found, marks, match)
    for match in marks.find(_PLAIN_BY):
        follows = any(
            re.fullmatch(r"\s*(?:\w+\s+){0,2}", text[figure.end : match.start()])
            for figure in figures
            if figure.end <= match.start()
        )
        if follows and marks.is_free(match.start(), match.end()):
            _add(found, marks, match)
    return found


def _add(found: list[GroupFound], marks: Marks, match: re.Match[str]) -> None:
    names, end = names_at(marks.text, match.end())
    if not names:
        return
    marks.mark(match.start(), end)
    found.append(GroupFound(tuple(names), [], match.start(), end))
