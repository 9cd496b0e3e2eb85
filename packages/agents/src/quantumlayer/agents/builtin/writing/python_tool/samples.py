"""Sample records: for `examples/`, and for tests that look at a rule from both sides."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool import reference
from quantumlayer.agents.builtin.writing.python_tool.reference import Row
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CheckRule,
    ColumnType,
    DatePart,
    Derive,
    Filter,
    Group,
    Pipeline,
    Rename,
    Select,
    Source,
    Step,
    Validate,
)

_NUMBERS = ("12.50", "99.99", "7.25", "240.00", "31.80", "120.00")
_WHOLE = ("3", "12", "7", "25", "1", "18")
_DATES = ("2024-01-05", "2024-01-19", "2024-02-02", "2024-02-17", "2024-03-08", "2024-03-21")
_COUNTED = re.compile(r"(^|_)(quantity|qty|units?|count|age|year|stock|pages|visits)$")
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^file$", ("notes.txt", "photos/cat.jpg", "report.md", "data.csv")),
    (r"date|^day$|deadline", _DATES),
    (r"amount|price|cost|total|salary|revenue|sales", _NUMBERS),
    (r"quantity|units|^age$|year|stock|hours", _WHOLE),
    (r"e.?mail", ("ann@example.org", "ben@example.org", "cleo@example.org", "dan@example.org")),
    (r"url|link|website", ("https://example.org/a", "https://example.org/b")),
    (r"categor|kind|type", ("food", "travel", "rent", "books")),
    (r"countr", ("DE", "FR", "AT", "IT")),
    (r"region|area|zone", ("North", "South", "East", "West")),
    (r"cit(y|ies)|town", ("Berlin", "Paris", "Vienna", "Rome")),
    (r"product|item|article", ("lamp", "chair", "desk", "shelf")),
    (r"customer|client|user|name|person|employee|author|seller", ("Ann", "Ben", "Cleo", "Dan")),
    (r"department|team", ("Sales", "Support", "Design", "Finance")),
    (r"status|state", ("open", "paid", "closed", "late")),
    (r"currency", ("EUR", "USD", "GBP")),
    (r"method", ("GET", "POST", "GET", "DELETE")),
    (r"path|page", ("/", "/books", "/orders", "/login")),
    (r"^ip|address", ("192.0.2.1", "192.0.2.7", "198.51.100.4", "203.0.113.9")),
    (r"level|severity", ("INFO", "ERROR", "WARNING", "ERROR")),
    (r"message", ("ready", "disk is full", "slow answer", "no route to host")),
    (r"^text$", ("the quick brown fox", "jumps over the lazy dog", "the end", "a fox again")),
    (r"^word$", ("the", "fox", "over", "dog")),
    (r"^character$", ("a", "b", "c", "d")),
    (r"title|subject", ("First steps", "Second thoughts", "Third time", "Fourth wall")),
)
_FALLBACK = ("red", "green", "blue", "white")
ROWS = 8


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows of text cells that suit a pipeline: its columns, and values on both sides of its rules.

    `inputs` are the columns of the input with their types, in the order of the header.
    """

    pipeline: Pipeline
    inputs: tuple[tuple[str, ColumnType], ...]
    conditions: tuple[tuple[CellCondition, bool], ...]

    def base(self, given: dict[str, str] | None = None) -> Row:
        """A row that every described filter keeps."""
        return {name: self._suitable(name, kind, given or {}) for name, kind in self.inputs}

    def rows(self, given: dict[str, str] | None = None, count: int = ROWS) -> list[Row]:
        """Varied rows, kept ones and others mixed."""
        pools = {name: self._pool(name, kind, given or {}) for name, kind in self.inputs}
        rows: list[Row] = []
        for number in range(count):
            row: Row = {}
            for place, (name, pool) in enumerate(pools.items()):
                step = number if place % 2 == 0 else number + number // len(pool) + place
                row[name] = pool[step % len(pool)]
            rows.append(row)
        return rows

    def varied(self, count: int, given: dict[str, str] | None = None) -> list[Row]:
        """Rows that filters keep and that differ in every column that is free to."""
        base = self.base(given)
        bound = {condition.column for condition, _ in self.conditions}
        rows = []
        for number in range(count):
            row = dict(base)
            for name, kind in self.inputs:
                if name not in bound:
                    row[name] = _numbered_cell(name, reference.text_of(base[name]), kind, number)
            rows.append(row)
        return rows

    def without(
        self, condition: CellCondition, row: Row, given: dict[str, str] | None = None
    ) -> Row:
        """The row with a value that a condition does not hold for."""
        kind = dict(self.inputs).get(condition.column, ColumnType.TEXT)
        return {
            **row,
            condition.column: self._search(
                [(condition, False)], condition.column, kind, given or {}
            ),
        }

    def _suitable(self, name: str, kind: ColumnType, given: dict[str, str]) -> str:
        wanted = [(c, holds) for c, holds in self.conditions if c.column == name]
        return self._search(wanted, name, kind, given)

    def _search(
        self,
        wanted: list[tuple[CellCondition, bool]],
        name: str,
        kind: ColumnType,
        given: dict[str, str],
    ) -> str:
        for candidate in _candidates(name, kind, [c for c, _ in wanted], given):
            row = typed(name, kind, candidate)
            if all(reference.holds(c, row, given) == holds for c, holds in wanted):
                return candidate
        return pool_of(name, kind)[0]

    def _pool(self, name: str, kind: ColumnType, given: dict[str, str]) -> tuple[str, ...]:
        pool = [self._suitable(name, kind, given)]
        for condition, holds in self.conditions:
            if condition.column == name:
                pool.append(self._search([(condition, not holds)], name, kind, given))
                pool.append(pool[0])
        others = [value for value in pool_of(name, kind) if value not in pool]
        return tuple(pool + (others if len(pool) == 1 else others[:1]))


def samples_of(pipeline: Pipeline, steps: Iterable[Step]) -> Samples:
    """The samples that suit the steps of one report."""
    conditions: list[tuple[CellCondition, bool]] = []
    for step in steps:
        if isinstance(step, Group):
            break
        if isinstance(step, Filter):
            used = step.conditions[:1] if (step.match == "any") != step.drop else step.conditions
            conditions += [(condition, not step.drop) for condition in used]
    return Samples(pipeline, input_columns(pipeline), tuple(conditions))


def input_columns(pipeline: Pipeline) -> tuple[tuple[str, ColumnType], ...]:  # noqa: C901, PLR0911 - one branch a kind
    """The columns of the sample input: those looked into, and some that just pass through."""
    match pipeline.source:
        case Source.LINES:
            return (("text", ColumnType.TEXT),)
        case Source.WORDS:
            return (("word", ColumnType.TEXT),)
        case Source.CHARACTERS:
            return (("character", ColumnType.TEXT),)
        case Source.EMAILS | Source.LINKS:
            return ((pipeline.source.value[:-1], ColumnType.TEXT),)
        case Source.NUMBERS:
            return (("number", ColumnType.NUMBER),)
        case Source.ACCESS_LOG:
            return tuple(ACCESS_COLUMNS.items())
        case Source.LEVEL_LOG:
            return tuple(LEVEL_COLUMNS.items())
        case Source.FILES:
            return (("file", ColumnType.TEXT), ("size", ColumnType.INTEGER))
    columns = {column.name: column.type for column in pipeline.columns}
    extra = {"name": ColumnType.TEXT, "city": ColumnType.TEXT, "amount": ColumnType.NUMBER}
    for name, kind in extra.items():
        if len(columns) < 3:
            columns.setdefault(name, kind)
    columns.pop("*", None)
    order = {ColumnType.DATE: 0, ColumnType.TIME: 0, ColumnType.TEXT: 1}
    return tuple(sorted(columns.items(), key=lambda item: order.get(item[1], 2)))


ACCESS_COLUMNS = {
    "ip": ColumnType.TEXT,
    "time": ColumnType.TIME,
    "method": ColumnType.TEXT,
    "path": ColumnType.TEXT,
    "status": ColumnType.INTEGER,
    "size": ColumnType.INTEGER,
}
LEVEL_COLUMNS = {
    "time": ColumnType.TIME,
    "level": ColumnType.TEXT,
    "message": ColumnType.TEXT,
}


def pool_of(name: str, kind: ColumnType) -> tuple[str, ...]:  # noqa: PLR0911 - one branch a kind
    """Plausible values of a column, by its type and name."""
    match kind:
        case ColumnType.NUMBER:
            return _WHOLE if _COUNTED.search(name.lower()) else _NUMBERS
        case ColumnType.INTEGER if name == "status":
            return ("200", "404", "200", "500", "301")
        case ColumnType.INTEGER:
            return _WHOLE
        case ColumnType.DATE:
            return _DATES
        case ColumnType.TIME:
            return tuple(f"{day}T{8 + n:02}:15:00+00:00" for n, day in enumerate(_DATES))
        case ColumnType.BOOLEAN:
            return ("true", "false")
    if name == "extension":
        return (".txt", ".md", ".csv")
    for pattern, values in _WORDS:
        if re.search(pattern, name.lower()):
            return values
    return _FALLBACK


def placed(rows: list[Row], pipeline: Pipeline) -> list[Row]:
    """The rows as they can stand in one input: files have names of their own, in their order."""
    if pipeline.source is not Source.FILES:
        return rows
    return [
        {**row, "file": f"{number:02}-{reference.text_of(row['file']).rsplit('/', 1)[-1]}"}
        for number, row in enumerate(rows, start=1)
    ]


def typed(name: str, kind: ColumnType, text: str) -> Row:
    """A row of one cell, as the tool reads it."""
    if kind is ColumnType.NUMBER:
        return {name: Decimal(text)}
    return {name: int(text) if kind is ColumnType.INTEGER else text}


def numbered(value: str, kind: ColumnType, number: int) -> str:
    """A value that differs for every number."""
    match kind:
        case ColumnType.NUMBER:
            return format(Decimal(value) + number, "f")
        case ColumnType.INTEGER:
            return str(int(value) + number)
        case ColumnType.DATE:
            return f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
        case ColumnType.TIME:
            return f"2024-01-{1 + number % 28:02}T{number % 24:02}:00:00+00:00"
        case _:
            letters = _letters(number)
            return f"{value}{letters.upper() if value.isupper() else letters}"


def _numbered_cell(name: str, value: str, kind: ColumnType, number: int) -> str:
    match name:
        case "character":
            return _letters(number)
        case _ if kind is ColumnType.TEXT and value in _DATES:
            return numbered(value, ColumnType.DATE, number)
        case _:
            return numbered(value, kind, number)


def _letters(number: int) -> str:
    """0 → a, 25 → z, 26 → ba: letters, so that a word stays one word."""
    digits = ""
    while True:
        digits = chr(ord("a") + number % 26) + digits
        number //= 26
        if not number:
            return digits


def _candidates(
    name: str, kind: ColumnType, conditions: list[CellCondition], given: dict[str, str]
) -> Iterator[str]:
    values = [
        value
        for condition in conditions
        for value in ((given[condition.argument],) if condition.argument else condition.values)
    ]
    if kind in {ColumnType.NUMBER, ColumnType.INTEGER}:
        steps = (
            ("0", "50", "-50", "1", "-1")
            if kind is ColumnType.INTEGER
            else (
                "0",
                "0.01",
                "-0.01",
                "50",
                "-50",
            )
        )
        numbers = [Decimal(v) for v in values] or [Decimal(pool_of(name, kind)[0])]
        near = [format(n + Decimal(step), "f") for step in steps for n in numbers]
        middle = [format((a + b) // 2, "f") for a, b in itertools.pairwise(sorted(numbers))]
        yield from (*middle, *(text for text in near if not text.startswith("-")), "0", "1000000")
        return
    if kind in {ColumnType.DATE, ColumnType.TIME}:
        yield from (*pool_of(name, kind), *values, "1999-01-01", "2099-12-31")
        return
    yield from (values or ())
    if name in _SINGLE_WORDS:
        yield from pool_of(name, kind)
        yield from ("TRACE", "OTHER") if name in {"level", "method"} else ("x", "other")
        return
    if len(values) > 1:
        yield " ".join(values)
    yield from (f"{first} {value}".strip() for value in values for first in ("some",))
    yield from (f"{value} more" for value in values)
    yield from (*pool_of(name, kind), *_FALLBACK, "")


_SINGLE_WORDS = frozenset({"word", "character", "level", "method", "ip", "path", "extension"})


# Input texts


def suffix(source: Source) -> str:
    """The suffix of a file that holds such input."""
    return {
        Source.CSV: ".csv",
        Source.TSV: ".tsv",
        Source.JSON: ".json",
        Source.JSON_LINES: ".jsonl",
        Source.ACCESS_LOG: ".log",
        Source.LEVEL_LOG: ".log",
    }.get(source, ".txt")


def encoded(rows: list[Row], pipeline: Pipeline, source: Source | None = None) -> tuple[str, ...]:  # noqa: PLR0911 - one branch a kind
    """The lines of an input that holds these rows."""
    names = [name for name, _ in input_columns(pipeline)]
    kinds = dict(input_columns(pipeline))
    match source or pipeline.source:
        case Source.CSV:
            return _delimited(rows, names, ",")
        case Source.TSV:
            return _delimited(rows, names, "\t")
        case Source.JSON_LINES:
            return tuple(_json(row, kinds) for row in rows)
        case Source.JSON:
            items = [f"  {_json(row, kinds)}" for row in rows]
            return ("[", *(item + "," for item in items[:-1]), *items[-1:], "]")
        case Source.ACCESS_LOG:
            return tuple(_access_line(row) for row in rows)
        case Source.FILES:
            return tuple(f"{row['file']}:{row['size']}" for row in rows)
        case Source.LEVEL_LOG:
            return tuple(f"{row['time']} {row['level']} {row['message']}" for row in rows)
        case _:
            return tuple(reference.text_of(row[names[0]]) for row in rows)


def _delimited(rows: list[Row], names: list[str], delimiter: str) -> tuple[str, ...]:
    lines = [names, *([reference.text_of(row[name]) for name in names] for row in rows)]
    return tuple(delimiter.join(_quoted(text, delimiter) for text in line) for line in lines)


def _quoted(text: str, delimiter: str) -> str:
    return '"' + text.replace('"', '""') + '"' if delimiter in text or '"' in text else text


def _json(row: Row, kinds: dict[str, ColumnType]) -> str:
    numeric = {ColumnType.NUMBER, ColumnType.INTEGER}
    members = (
        f"{json.dumps(name, ensure_ascii=False)}: "
        + (
            reference.text_of(value)
            if kinds.get(name) in numeric
            else json.dumps(value, ensure_ascii=False)
        )
        for name, value in row.items()
    )
    return "{" + ", ".join(members) + "}"


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _access_line(row: Row) -> str:
    text = reference.text_of(row["time"])
    year, month, day = text[:10].split("-")
    clock = text[11:19] or "00:00:00"
    moment = f"{day}/{_MONTHS[int(month) - 1]}/{year}:{clock} +0000"
    return (
        f'{row["ip"]} - - [{moment}] "{row["method"]} {row["path"]} HTTP/1.1" '
        f"{row['status']} {row['size']}"
    )


# Values for checks


def valid_value(step: Validate, column: str) -> str:
    """A cell that satisfies every check of a column."""
    checks = [check for check in step.checks if check.column == column]
    pool = list(pool_of(column, ColumnType.TEXT))
    bounds = [Decimal(c.values[0]) for c in checks if c.rule in _BOUNDS]
    rules = {check.rule for check in checks}
    if bounds or rules & {CheckRule.NUMBER, CheckRule.INTEGER}:
        low, high = min(bounds, default=Decimal(1)), max(bounds, default=Decimal(9))
        middle = (low + high) // 2 if len(bounds) > 1 else (low + 5 if _low(checks) else high - 5)
        return format(middle, "f") if bounds else "7"
    if CheckRule.DATE in rules:
        return "2024-05-31"
    if CheckRule.EMAIL in rules:
        return "ann@example.org"
    if CheckRule.URL in rules:
        return "https://example.org"
    for check in checks:
        if check.rule is CheckRule.ONE_OF:
            return check.values[0]
    lengths = [int(c.values[0]) for c in checks if c.rule is CheckRule.MIN_LENGTH]
    highest = min((int(c.values[0]) for c in checks if c.rule is CheckRule.MAX_LENGTH), default=60)
    return (pool[0] * (max(lengths, default=1) // len(pool[0]) + 1))[:highest]


_BOUNDS = frozenset({CheckRule.AT_LEAST, CheckRule.AT_MOST, CheckRule.ABOVE, CheckRule.BELOW})


def _low(checks: list) -> bool:  # type: ignore[type-arg]
    return any(check.rule in {CheckRule.AT_LEAST, CheckRule.ABOVE} for check in checks)


def reshapes(step: Step) -> bool:
    """Whether a step changes which columns there are."""
    return isinstance(step, Group | Select | Rename | Derive | DatePart)
