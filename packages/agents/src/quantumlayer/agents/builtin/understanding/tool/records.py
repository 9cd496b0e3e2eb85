"""Tools over records (CSV, TSV, JSON, JSON lines): from English to a pipeline."""

import re
from dataclasses import dataclass, field

from quantumlayer.agents.builtin.understanding.tool import table_steps
from quantumlayer.agents.builtin.understanding.tool.checks import (
    VALIDATES,
    CheckFound,
    read_checks,
)
from quantumlayer.agents.builtin.understanding.tool.conditions import Found, find_conditions
from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.groups import (
    Figure,
    GroupFound,
    find_groups,
    word_of,
)
from quantumlayer.agents.builtin.understanding.tool.inputs import (
    Inputs,
    output_of,
    read_columns,
    read_inputs,
    read_unreadable,
    subject_of,
)
from quantumlayer.agents.builtin.understanding.tool.phrases import column_name, column_type
from quantumlayer.agents.builtin.understanding.tool.wording import (
    all_in_words,
    check_in_words,
    listed,
)
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    Check,
    CheckRule,
    Column,
    ColumnType,
    DatePart,
    Derive,
    Filter,
    Group,
    Limit,
    Measure,
    MeasureFunction,
    OutputFormat,
    Pipeline,
    Rename,
    Report,
    Select,
    Sort,
    SortKey,
    Source,
    Step,
    Unique,
    Validate,
)

_PARTS = {
    "year": "year", "years": "year", "quarter": "quarter", "quarters": "quarter",
    "month": "month", "months": "month", "week": "week", "weeks": "week",
    "day": "day", "days": "day", "weekday": "weekday", "weekdays": "weekday",
    "day of the week": "weekday", "hour": "hour", "hours": "hour", "minute": "minute",
}  # fmt: skip
_STATISTICS = re.compile(
    r"\b(?:summary\s+|basic\s+|descriptive\s+)?(?:statistics|stats)\b(?:\s*\([^)]*\))?", re.IGNORECASE
)
_OF_COLUMN = re.compile(
    r"\b(?:of|for|on)\s+(?:an?\s+|the\s+|one\s+|given\s+|numeric\s+)*(?:(?P<name>[a-z_]\w*)\s+)?columns?\b(?:\s+of\s+numbers)?(?:\s+(?:named|called)\s+[\"']?(?P<called>[\w-]+))?",
    re.IGNORECASE,
)
_OPEN_FILTER = re.compile(
    r"\b(?:filter|filters|filtering|query|queries|search|searches)\b(?:\s+(?:the\s+|its\s+|out\s+)?(?:rows|records|lines|entries|it|them|data))?"
    r"(?:\s+(?:by|on|with|using|where|for which)\s+(?:an?y?\s+|some\s+|the\s+|given\s+|certain\s+|specific\s+|their\s+)*(?:conditions?|columns?|values?|fields?|criteria|expression)(?:\s+(?:values?|equals? a (?:given )?value|and values?))?)?",
    re.IGNORECASE,
)
_MERGE = re.compile(
    r"\b(?:merge|merges|merging|combine|combines|combining|concatenate|concatenates|concat|join together|append)\b"
    r"(?:\s+(?:several|multiple|many|two|all|different|a few|the|of))*(?:\s+(?:csv|tsv|jsonl?|data))?(?:\s+files?)?(?:\s+(?:into|to)\s+(?:one|a single|a)(?:\s+(?:csv|tsv|json|jsonl|file|output))*)?",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\bjoin(?:s|ing)?\b[^.;]*\b(?:on|by|using)\b[^.;,]*", re.IGNORECASE)
_CONVERT = re.compile(
    r"\b(?:convert(?:s|er|ing|sion)?|transform(?:s|ing)?|translate(?:s)?|turn(?:s)?|export(?:s)?)\b", re.IGNORECASE
)
_ONLY_COUNT = re.compile(
    r"\b(?:count|counts|number of|how many)\s+(?:the\s+|of\s+|all\s+)*(?:rows|records|lines|entries)\b(?:\s+(?:there are|it has|are there|in (?:it|the file)))?",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:(?:report|reports|print|prints|show|shows|list|lists|tell|tells|and)\s+)*(?:the\s+)?(?:lines?|line numbers?|row numbers?|rows?)(?:\s+numbers?)?\s+(?:numbers?\s+)?(?:of|with|for|where|and)\s+(?:the\s+|each\s+|every\s+|all\s+|an\s+|any\s+)*(?:errors?|problems?|mistakes?|invalid (?:rows|records|values|lines|ones)|violations?|failures?|reason)(?:\s+with\s+(?:the\s+|their\s+)*(?:line numbers?|lines?))?"
    r"|\b(?:report|reports|print|prints|show|shows|list|lists)\s+(?:the\s+|all\s+|every\s+|each\s+|any\s+)*(?:errors?|problems?|invalid\s+\w+|violations?|bad\s+\w+)(?:\s+(?:with|by|and)\s+(?:the\s+|their\s+|its\s+)*(?:line numbers?|lines?|row numbers?|line|rows?))*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class RecordWork:
    """What has been found of a record tool on the way to its pipeline."""

    draft: ToolDraft
    inputs: Inputs
    subject: str
    listed: dict[str, ColumnType]
    columns: dict[str, ColumnType] = field(default_factory=dict)
    derived: list[str] = field(default_factory=list)

    def touch(self, name: str, wanted: ColumnType | None = None) -> str:
        """Note that a step looks into a column, as this type where the step needs one."""
        spelled = next((own for own in self.listed if own.lower() == name.lower()), name)
        guessed = self.listed.get(spelled) or column_type(spelled)
        kind = wanted or self.columns.get(spelled) or ColumnType.TEXT
        if wanted is ColumnType.NUMBER and guessed is ColumnType.INTEGER:
            kind = guessed
        self.columns[spelled] = kind
        return spelled

    @property
    def value_column(self) -> str:
        """The column that numbers are taken from where none is named."""
        if self.derived:
            return self.derived[-1]
        numbers = [n for n, kind in self.listed.items() if kind in _NUMBERS]
        if numbers:
            return next((name for name in numbers if name in _MONEY), numbers[0])
        stems = {"temperatures": "temperature", "scores": "score", "grades": "grade",
                 "prices": "price", "salaries": "salary", "numbers": "value", "readings": "value",
                 "measurements": "value", "employees": "salary", "products": "price",
                 "students": "grade"}  # fmt: skip
        name = stems.get(self.subject, "amount")
        self.draft.assume(f'Where no column is named, numbers are taken from the column "{name}".')
        return name

    @property
    def date_column(self) -> str:
        """The column that months, days and hours are taken from."""
        dates = [n for n, kind in self.listed.items() if kind in {ColumnType.DATE, ColumnType.TIME}]
        if dates:
            return dates[0]
        touched = [n for n, kind in self.columns.items() if kind in {ColumnType.DATE, ColumnType.TIME}]
        return touched[0] if touched else "date"


_MONEY = ("amount", "total", "price", "revenue", "cost", "value", "salary", "sales", "hours")
_NUMBERS = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})


def understand_records(draft: ToolDraft) -> Requirements | None:
    """The requirements of a tool over records; None where no work on them is described."""
    marks = draft.marks
    inputs = read_inputs(marks)
    read_unreadable(draft)
    validates = VALIDATES.search(marks.text) is not None
    listed_columns = read_columns(marks)
    subject = subject_of(marks)
    work = RecordWork(draft, inputs, subject, listed_columns)
    checks = read_checks(marks) if validates else []
    if checks:
        marks.take(VALIDATES)
        marks.take(_REPORTING)
        return _validation(work, checks)
    return _pipeline(work)


def _pipeline(work: RecordWork) -> Requirements | None:
    draft, marks = work.draft, work.draft.marks
    subjects = _subject_words(work.subject)
    joined = marks.take_first(_JOIN)
    merges = bool(marks.take(_MERGE))
    converts = bool(marks.take(_CONVERT))
    derived = table_steps.read_derive(marks)
    renames = table_steps.read_rename(marks)
    unique = table_steps.read_unique(marks)
    duplicates = table_steps.read_duplicates(marks)
    having = table_steps.read_having(marks)
    ordered = table_steps.read_sort(marks)
    conditions = find_conditions(marks, _nouns(work))
    selected = table_steps.read_select(marks, set(work.listed))
    statistics = marks.take_first(_STATISTICS)
    of_column = marks.take_first(_OF_COLUMN) if statistics else None
    only_count = marks.take_first(_ONLY_COUNT)
    groups, loose = find_groups(marks, subjects)
    limit = table_steps.read_limit(marks)
    direction = table_steps.read_direction(marks) if ordered is None else None
    shared: list[Step] = _filters(work, conditions)
    if not conditions and marks.take_first(_OPEN_FILTER):
        statement = f"Keep only the {work.subject} that satisfy the conditions given with --where."
        shared.append(Filter(requirement=draft.require(statement)))
    if derived:
        shared.append(_derive(work, *derived))
    if unique is not None:
        shared.append(_unique(work, unique))
    if duplicates is not None:
        groups.append(_duplicates(work, duplicates))
        having = having or 2
    reports = _grouped_reports(work, groups, loose, statistics is not None, of_column, only_count)
    if joined:
        draft.marks.taken[joined.start() : joined.end()] = bytes(joined.end() - joined.start())
    if reports:
        made = _finish_groups(work, reports, ordered, direction, limit, having)
    else:
        steps = _row_steps(work, ordered, direction, limit)
        steps += _reshape(work, renames, selected)
        if not (steps or shared or merges or converts or work.inputs.target):
            return None
        made = [(_title(work, shared, steps, merges=merges, converts=converts), steps)]
    return _document(work, shared, made, merges=merges, converts=converts)


def _subject_words(subject: str) -> set[str]:
    words = {subject, subject.split(" ")[-1], singular(subject.split(" ")[-1])}
    return words | {
        "rows", "records", "lines", "entries", "row", "record", "entry", "items", "occurrences",
    }  # fmt: skip


def _nouns(work: RecordWork) -> dict[str, str]:
    """Words that stand for a column in a condition: "expenses over 100" are their amounts."""
    amount = next((n for n, kind in work.listed.items() if kind in _NUMBERS), "amount")
    nouns = {word: amount for word in _subject_words(work.subject)}
    return nouns | {"amounts": "amount", "prices": "price", "ones": amount, "those": amount}


def _filters(work: RecordWork, found: list[Found]) -> list[Step]:
    steps: list[Step] = []
    for one in found:
        conditions = tuple(_typed(work, condition) for condition in one.conditions)
        words = all_in_words(conditions, one.match)
        verb = "Leave out" if one.drop else "Keep only"
        source = work.draft.marks.text[one.start : one.end]
        statement = f"{verb} the {work.subject} where {words}."
        steps.append(
            Filter(
                requirement=work.draft.require(statement, source),
                conditions=conditions,
                match="any" if one.match == "any" else "all",
                drop=one.drop,
            )
        )
    return steps


_ORDERING = frozenset(
    {
        CellOperator.LESS,
        CellOperator.LESS_OR_EQUAL,
        CellOperator.GREATER,
        CellOperator.GREATER_OR_EQUAL,
    }
)


def _typed(work: RecordWork, condition: CellCondition) -> CellCondition:
    column, wanted = condition.column, None
    value = condition.values[0] if condition.values else ""
    if condition.operator in _ORDERING:
        is_date = re.fullmatch(r"\d{4}-\d\d-\d\d.*", value) is not None
        if not is_date and re.fullmatch(r"(?:19|20)\d\d", value) and _is_date(work, column):
            value, is_date = f"{value}-01-01", True
        wanted = ColumnType.DATE if is_date else ColumnType.NUMBER
        if is_date and column in {"amount", *_subject_words(work.subject)}:
            column = work.date_column
    elif value and re.fullmatch(r"-?\d+(\.\d+)?", value) and condition.operator in {
        CellOperator.EQUAL,
        CellOperator.NOT_EQUAL,
    }:
        wanted = ColumnType.NUMBER if column_type(column) in _NUMBERS else None
    column = work.touch(column, wanted)
    values = (value, *condition.values[1:]) if condition.values else ()
    return condition.model_copy(update={"column": column, "values": values})


def _is_date(work: RecordWork, column: str) -> bool:
    return (work.listed.get(column) or column_type(column)) in {ColumnType.DATE, ColumnType.TIME}


def _derive(work: RecordWork, name: str, terms: tuple[str, ...]) -> Derive:
    work.derived.append(name)
    spelled = tuple(
        term
        if place % 2 or re.fullmatch(r"\d+(\.\d+)?", term)
        else work.touch(term, ColumnType.NUMBER)
        for place, term in enumerate(terms)
    )
    statement = f"Add the column {name} = {' '.join(spelled)} to each of the {work.subject}."
    return Derive(requirement=work.draft.require(statement), column=name, terms=spelled)


def _unique(work: RecordWork, by: list[str]) -> Unique:
    names = tuple(work.touch(name) for name in by)
    what = f"have the same {listed(names)}" if names else "are the same in all columns"
    statement = f"Of {work.subject} that {what}, keep the first."
    return Unique(requirement=work.draft.require(statement), by=names)


def _duplicates(work: RecordWork, by: list[str]) -> GroupFound:
    names = tuple(by) or tuple(work.listed)
    if not names:
        names = ("id",)
        work.draft.assume('Duplicates are looked for in the column "id"; --by names others.')
    return GroupFound(names, [Figure(MeasureFunction.COUNT, "", "count", 0, 0)], 0, 0)


# Groups


@dataclass(slots=True)
class _Report:
    by: tuple[str, ...]
    measures: tuple[Measure, ...]
    before: list[Step]
    requirement: str
    top: int | None


def _grouped_reports(  # noqa: PLR0913, PLR0917 - one of each kind of finding
    work: RecordWork,
    groups: list[GroupFound],
    loose: list[Figure],
    statistics: bool,  # noqa: FBT001
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
            _report(
                work, GroupFound((), [Figure(MeasureFunction.COUNT, "", "count", 0, 0)], 0, 0)
            )
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
    if not column or column in {"values", "numbers", "value", "number"} | _subject_words(work.subject):
        if column in work.listed:
            return column
        return column if column == "value" else work.value_column
    if column in work.listed:
        return column
    stem = singular(column)
    return stem if column_type(stem) in _NUMBERS and stem != "sale" else column


def _figure_word(figure: Figure) -> str:
    words = {"sum": "sum", "sums": "sum", "min": "min", "max": "max", "mean": "mean"}
    return words.get(figure.word, word_of(figure.function))


def _group_statement(
    work: RecordWork, by: tuple[str, ...], measures: tuple[Measure, ...]
) -> str:
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


def _finish_groups(  # noqa: PLR0913, PLR0917 - one of each kind of finding
    work: RecordWork,
    reports: list[_Report],
    ordered: tuple[list[tuple[str, bool]], bool] | None,
    direction: bool | None,  # noqa: FBT001
    limit: tuple[int, bool, bool | None] | None,
    having: int | None,
) -> list[tuple[str, list[Step]]]:
    made: list[tuple[str, list[Step]]] = []
    for report in reports:
        steps: list[Step] = [
            *report.before,
            Group(requirement=report.requirement, by=report.by, measures=report.measures),
        ]
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
    direction: bool | None,  # noqa: FBT001
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
        steps.append(_sort(work, keys))
    if count:
        steps.append(_limit(work, count, last))
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
    first = name.split("_")[0]
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


# Steps over rows


def _row_steps(
    work: RecordWork,
    ordered: tuple[list[tuple[str, bool]], bool] | None,
    direction: bool | None,  # noqa: FBT001
    limit: tuple[int, bool, bool | None] | None,
) -> list[Step]:
    steps: list[Step] = []
    count, last, falling = limit or (None, False, None)
    if ordered is not None:
        names, said = ordered
        keys = []
        for name, down in names:
            turned = falling if falling is not None and not said else down
            spelled = work.touch(name, _sort_type(work, name))
            keys.append(SortKey(column=spelled, descending=turned))
        steps.append(_sort(work, keys))
    elif falling is not None:
        by = _by_after_limit(work)
        column = work.touch(by or work.value_column, ColumnType.NUMBER)
        steps.append(_sort(work, [SortKey(column=column, descending=falling)]))
    elif direction is not None:
        column = work.touch(work.value_column, ColumnType.NUMBER)
        steps.append(_sort(work, [SortKey(column=column, descending=direction)]))
    elif table_steps.read_bare_sort(work.draft.marks):
        statement = f"Sort the {work.subject} by the columns given with --sort-by."
        steps.append(Sort(requirement=work.draft.require(statement)))
    if count:
        steps.append(_limit(work, count, last))
    return steps


_BY_AFTER = re.compile(r"\bby\s+(?:the\s+|their\s+|highest\s+|lowest\s+)*(?P<name>[a-z_]\w*)", re.IGNORECASE)


def _by_after_limit(work: RecordWork) -> str | None:
    match = work.draft.marks.take_first(_BY_AFTER)
    return column_name(match["name"]) if match else None


def _sort_type(work: RecordWork, name: str) -> ColumnType | None:
    guessed = work.listed.get(name) or column_type(name)
    return guessed if guessed is not ColumnType.TEXT else None


def _sort(work: RecordWork, keys: list[SortKey]) -> Sort:
    said = ", then by ".join(
        f"{key.column} ({'falling' if key.descending else 'rising'})" for key in keys
    )
    return Sort(requirement=work.draft.require(f"Sort by {said}."), keys=tuple(keys))


def _limit(work: RecordWork, count: int, last: bool) -> Limit:  # noqa: FBT001
    word = "last" if last else "first"
    return Limit(
        requirement=work.draft.require(f"Keep the {word} {count}."), count=count, last=last
    )


def _reshape(
    work: RecordWork,
    renames: list[tuple[str, str]] | None,
    selected: tuple[list[str], bool] | None,
) -> list[Step]:
    steps: list[Step] = []
    names = tuple((work.touch(old), new) for old, new in renames or ())
    olds, news = {old for old, _ in names}, {new for _, new in names}
    if selected is not None and not {*selected[0]} & news:
        steps.append(_select(work, *selected))
        selected = None
    if renames is not None:
        said = listed(tuple(f"{old} to {new}" for old, new in names))
        statement = f"Rename {said}." if names else "Rename columns as given with --rename OLD=NEW."
        steps.append(Rename(requirement=work.draft.require(statement), names=names))
        kept = steps[0]
        if isinstance(kept, Select) and kept.columns and not kept.drop and not olds <= {*kept.columns}:
            steps.reverse()
    if selected is not None:
        steps.append(_select(work, *selected, known=news))
    return steps


def _select(
    work: RecordWork,
    names: list[str],
    drop: bool,  # noqa: FBT001
    known: set[str] | None = None,
) -> Select:
    columns = tuple(name if name in (known or ()) else work.touch(name) for name in names)
    verb = "Leave out" if drop else "Keep only"
    flag = "--drop" if drop else "--select"
    said = f"the columns {listed(columns)}" if columns else f"the columns given with {flag}"
    requirement = work.draft.require(f"{verb} {said}.")
    return Select(requirement=requirement, columns=columns, drop=drop)


# Validation


def _validation(work: RecordWork, found: list[CheckFound]) -> Requirements:
    checks = []
    for one in found:
        column = work.touch(one.column)
        statement = f"{column} {check_in_words(one.rule, one.values)}."
        requirement = work.draft.require(f"{statement[:1].upper()}{statement[1:]}", one.source)
        checks.append(
            Check(requirement=requirement, column=column, rule=one.rule, values=one.values)
        )
    whole = work.draft.require(
        "Report every broken rule with file, line, column, value and what is wrong; exit with "
        "status 1 if there is any."
    )
    work.columns = dict.fromkeys(work.columns, ColumnType.TEXT)
    if any(check.rule is CheckRule.UNIQUE for check in checks):
        work.draft.assume("Unique columns are compared over all files that are read.")
    step = Validate(requirement=whole, checks=tuple(checks))
    return _document(work, [], [("problems of the records", [step])])


# The document


def _title(
    work: RecordWork, shared: list[Step], steps: list[Step], *, merges: bool, converts: bool
) -> str:
    kinds = {step.kind for step in (*shared, *steps)}
    if merges and not kinds:
        return f"merge {work.subject}"
    if converts and not kinds:
        return f"convert {work.subject}"
    verbs = {"filter": "filter", "sort": "sort", "unique": "deduplicate", "select": "select",
             "rename": "rename", "derive": "compute", "limit": "limit"}  # fmt: skip
    verb = next((verbs[kind] for kind in verbs if kind in kinds), "convert")
    return f"{verb} {work.subject}"


def _document(
    work: RecordWork,
    shared: list[Step],
    made: list[tuple[str, list[Step]]],
    *,
    merges: bool = False,
    converts: bool = False,
) -> Requirements:
    draft, inputs = work.draft, work.inputs
    source = inputs.source
    _mark_used(work, [*shared, *(step for _, steps in made for step in steps)])
    both_ways = inputs.back and {source, inputs.target} >= {Source.CSV, Source.JSON}
    plain = len(made) == 1 and not any(isinstance(step, Group | Validate) for step in made[0][1])
    default = OutputFormat(source.value) if plain else OutputFormat.TABLE
    output = OutputFormat.OPPOSITE if both_ways else output_of(inputs, default=default)
    if not inputs.named:
        draft.assume("The input is CSV with a header line; the name of a file tells other formats.")
    reports = []
    names: set[str] = set()
    for title, steps in made:
        name = _report_name(title, names)
        names.add(name)
        reports.append(Report(name=name, title=title[:200], steps=tuple(steps)))
    derived = {step.column for step in shared if isinstance(step, Derive)}
    pipeline = Pipeline(
        source=source,
        subject=work.subject,
        columns=tuple(
            Column(name=name, type=kind)
            for name, kind in {**_given(work), **work.columns}.items()
            if name not in derived and name not in work.derived
        ),
        shared=tuple(shared),
        reports=tuple(reports),
        output=output,
    )
    summary = _summary(draft, work.subject, source)
    return draft.finish(
        name=_tool_name(work, made, merges=merges, converts=converts),
        title=_tool_title(work, made),
        summary=summary,
        program=pipeline,
        output=_output_statement(work.subject, source, output),
    )


def _output_statement(subject: str, source: Source, output: OutputFormat) -> str:
    read = (
        f"Read {_NAMES[source.value]} (or CSV, TSV, JSON, JSON lines by the name of the file or "
        f"--input-format) from files, the {subject} of several files one after the other, or from "
        "standard input (-)"
    )
    if output is OutputFormat.OPPOSITE:
        return f"{read}; print CSV and TSV as JSON, and JSON as CSV, or another --format."
    return (
        f"{read}; print {_NAMES.get(output.value, 'lines')}, JSON with --json, or another --format "
        "(table, CSV, TSV, JSON lines), to --output if given."
    )


_VERBS = {
    "filter": r"filter\w*|exclud\w*|keep\w*|query|queries|select\w*|finds?|search\w*|remov\w*|drop\w*"
    r"|leaves? out|skips?|ignor\w*|conditions?|matching",
    "group": r"group\w*|aggregat\w*|summari[sz]\w*|totals?|figures?|break\w* down|occurrences?|value",
    "sort": r"sort\w*|order\w*|rank\w*|asc|desc",
    "unique": r"duplicat\w*|de-?duplicat\w*|remov\w*",
    "select": r"select\w*|keep\w*|choos\w*|pick\w*|extract\w*|reorder\w*",
    "rename": r"renam\w*",
    "derive": r"adds?|new|computed|calculated",
    "limit": r"top|limit\w*",
    "validate": r"validat\w*|check\w*|verif\w*|valid|invalid|errors?|problems?|rules?|numbers?",
}


def _mark_used(work: RecordWork, steps: list[Step]) -> None:
    """The words of what is done, and of what it is done to, are understood wherever they stand."""
    marks = work.draft.marks
    for kind in {step.kind for step in steps}:
        if kind in _VERBS:
            marks.mark_words(_VERBS[kind])
    for name in (*work.columns, *work.listed, *work.derived, *work.subject.split(" ")):
        words = [re.escape(singular(word)) for word in re.split(r"[_\s]+", name) if len(word) > 1]
        marks.mark_words("|".join(f"{word}(?:s|es)?" for word in words) or "(?!)")


def _given(work: RecordWork) -> dict[str, ColumnType]:
    """Listed columns are part of the input, looked into or not."""
    return dict.fromkeys(work.listed, ColumnType.TEXT)


_NAMES = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "jsonl": "JSON lines", "table": "a table"}


def _summary(draft: ToolDraft, subject: str, source: Source) -> str:
    first = " ".join(item.statement for item in draft.items[:6])
    return f"Reads {subject} from {_NAMES[source.value]}, files or standard input. {first}"


def _report_name(title: str, taken: set[str]) -> str:
    words = "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:50].rstrip("_")
    name = words if words and words[0].isalpha() else f"report_{words}"
    if name in {"prepared", "needed", "options", "first", "last", "group", "order", "select",
                "drop", "rename", "derive", "unique", "where", "check", "min", "max", "records",
                "count", "total"}:  # fmt: skip
        name = f"{name}_report"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _tool_name(
    work: RecordWork, made: list[tuple[str, list[Step]]], *, merges: bool, converts: bool
) -> str:
    subject = singular(work.subject) if work.subject != "records" else work.inputs.source.value
    validates = any(isinstance(step, Validate) for _, steps in made for step in steps)
    groups = any(isinstance(step, Group) for _, steps in made for step in steps)
    word = (
        "checker" if validates
        else "report" if groups
        else "merge" if merges
        else "convert" if converts and not made[0][1]
        else made[0][0].split(" ")[0]
    )  # fmt: skip
    return f"{subject} {word}"


def _tool_title(work: RecordWork, made: list[tuple[str, list[Step]]]) -> str:
    if len(made) == 1:
        title = made[0][0]
        title = title if work.subject in title else f"{work.subject}: {title.lower()}"
    else:
        title = f"{work.subject}: reports"
    return f"{title[:1].upper()}{title[1:]}"
