"""A second reading of the domain: what a pipeline gives for known records.

The expectations of generated tests come from here and not from the generated code, so that a
mistake in either shows up as a failing test.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from statistics import median, stdev

from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    Change,
    ColumnType,
    DatePart,
    Derive,
    Filter,
    Group,
    Limit,
    Measure,
    MeasureFunction,
    Pipeline,
    Rename,
    Select,
    Share,
    Sort,
    Source,
    Step,
    Unique,
)

Cell = str | int | Decimal | None
Row = dict[str, Cell]


def as_read(
    rows: Iterable[Row], pipeline: Pipeline, inputs: Iterable[tuple[str, ColumnType]] = ()
) -> list[Row]:
    """Rows of text as the tool reads them: exact numbers, and what its reader adds.

    JSON has numbers of its own: there the number columns of `inputs` are numbers as well.
    """
    types = {column.name: column.type for column in pipeline.columns}
    if pipeline.source in {Source.JSON, Source.JSON_LINES}:
        types = {**dict(inputs), **types}
    typed = []
    for number, row in enumerate(rows, start=1):
        cells = _completed(row, pipeline.source, number)
        for column, kind in types.items():
            value = cells.get(column)
            if kind is ColumnType.NUMBER and value is not None:
                cells[column] = Decimal(str(value))
            elif kind is ColumnType.INTEGER and value is not None:
                cells[column] = int(str(value))
        names = {column.name for column in pipeline.columns}
        typed.append({k: v for k, v in cells.items() if k not in _ON_DEMAND or k in names})
    return typed


_ON_DEMAND = frozenset({"words", "characters", "sha256"})


def _completed(row: Row, source: Source, number: int) -> Row:
    match source:
        case Source.LINES:
            text = text_of(row["text"])
            facts: Row = {"line": number, "text": text}
            return {**facts, "words": len(text.split()), "characters": len(text)}
        case Source.ACCESS_LOG:
            more: Row = {"user": "-", "referrer": "", "agent": ""}
            return {**row, **more, "status": int(str(row["status"])), "size": int(str(row["size"]))}
        case Source.FILES:
            path, size = text_of(row["file"]), int(str(row["size"]))
            name = path.rsplit("/", 1)[-1]
            dot = name.rfind(".")
            return {
                "path": path,
                "name": name,
                "extension": name[dot:].lower() if dot > 0 else "(none)",
                "size": size,
                "modified": MODIFIED,
                "sha256": row.get("sha256") or (_zeros(size) if size < _HASHED else ""),
            }
        case _:
            return dict(row)


_HASHED = 200_000_000


@lru_cache(maxsize=64)
def _zeros(size: int) -> str:
    """The SHA-256 of so many zero bytes, which sample files consist of."""
    return hashlib.sha256(bytes(size)).hexdigest()


MODIFIED = "2024-05-31T12:00:00+00:00"
"""When sample files were changed, as far as tests are concerned."""


def run(
    steps: Iterable[Step], rows: list[Row], arguments: dict[str, str] | None = None
) -> list[Row]:
    """What the steps make of typed rows; `arguments` holds what a user would give."""
    given = arguments or {}
    for step in steps:
        rows = _step(step, rows, given)
    return rows


def _step(step: Step, rows: list[Row], given: dict[str, str]) -> list[Row]:  # noqa: PLR0911, C901
    match step:
        case Filter():
            return [row for row in rows if keeps(step, row, given) != step.drop]
        case Select(drop=True):
            return [{k: v for k, v in row.items() if k not in step.columns} for row in rows]
        case Select(columns=()):
            return rows
        case Select():
            return [{k: row[k] for k in step.columns} for row in rows]
        case Rename():
            names = dict(step.names)
            return [{names.get(k, k): v for k, v in row.items()} for row in rows]
        case Derive() | DatePart() | Change():
            return [{**row, step.column: _derived(step, row, given)} for row in rows]
        case Group():
            return _grouped(step, rows)
        case Share():
            whole = sum((Decimal(text_of(row[step.of])) for row in rows), Decimal(0))
            return [{**row, step.column: _percent(row[step.of], whole)} for row in rows]
        case Sort():
            return _ordered(step, rows)
        case Limit():
            return rows[-step.count :] if step.last else rows[: step.count]
        case Unique():
            return _unique(step, rows)
        case _:
            raise ValueError(f"{step.kind} has no rows as its result")


def _percent(cell: Cell, whole: Decimal) -> Cell:
    return rounded(Decimal(text_of(cell)) * 100 / whole, 1) if whole else None


def keeps(step: Filter, row: Row, given: dict[str, str]) -> bool:
    """Whether the conditions of a filter hold for a row."""
    outcomes = [holds(condition, row, given) for condition in step.conditions]
    return any(outcomes) if step.match == "any" else all(outcomes)


def holds(condition: CellCondition, row: Row, given: dict[str, str]) -> bool:  # noqa: PLR0911 - one branch a kind
    """Whether one condition holds for a row."""
    cell = row.get(condition.column)
    text = text_of(cell)
    values = (given[condition.argument],) if condition.argument else condition.values
    match condition.operator:
        case CellOperator.IS_EMPTY:
            return not text.strip()
        case CellOperator.IS_SET:
            return bool(text.strip())
        case CellOperator.ONE_OF:
            return text in values
        case CellOperator.CONTAINS:
            return values[0] in text
        case CellOperator.NOT_CONTAINS:
            return values[0] not in text
        case CellOperator.STARTS_WITH:
            return text.startswith(values[0])
        case CellOperator.ENDS_WITH:
            return text.endswith(values[0])
        case _:
            return _compares(condition.operator, cell, values[0])


def _compares(operator: CellOperator, cell: Cell, value: str) -> bool:
    left, right = _comparable(cell, value)
    return {
        CellOperator.EQUAL: left == right,
        CellOperator.NOT_EQUAL: left != right,
        CellOperator.LESS: left < right,
        CellOperator.LESS_OR_EQUAL: left <= right,
        CellOperator.GREATER: left > right,
        CellOperator.GREATER_OR_EQUAL: left >= right,
    }[operator]


def _comparable(cell: Cell, value: str) -> tuple[tuple[int, float | Decimal, str], ...]:
    if isinstance(cell, int | Decimal):
        return (0, Decimal(cell), ""), (0, Decimal(value), "")
    if (moment := moment_of(text_of(cell))) and (other := moment_of(value)):
        return (0, moment.timestamp(), ""), (0, other.timestamp(), "")
    return (1, 0, text_of(cell)), (1, 0, value)


def moment_of(text: str) -> datetime | None:
    """The ISO date or time in a text, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_of(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _derived(step: Derive | DatePart | Change, row: Row, given: dict[str, str]) -> Cell:
    match step:
        case Derive():
            return _computed(step.terms, row)
        case DatePart():
            moment = moment_of(text_of(row[step.of]))
            if moment is None:
                raise ValueError(f"{row[step.of]} is no date")
            return _PARTS[step.part](moment)
        case Change():
            text = text_of(row[step.column])
            if step.action == "replace":
                old = given["old"] if step.old is None else step.old
                return text.replace(old, given["new"] if step.new is None else step.new)
            if step.action == "reverse":
                return "".join(reversed(text))
            return _CHANGES[step.action](text)


_CHANGES: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "strip": str.strip,
}
_PARTS: dict[str, Callable[[datetime], str]] = {
    "year": lambda moment: f"{moment.year:04}",
    "quarter": lambda moment: f"{moment.year:04}-Q{(moment.month - 1) // 3 + 1}",
    "month": lambda moment: f"{moment.year:04}-{moment.month:02}",
    "week": lambda moment: "{:04}-W{:02}".format(*moment.isocalendar()[:2]),
    "day": lambda moment: moment.date().isoformat(),
    "weekday": lambda moment: moment.strftime("%A"),
    "hour": lambda moment: f"{moment.date()}T{moment.hour:02}:00",
    "minute": lambda moment: f"{moment.date()}T{moment.hour:02}:{moment.minute:02}",
}


def _computed(terms: tuple[str, ...], row: Row) -> Decimal:
    """Products first, then sums, from left to right."""
    values = [_term(term, row) for term in terms[::2]]
    operators = list(terms[1::2])
    sums, signs = [values[0]], ["+"]
    for operator, value in zip(operators, values[1:], strict=True):
        if operator == "*":
            sums[-1] *= value
        elif operator == "/":
            sums[-1] /= value
        else:
            sums.append(value)
            signs.append(operator)
    total = sum((v if s == "+" else -v for s, v in zip(signs, sums, strict=True)), Decimal(0))
    return rounded(total, 6) if "/" in operators else total


def _term(term: str, row: Row) -> Decimal:
    if re.fullmatch(r"\d+(\.\d+)?", term):
        return Decimal(term)
    return Decimal(text_of(row[term]))


def _grouped(step: Group, rows: list[Row]) -> list[Row]:
    groups: dict[tuple[str, ...], list[Row]] = {} if step.by else {(): []}
    for row in rows:
        groups.setdefault(tuple(text_of(row[name]) for name in step.by), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: [_rank(text) for text in item[0]])
    return [
        {name: members[0][name] for name in step.by}
        | {measure.name: _measured(measure, members) for measure in step.measures}
        for _, members in ordered
    ]


def _measured(measure: Measure, rows: list[Row]) -> Cell:  # noqa: PLR0911 - one branch a kind
    if measure.function is MeasureFunction.COUNT:
        return len(rows)
    if measure.function is MeasureFunction.DISTINCT:
        return len({text_of(row[str(measure.column)]) for row in rows})
    if measure.function is MeasureFunction.LIST:
        return ", ".join(text_of(row[str(measure.column)]) for row in rows)
    numbers = [Decimal(text_of(row[str(measure.column)])) for row in rows]
    if measure.function is MeasureFunction.SUM:
        return sum(numbers, Decimal(0))
    if not numbers or (measure.function is MeasureFunction.DEVIATION and len(numbers) < 2):
        return None
    match measure.function:
        case MeasureFunction.MINIMUM:
            return min(numbers)
        case MeasureFunction.MAXIMUM:
            return max(numbers)
        case MeasureFunction.MEAN:
            return rounded(sum(numbers, Decimal(0)) / len(numbers), 2)
        case MeasureFunction.MEDIAN:
            return rounded(median(numbers), 2)
        case _:
            return rounded(stdev(numbers), 2)


def rounded(number: Decimal, decimals: int) -> Decimal:
    """The number with so many decimals, halves away from zero."""
    return number.quantize(Decimal(10) ** -decimals, rounding=ROUND_HALF_UP)


def _rank(cell: Cell) -> tuple[int, Decimal, str]:
    text = text_of(cell)
    if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text):
        return 1, Decimal(text), ""
    if (moment := moment_of(text)) is not None and len(text) > 10:
        return 2, Decimal(str(moment.timestamp())), ""
    return 2, Decimal(0), text


def _ordered(step: Sort, rows: list[Row]) -> list[Row]:
    for key in reversed(step.keys):
        rows = sorted(rows, key=lambda row: _rank(row[key.column]), reverse=key.descending)
    return rows


def _unique(step: Unique, rows: list[Row]) -> list[Row]:
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        names = step.by or tuple(sorted(row))
        seen.setdefault(tuple(text_of(row[name]) for name in names), row)
    return list(seen.values())
