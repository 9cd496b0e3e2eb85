"""Python source of the described work: the module `pipeline.py` of a generated tool."""

import re
from dataclasses import dataclass, field

from quantumlayer.agents.builtin.writing.python_tool.options import (
    ANNOTATIONS,
    MOMENTS,
    NUMBERS,
    Option,
    OptionTable,
    column_types,
    condition_option,
    identifier,
    uses_decimals,
)
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    Change,
    Column,
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
    Step,
    Unique,
    Validate,
)

_KINDS = {
    ColumnType.NUMBER: "Kind.NUMBER",
    ColumnType.INTEGER: "Kind.WHOLE",
    ColumnType.DATE: "Kind.DATE",
    ColumnType.TIME: "Kind.DATE",
}
_COMPARISON = {
    CellOperator.EQUAL: "==",
    CellOperator.NOT_EQUAL: "!=",
    CellOperator.LESS: "<",
    CellOperator.LESS_OR_EQUAL: "<=",
    CellOperator.GREATER: ">",
    CellOperator.GREATER_OR_EQUAL: ">=",
}
_PARTS = {
    "year": "{moment:%Y}",
    "quarter": "{moment:%Y}-Q{(moment.month + 2) // 3}",
    "month": "{moment:%Y-%m}",
    "week": "{moment:%G-W%V}",
    "day": "{moment:%Y-%m-%d}",
    "weekday": "{moment:%A}",
    "hour": "{moment:%Y-%m-%dT%H}:00",
    "minute": "{moment:%Y-%m-%dT%H:%M}",
}


@dataclass(slots=True)
class PipelineCode:
    """The parts of `pipeline.py`; `uses` names the steps that `steps.py` must have."""

    pipeline: Pipeline
    table: OptionTable = field(default_factory=OptionTable)
    uses: set[str] = field(default_factory=set)
    functions: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)
    optional: set[str] = field(default_factory=set)
    made: tuple[str, ...] = ()
    reshaped: bool = False
    types: dict[str, ColumnType] = field(default_factory=dict)

    @property
    def folds(self) -> bool:
        """Whether text is compared, so that `--ignore-case` has a meaning."""
        return "fold" in self.uses


def emit(pipeline: Pipeline) -> PipelineCode:
    """All parts of the module for a pipeline."""
    code = PipelineCode(pipeline, types=column_types(pipeline))
    code.types |= _figures(pipeline)
    every = (*pipeline.shared, *(step for report in pipeline.reports for step in report.steps))
    made = {step.column for step in every if isinstance(step, Derive | DatePart | Share)}
    code.made = tuple(sorted(made))
    shared = [_step(code, step, made) for step in pipeline.shared]
    reshaped = code.reshaped
    if len(pipeline.reports) > 1 and shared:
        code.functions.append(
            _function("prepared", f"The {pipeline.subject} that every report is made from.", shared)
        )
        shared = []
    for report in pipeline.reports:
        code.reshaped = reshaped
        lines = [*shared, *(_step(code, step, made) for step in report.steps)]
        code.functions.append(_function(report.name, _sentence(report.title), lines))
    if uses_decimals(every):
        code.table.add(Option("decimals", "count", "decimals of averages", "N", "2", "2"))
    if code.folds:
        code.table.add(Option("ignore-case", "flag", "compare text without case", "", "False"))
    return code


def _figures(pipeline: Pipeline) -> dict[str, ColumnType]:
    """The types of the columns that groups make."""
    steps = (*pipeline.shared, *(step for report in pipeline.reports for step in report.steps))
    return {
        measure.name: ColumnType.NUMBER
        for step in steps
        if isinstance(step, Group)
        for measure in step.measures
        if measure.function is not MeasureFunction.LIST
    }


def options_source(code: PipelineCode) -> str:
    """The fields of the generated `Options`."""
    lines = []
    for option in code.table.all():
        default = "" if option.default is None else f" = {option.default}"
        lines.append(f"    {option.field}: {ANNOTATIONS[option.kind]}{default}")
    return "\n".join(lines)


def columns_source(code: PipelineCode) -> str:
    """The generated tuple of columns that are always needed; text ones of options are not."""
    static = [
        _column_source(column)
        for column in code.pipeline.columns
        if column.name not in code.optional or column.type is not ColumnType.TEXT
    ]
    return f"({', '.join(static)},)" if static else "()"


def _need(code: PipelineCode, expression: str, columns: tuple[str, ...], made: set[str]) -> None:
    """Note columns of the input that an option names; after a step that reshapes, none is."""
    if not code.reshaped:
        code.needed.append(expression)
        code.optional.update(column for column in columns if column not in made)


def _column_source(column: Column) -> str:
    kind = _KINDS.get(column.type)
    return f"Column({column.name!r}{f', {kind}' if kind else ''})"


def _function(name: str, summary: str, lines: list[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    body = f"{body}\n    return records" if body else "    return records"
    body = re.sub(r"    records = (.+)\n    return records\Z", r"    return \1", body)
    argument = "options" if "options" in body else "_options"
    return (
        f"def {name}(records: Iterable[Record], {argument}: Options) -> Iterable[Record]:\n"
        f'    """{summary}"""\n{body}\n'
    )


def _sentence(text: str) -> str:
    cleaned = text.replace("\\", "").replace('"', "'").strip().rstrip(".")
    return f"{cleaned[:1].upper()}{cleaned[1:]}."[:95]


def _step(code: PipelineCode, step: Step, made: set[str]) -> str:  # noqa: C901, PLR0911 - one branch a kind
    match step:
        case Filter():
            return _filter(code, step)
        case Select():
            return _select(code, step, made)
        case Rename():
            return _rename(code, step, made)
        case Derive() | DatePart() | Change():
            return _derived(code, step)
        case Group():
            return _group(code, step, made)
        case Share():
            code.uses |= {"share", "arithmetic"}
            return f"records = share(records, {step.column!r}, {step.of!r})"
        case Sort():
            return _sort(code, step)
        case Limit():
            return _limit(code, step)
        case Unique():
            return _unique(code, step, made)
        case Validate():
            code.uses.add("check")
            return "records = check(records, CHECKS)"


def _filter(code: PipelineCode, step: Filter) -> str:
    code.uses.add("where")
    if not step.conditions:
        code.uses.add("condition")
        option = code.table.add(
            Option(
                "where",
                "conditions",
                'keep records for which a CONDITION such as "amount>100", "country=DE" or '
                '"name~ann" (contains) holds; may be repeated',
                "CONDITION",
                "()",
            )
        )
        return (
            "records = where(records, lambda record: "
            f"all(condition.keeps(record) for condition in options.{option.field}))"
        )
    names: list[str] = []
    tests: list[str] = []
    for condition in step.conditions:
        test, name = _condition(code, condition)
        tests.append(test)
        names.append(name)
    joined = (" or " if step.match == "any" else " and ").join(tests)
    if step.drop:
        joined = f"not ({joined})"
    predicate = _free_name(code, f"keeps_{'_and_'.join(names)}"[:48].rstrip("_"))
    options = "options" if "options." in joined else "_options"
    said = (" or " if step.match == "any" else " and ").join(
        _condition_words(condition) for condition in step.conditions
    )
    verb = "does not satisfy" if step.drop else "satisfies"
    code.functions.append(
        f"def {predicate}(record: Record, {options}: Options) -> bool:\n"
        f'    """Whether a record {verb}: {_plain(said)}."""\n'
        f"    return {joined}\n"
    )
    return f"records = where(records, lambda record: {predicate}(record, options))"


def _plain(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'")[:60].strip()


def _condition_words(condition: CellCondition) -> str:
    operator = condition.operator.value.replace("_", " ")
    return f"{condition.column} {operator}"


def _free_name(code: PipelineCode, wanted: str) -> str:
    name, number = wanted, 2
    taken = {text[4 : text.index("(")] for text in code.functions}
    taken |= {report.name for report in code.pipeline.reports}
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _condition(code: PipelineCode, condition: CellCondition) -> tuple[str, str]:
    """The test of a condition as an expression, and its short name."""
    column = condition.column
    name = identifier(column).replace("-", "_")
    if condition.operator in {CellOperator.IS_EMPTY, CellOperator.IS_SET}:
        sign = "not " if condition.operator is CellOperator.IS_EMPTY else "bool("
        close = "" if condition.operator is CellOperator.IS_EMPTY else ")"
        return f"{sign}record.text({column!r}).strip(){close}", f"{name}_{condition.operator}"
    option = code.table.add(condition_option(condition, code.types))
    value = f"options.{option.field}"
    return _test(code, condition, value), option.field


def _test(code: PipelineCode, condition: CellCondition, value: str) -> str:  # noqa: PLR0911 - one branch a kind
    column = condition.column
    declared = code.types.get(column, ColumnType.TEXT)
    symbol = _COMPARISON.get(condition.operator)
    if symbol and declared in NUMBERS:
        return f"record.number({column!r}) {symbol} {value}"
    if symbol and declared in MOMENTS:
        return f"record.moment({column!r}) {symbol} {value}"
    code.uses.add("fold")
    cell = f"options.fold(record.text({column!r}))"
    match condition.operator:
        case CellOperator.CONTAINS:
            return f"options.fold({value}) in {cell}"
        case CellOperator.NOT_CONTAINS:
            return f"options.fold({value}) not in {cell}"
        case CellOperator.STARTS_WITH:
            return f"{cell}.startswith(options.fold({value}))"
        case CellOperator.ENDS_WITH:
            return f"{cell}.endswith(options.fold({value}))"
        case CellOperator.ONE_OF:
            return f"{cell} in {{options.fold(value) for value in {value}}}"
        case _:
            return f"{cell} {symbol} options.fold({value})"


def _select(code: PipelineCode, step: Select, made: set[str]) -> str:
    code.uses.add("drop" if step.drop else "select")
    verb = "leave out" if step.drop else "keep only"
    option = code.table.add(
        Option(
            "drop" if step.drop else "select",
            "texts",
            f"{verb} these columns",
            "COLUMN,...",
            repr(step.columns),
            ",".join(step.columns),
        )
    )
    _need(code, f"*options.{option.field}", step.columns, made)
    code.reshaped = not step.drop or code.reshaped
    return f"records = {'drop' if step.drop else 'select'}(records, options.{option.field})"


def _rename(code: PipelineCode, step: Rename, made: set[str]) -> str:
    code.uses.add("rename")
    option = code.table.add(
        Option(
            "rename",
            "renames",
            "give a column another name; may be repeated",
            "OLD=NEW",
            repr(step.names),
            " ".join(f"{old}={new}" for old, new in step.names),
        )
    )
    olds = tuple(old for old, _ in step.names)
    _need(code, f"*(old for old, _ in options.{option.field})", olds, made)
    code.reshaped = True
    return f"records = rename(records, dict(options.{option.field}))"


def _derived(code: PipelineCode, step: Derive | DatePart | Change) -> str:
    code.uses.add("derive")
    name = _free_name(code, f"{identifier(step.column).replace('-', '_')}_of")
    match step:
        case Derive():
            summary, body = f"The {step.column} of a record.", _arithmetic(code, step)
            kind, argument = "Value", ""
        case DatePart():
            summary = f"The {step.part} of a record's {step.of}."
            body = f'    moment = record.moment({step.of!r})\n    return f"{_PARTS[step.part]}"'
            kind, argument = "str", ""
        case Change():
            summary = f"The {step.column} of a record, rewritten."
            change = _changed(code, step)
            kind, argument = "str", ", options: Options" if "options." in change else ""
            body = f"    return {change}"
    code.functions.append(
        f'def {name}(record: Record{argument}) -> {kind}:\n    """{summary}"""\n{body}\n'
    )
    if argument:
        return f"records = derive(records, {step.column!r}, lambda record: {name}(record, options))"
    return f"records = derive(records, {step.column!r}, {name})"


def _arithmetic(code: PipelineCode, step: Derive) -> str:
    parts = [
        term
        if term in {"+", "-", "*", "/"}
        else f'Decimal("{term}")'
        if re.fullmatch(r"\d+(\.\d+)?", term)
        else f"record.number({term!r})"
        for term in step.terms
    ]
    expression = " ".join(parts)
    if "/" not in step.terms:
        return f"    return {expression}"
    code.uses.add("arithmetic")
    return (
        "    try:\n"
        f"        return rounded({expression}, 6)\n"
        "    except ArithmeticError:\n"
        f"        raise record.problem('column \"{_plain(step.column)}\": division by zero')"
        " from None"
    )


def _changed(code: PipelineCode, step: Change) -> str:
    cell = f"record.text({step.column!r})"
    if step.action == "reverse":
        return f"{cell}[::-1]"
    if step.action != "replace":
        return f"{cell}.{step.action}()"
    values = [
        code.table.add(
            Option(
                word,
                "text",
                f"the text {'to look for' if word == 'old' else 'to put in its place'}",
                word.upper(),
                None if given is None else repr(given),
                given or "",
                positional=given is None,
            )
        )
        for word, given in (("old", step.old), ("new", step.new))
    ]
    return f"{cell}.replace({', '.join(f'options.{option.field}' for option in values)})"


_MEASURES = {
    MeasureFunction.COUNT: "Count",
    MeasureFunction.SUM: "lambda: Total({column})",
    MeasureFunction.MEAN: "lambda: Mean({column}, options.decimals)",
    MeasureFunction.MINIMUM: "lambda: Extreme({column}, min)",
    MeasureFunction.MAXIMUM: "lambda: Extreme({column}, max)",
    MeasureFunction.MEDIAN: "lambda: Median({column}, options.decimals)",
    MeasureFunction.DEVIATION: "lambda: Deviation({column}, options.decimals)",
    MeasureFunction.DISTINCT: "lambda: Distinct({column})",
    MeasureFunction.LIST: "lambda: Listing({column})",
}


def _group(code: PipelineCode, step: Group, made: set[str]) -> str:
    code.uses |= {"group", *(measure.function.value for measure in step.measures)}
    by = "()"
    if step.by:
        option = code.table.add(
            Option(
                "by",
                "texts",
                "the columns that make a group",
                "COLUMN,...",
                repr(step.by),
                ",".join(step.by),
            )
        )
        by = f"options.{option.field}"
        _need(code, f"*options.{option.field}", step.by, made)
    code.reshaped = True
    measures = ", ".join(f"{measure.name!r}: {_measure(measure)}" for measure in step.measures)
    return f"records = group(records, {by}, {{{measures}}})"


def _measure(measure: Measure) -> str:
    return _MEASURES[measure.function].format(column=repr(measure.column))


def _sort(code: PipelineCode, step: Sort) -> str:
    code.uses.add("order")
    keys = ", ".join(
        f"SortKey({key.column!r}{', descending=True' if key.descending else ''})"
        for key in step.keys
    )
    option = code.table.add(
        Option(
            "sort-by",
            "sort",
            "the order of the result; `:desc` after a column turns it round",
            "COLUMN[:desc],...",
            f"({keys},)" if keys else "()",
            ",".join(f"{key.column}{':desc' if key.descending else ''}" for key in step.keys),
        )
    )
    return f"records = order(records, options.{option.field}, COLUMNS)"


def _limit(code: PipelineCode, step: Limit) -> str:
    name = "last" if step.last else "top"
    code.uses.add("last" if step.last else "first")
    option = code.table.add(
        Option(
            name,
            "count",
            f"how many of the {'last' if step.last else 'first'} to keep; 0 for all",
            "N",
            str(step.count),
            str(step.count),
        )
    )
    return f"records = {'last' if step.last else 'first'}(records, options.{option.field})"


def _unique(code: PipelineCode, step: Unique, made: set[str]) -> str:
    code.uses.add("unique")
    option = code.table.add(
        Option(
            "unique-by",
            "texts",
            "the columns that make two records the same" + ("" if step.by else "; all of them"),
            "COLUMN,...",
            repr(step.by),
            ",".join(step.by),
        )
    )
    _need(code, f"*options.{option.field}", step.by, made)
    return f"records = unique(records, options.{option.field})"
