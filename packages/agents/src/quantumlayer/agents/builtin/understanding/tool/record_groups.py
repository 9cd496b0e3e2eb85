"""Reports over groups of records: their columns, figures, order and limits."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.groups import (
    Figure,
    GroupFound,
    word_of,
)
from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import column_name, column_type
from quantumlayer.agents.builtin.understanding.tool.record_rows import (
    limit_step,
    sort_step,
)
from quantumlayer.agents.builtin.understanding.tool.record_work import (
    NUMBERS,
    RecordWork,
    subject_words,
)
from quantumlayer.agents.builtin.understanding.tool.wording import (
    listed,
)
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    DatePart,
    Filter,
    Group,
    Measure,
    MeasureFunction,
    Share,
    SortKey,
    Step,
)

_PARTS = {
    "year": "year", "years": "year", "quarter": "quarter", "quarters": "quarter",
    "month": "month", "months": "month", "week": "week", "weeks": "week",
    "day": "day", "days": "day", "weekday": "weekday", "weekdays": "weekday",
    "day of the week": "weekday", "hour": "hour", "hours": "hour", "minute": "minute",
}  # fmt: skip


def shared_groups(marks: Marks) -> list[GroupFound]:
    """The grouping of "the percentage of each category"."""
    pattern = re.compile(r"\b(?:of|for)?\s*each\s+(?P<name>[a-z_]\w*)", re.IGNORECASE)
    return [
        GroupFound((match["name"],), [], match.start(), match.end())
        for match in marks.take(pattern)
    ]


def duplicates_group(work: RecordWork, by: list[str]) -> GroupFound:
    names = tuple(by) or tuple(work.listed)
    if not names:
        names = ("id",)
        work.draft.assume('Duplicates are looked for in the column "id"; --by names others.')
    return GroupFound(names, [Figure(MeasureFunction.COUNT, "", "count", 0, 0)], 0, 0)


@dataclass(slots=True)
class _Report:
    by: tuple[str, ...]
    measures: tuple[Measure, ...]
    before: list[Step]
    requirement: str
    top: int | None


def grouped_reports(
    work: RecordWork,
    groups: list[GroupFound],
    loose: list[Figure],
    statistics: bool,
    of_column: re.Match[str] | None,
    only_count: re.Match[str] | None,
) -> list[_Report]:
    if only_count and groups and not groups[-1].figures:
        groups[-1].figures.append(Figure(MeasureFunction.COUNT, "", "count", 0, 0))
    reports = [_report(work, group) for group in groups]
    if statistics or loose:
        figures = loose
        column = (of_column["called"] or of_column["name"]) if of_column else None
        if column and column.lower() in {"a", "the", "one", "given", "numeric", "number", "any"}:
            column = None
        functions = [figure.function for figure in figures]
        if statistics and not [f for f in functions if f is not MeasureFunction.COUNT]:
            figures = [
                *figures,
                *(
                    Figure(function, "", word_of(function), 0, 0)
                    for function in _ALL_STATISTICS
                    if function not in functions
                ),
            ]
        if column:
            figures = [
                Figure(f.function, f.column or column_name(column), f.word, f.start, f.end)
                for f in figures
            ]
        reports.append(_report(work, GroupFound((), list(figures), 0, 0)))
    elif only_count and not reports:
        reports.append(
            _report(work, GroupFound((), [Figure(MeasureFunction.COUNT, "", "count", 0, 0)], 0, 0))
        )
    return reports


_ALL_STATISTICS = (
    MeasureFunction.COUNT,
    MeasureFunction.MINIMUM,
    MeasureFunction.MAXIMUM,
    MeasureFunction.MEAN,
    MeasureFunction.MEDIAN,
)


def _report(work: RecordWork, group: GroupFound) -> _Report:
    before: list[Step] = []
    names: list[str] = []
    source = work.draft.marks.text[group.start : group.end]
    for name in group.by:
        part = _PARTS.get(name.lower())
        if part and column_name(name) not in work.listed:
            date = work.touch(work.date_column, ColumnType.DATE)
            column = singular(name.lower()).replace(" ", "_")
            statement = f"Take the {part} from the column {date} ({_SHAPES[part]})."
            requirement = work.draft.require(statement, source)
            work.draft.assume(f'The {part} is taken from the column "{date}" (ISO 8601).')
            before.append(
                DatePart.model_validate(
                    {"requirement": requirement, "column": column, "of": date, "part": part}
                )
            )
            names.append(column)
        else:
            names.append(work.touch(_group_column(work, name)))
    measures = _measures(work, group.figures)
    statement = _group_statement(work, tuple(names), measures)
    requirement = work.draft.require(statement, source)
    return _Report(tuple(names), measures, before, requirement, group.top)


_SHAPES = {
    "year": "2024", "quarter": "2024-Q2", "month": "2024-05", "week": "2024-W22",
    "day": "2024-05-31", "weekday": "Friday", "hour": "2024-05-31T12:00",
    "minute": "2024-05-31T12:30",
}  # fmt: skip


def _group_column(work: RecordWork, name: str) -> str:
    """The column that a grouping names; a plural that is not listed is taken as singular."""
    column = column_name(name)
    if column in work.listed or "_" in name:
        return column
    head, _, last = column.rpartition("_")
    return f"{head}_{singular(last)}" if head else singular(last)


def _measures(work: RecordWork, figures: list[Figure]) -> tuple[Measure, ...]:
    if not figures:
        column = work.touch(work.value_column, ColumnType.NUMBER)
        return (
            Measure(name="count", function=MeasureFunction.COUNT),
            Measure(name="total", function=MeasureFunction.SUM, column=column),
        )
    columns = {f.column for f in figures if f.column}
    made: dict[str, Measure] = {}
    for figure in figures:
        if figure.function is MeasureFunction.COUNT:
            made["count"] = Measure(name="count", function=figure.function)
            continue
        if figure.function is MeasureFunction.DISTINCT:
            column = work.touch(_group_column(work, figure.column or "id"))
            made[f"distinct_{column}"] = Measure(
                name=f"distinct_{column}", function=figure.function, column=column
            )
            continue
        column = figure.column or (next(iter(columns)) if len(columns) == 1 else "")
        column = work.touch(_value_name(work, column), ColumnType.NUMBER)
        word = _figure_word(figure)
        name = f"{word}_{column}" if len(columns) > 1 else word
        made[name] = Measure(name=name, function=figure.function, column=column)
    return tuple(made.values())


def _value_name(work: RecordWork, column: str) -> str:
    """The column of a figure; words for the records themselves stand for their value."""
    if not column or column in {"values", "numbers", "value", "number"} | subject_words(
        work.subject
    ):
        if column in work.listed:
            return column
        return column if column == "value" else work.value_column
    if column in work.listed:
        return column
    stem = singular(column)
    return stem if column_type(stem) in NUMBERS and stem != "sale" else column


def _figure_word(figure: Figure) -> str:
    words = {"sum": "sum", "sums": "sum", "min": "min", "max": "max", "mean": "mean"}
    return words.get(figure.word, word_of(figure.function))


def _group_statement(work: RecordWork, by: tuple[str, ...], measures: tuple[Measure, ...]) -> str:
    said = listed(
        tuple(
            "the count"
            if measure.function is MeasureFunction.COUNT
            else f"the {_SAID[measure.function]} of {measure.column}"
            for measure in measures
        )
    )
    if by:
        return f"For each {listed(by)} of the {work.subject}, show {said}."
    return f"Show {said} of all {work.subject}."


_SAID = {
    MeasureFunction.SUM: "exact sum",
    MeasureFunction.MEAN: "average",
    MeasureFunction.MINIMUM: "minimum",
    MeasureFunction.MAXIMUM: "maximum",
    MeasureFunction.MEDIAN: "median",
    MeasureFunction.DEVIATION: "standard deviation",
    MeasureFunction.DISTINCT: "number of different values",
}


def finish_groups(
    work: RecordWork,
    reports: list[_Report],
    ordered: tuple[list[tuple[str, bool]], bool] | None,
    direction: bool | None,
    limit: tuple[int, bool, bool | None] | None,
    having: int | None,
) -> list[tuple[str, list[Step]]]:
    made: list[tuple[str, list[Step]]] = []
    for report in reports:
        counted = any(m.function is MeasureFunction.COUNT for m in report.measures)
        if having is not None and report.by and not counted:
            count = Measure(name="count", function=MeasureFunction.COUNT)
            report.measures = (count, *report.measures)
        steps: list[Step] = [
            *report.before,
            Group(requirement=report.requirement, by=report.by, measures=report.measures),
        ]
        if work.shares and report.by:
            of = report.measures[-1].name
            requirement = work.draft.require(f"Show the percentage of all {of} that each one has.")
            steps.append(Share(requirement=requirement, column="percent", of=of))
        if having is not None and report.by:
            steps.append(_having(work, having))
        steps += _group_order(work, report, ordered, direction, limit if report.by else None)
        made.append((_report_title(report), steps))
    return made


def _having(work: RecordWork, count: int) -> Filter:
    requirement = work.draft.require(f"Show only those that occur at least {count} times.")
    condition = CellCondition(
        column="count", operator=CellOperator.GREATER_OR_EQUAL, values=(str(count),)
    )
    return Filter(requirement=requirement, conditions=(condition,))


def _group_order(
    work: RecordWork,
    report: _Report,
    ordered: tuple[list[tuple[str, bool]], bool] | None,
    direction: bool | None,
    limit: tuple[int, bool, bool | None] | None,
) -> list[Step]:
    count, last, falling = limit or (report.top, False, None)
    if report.top is not None:
        count, falling = report.top, True
    keys: list[SortKey] = []
    if ordered is not None:
        keys = [
            SortKey(column=_result_column(report, name), descending=down)
            for name, down in ordered[0]
        ]
    elif falling is not None or direction is not None or (count and report.measures):
        down = falling if falling is not None else direction if direction is not None else True
        keys = [SortKey(column=report.measures[-1].name, descending=down)]
    steps: list[Step] = []
    if keys:
        known = {*report.by, *(measure.name for measure in report.measures)}
        keys = [key for key in keys if key.column in known] or [
            SortKey(column=report.measures[-1].name, descending=keys[0].descending)
        ]
        steps.append(sort_step(work, keys))
    if count:
        steps.append(limit_step(work, count, last))
    return steps


def _result_column(report: _Report, name: str) -> str:
    """The column of the result that a sort key means: "sorted by amount" is by its total."""
    aliases = {
        "total": MeasureFunction.SUM, "sum": MeasureFunction.SUM, "totals": MeasureFunction.SUM,
        "average": MeasureFunction.MEAN, "mean": MeasureFunction.MEAN,
        "count": MeasureFunction.COUNT, "number": MeasureFunction.COUNT,
        "frequency": MeasureFunction.COUNT, "minimum": MeasureFunction.MINIMUM,
        "maximum": MeasureFunction.MAXIMUM, "median": MeasureFunction.MEDIAN,
    }  # fmt: skip
    names = [measure.name for measure in report.measures]
    if name in names or name in report.by:
        return name
    first = name.split("_", maxsplit=1)[0]
    for measure in report.measures:
        if aliases.get(name) is measure.function or aliases.get(first) is measure.function:
            return measure.name
    for measure in report.measures:
        if measure.column == name:
            return measure.name
    return singular(name) if singular(name) in report.by else name


def _report_title(report: _Report) -> str:
    words = " and ".join(measure.name.replace("_", " ") for measure in report.measures)
    if len(report.measures) > 3:
        columns = dict.fromkeys(m.column for m in report.measures if m.column)
        words = f"statistics of {' and '.join(columns)}"
    by = f" per {' and '.join(report.by)}" if report.by else ""
    return f"{words[:1].upper()}{words[1:]}{by}"
