"""Steps over rows: conditions, new columns, order, limits, and which columns there are."""

import re

from quantumlayer.agents.builtin.understanding.tool import table_steps
from quantumlayer.agents.builtin.understanding.tool.conditions import Found
from quantumlayer.agents.builtin.understanding.tool.phrases import column_name, column_type
from quantumlayer.agents.builtin.understanding.tool.record_work import (
    NUMBERS,
    RecordWork,
    subject_words,
)
from quantumlayer.agents.builtin.understanding.tool.wording import (
    all_in_words,
    listed,
)
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    Derive,
    Filter,
    Limit,
    Rename,
    Select,
    Sort,
    SortKey,
    Step,
    Unique,
)


def condition_nouns(work: RecordWork) -> dict[str, str]:
    """Words that stand for a column in a condition: "expenses over 100" are their amounts."""
    amount = next((n for n, kind in work.listed.items() if kind in NUMBERS), "amount")
    nouns = dict.fromkeys(subject_words(work.subject), amount)
    return nouns | {"amounts": "amount", "prices": "price", "ones": amount, "those": amount}


def filter_steps(work: RecordWork, found: list[Found]) -> list[Step]:
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
        if is_date and column in {"amount", *subject_words(work.subject)}:
            column = work.date_column
    elif (
        value
        and re.fullmatch(r"-?\d+(\.\d+)?", value)
        and condition.operator
        in {
            CellOperator.EQUAL,
            CellOperator.NOT_EQUAL,
        }
    ):
        wanted = ColumnType.NUMBER if column_type(column) in NUMBERS else None
    column = work.touch(column, wanted)
    values = (value, *condition.values[1:]) if condition.values else ()
    return condition.model_copy(update={"column": column, "values": values})


def _is_date(work: RecordWork, column: str) -> bool:
    return (work.listed.get(column) or column_type(column)) in {ColumnType.DATE, ColumnType.TIME}


def derive_step(work: RecordWork, name: str, terms: tuple[str, ...]) -> Derive:
    work.derived.append(name)
    spelled = tuple(
        term
        if place % 2 or re.fullmatch(r"\d+(\.\d+)?", term)
        else work.touch(term, ColumnType.NUMBER)
        for place, term in enumerate(terms)
    )
    statement = f"Add the column {name} = {' '.join(spelled)} to each of the {work.subject}."
    return Derive(requirement=work.draft.require(statement), column=name, terms=spelled)


def unique_step(work: RecordWork, by: list[str]) -> Unique:
    names = tuple(work.touch(name) for name in by)
    what = f"have the same {listed(names)}" if names else "are the same in all columns"
    statement = f"Of {work.subject} that {what}, keep the first."
    return Unique(requirement=work.draft.require(statement), by=names)


def row_steps(
    work: RecordWork,
    ordered: tuple[list[tuple[str, bool]], bool] | None,
    direction: bool | None,
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
        steps.append(sort_step(work, keys))
    elif falling is not None:
        by = _by_after_limit(work)
        column = work.touch(by or work.value_column, ColumnType.NUMBER)
        steps.append(sort_step(work, [SortKey(column=column, descending=falling)]))
    elif direction is not None:
        column = work.touch(work.value_column, ColumnType.NUMBER)
        steps.append(sort_step(work, [SortKey(column=column, descending=direction)]))
    elif table_steps.read_bare_sort(work.draft.marks):
        statement = f"Sort the {work.subject} by the columns given with --sort-by."
        steps.append(Sort(requirement=work.draft.require(statement)))
    if count:
        steps.append(limit_step(work, count, last))
    return steps


_BY_AFTER = re.compile(
    r"\bby\s+(?:the\s+|their\s+|highest\s+|lowest\s+)*(?P<name>[a-z_]\w*)", re.IGNORECASE
)


def _by_after_limit(work: RecordWork) -> str | None:
    match = work.draft.marks.take_first(_BY_AFTER)
    return column_name(match["name"]) if match else None


def _sort_type(work: RecordWork, name: str) -> ColumnType | None:
    guessed = work.listed.get(name) or column_type(name)
    return guessed if guessed is not ColumnType.TEXT else None


def sort_step(work: RecordWork, keys: list[SortKey]) -> Sort:
    said = ", then by ".join(
        f"{key.column} ({'falling' if key.descending else 'rising'})" for key in keys
    )
    return Sort(requirement=work.draft.require(f"Sort by {said}."), keys=tuple(keys))


def limit_step(work: RecordWork, count: int, last: bool) -> Limit:
    word = "last" if last else "first"
    return Limit(
        requirement=work.draft.require(f"Keep the {word} {count}."), count=count, last=last
    )


def reshaping_steps(
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
        if (
            isinstance(kept, Select)
            and kept.columns
            and not kept.drop
            and not olds <= {*kept.columns}
        ):
            steps.reverse()
    if selected is not None:
        steps.append(_select(work, *selected, known=news))
    return steps


def _select(
    work: RecordWork,
    names: list[str],
    drop: bool,
    known: set[str] | None = None,
) -> Select:
    columns = tuple(name if name in (known or ()) else work.touch(name) for name in names)
    verb = "Leave out" if drop else "Keep only"
    flag = "--drop" if drop else "--select"
    said = f"the columns {listed(columns)}" if columns else f"the columns given with {flag}"
    requirement = work.draft.require(f"{verb} {said}.")
    return Select(requirement=requirement, columns=columns, drop=drop)
