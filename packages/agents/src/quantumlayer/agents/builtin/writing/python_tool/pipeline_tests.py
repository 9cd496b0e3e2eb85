"""Tests of a generated pipeline tool: one or more for each described step, from both sides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool import checks_code, reference
from quantumlayer.agents.builtin.writing.python_tool.check_tests import (
    bad_values,
    breaks,
    edge_values,
)
from quantumlayer.agents.builtin.writing.python_tool.options import (
    NUMBERS,
    condition_option,
    describe,
    identifier,
)
from quantumlayer.agents.builtin.writing.python_tool.pipeline_files import emitted
from quantumlayer.agents.builtin.writing.python_tool.reference import Cell, Row
from quantumlayer.agents.builtin.writing.python_tool.samples import (
    Samples,
    encoded,
    numbered,
    placed,
    pool_of,
    samples_of,
    valid_value,
)
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    Change,
    Check,
    CheckRule,
    ColumnType,
    DatePart,
    Derive,
    Filter,
    Group,
    Limit,
    OutputFormat,
    Pipeline,
    Rename,
    Report,
    Select,
    Share,
    Sort,
    Source,
    Step,
    Unique,
    Validate,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A generated test: input lines, arguments, and the rows that must come out."""

    name: str
    summary: str
    lines: tuple[str, ...]
    arguments: tuple[str, ...]
    rows: str
    status: int = 0

    @property
    def source(self) -> str:
        """The test function."""
        lines = ", ".join(repr(line) for line in self.lines)
        given = f"({lines},)" if self.lines else "()"
        arguments = ", ".join(repr(argument) for argument in self.arguments)
        passed = f", arguments=({arguments},)" if arguments else ""
        status = f"    assert result.status == {self.status}\n" if self.status else ""
        return (
            f"def test_{self.name}(run: Run) -> None:\n"
            f'    """{self.summary}"""\n'
            f"    result = run({given}{passed})\n"
            f"{status}"
            f"    assert result.rows == {self.rows}\n"
        )


@dataclass(frozen=True, slots=True)
class _Scene:
    """One report with everything that its tests need."""

    pipeline: Pipeline
    report: Report
    steps: tuple[Step, ...]
    samples: Samples
    given: dict[str, str]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that every run needs: positional values, the report."""
        chosen = ("--report", self.report.name) if len(self.pipeline.reports) > 1 else ()
        return (*self.required, *chosen)

    @property
    def required(self) -> tuple[str, ...]:
        """Positional values, which stand before the files."""
        options = emitted(self.pipeline).table.all()
        return tuple(self.given[option.field] for option in options if option.positional)

    def expected(self, rows: list[Row], steps: tuple[Step, ...] | None = None) -> list[Row]:
        """What the steps make of rows of text."""
        read = reference.as_read(rows, self.pipeline, self.samples.inputs)
        return reference.run(self.steps if steps is None else steps, read, self.given)

    def case(
        self,
        name: str,
        summary: str,
        rows: list[Row],
        *,
        arguments: tuple[str, ...] = (),
        steps: tuple[Step, ...] | None = None,
    ) -> Case:
        """A test of these rows whose expectation is the reference's."""
        rows = placed(rows, self.pipeline)
        return Case(
            name,
            _one_line(summary),
            encoded(rows, self.pipeline),
            (*self.arguments, *arguments),
            rows_source(self.expected(rows, steps)),
        )


def _one_line(text: str) -> str:
    cleaned = " ".join(text.replace("\\", "/").replace('"', "'").split()).rstrip(".")
    return f"{cleaned[:1].upper()}{cleaned[1:84]}."


def rows_source(rows: list[Row]) -> str:
    """Rows as Python source."""
    items = (
        "{" + ", ".join(f"{name!r}: {_cell_source(cell)}" for name, cell in row.items()) + "}"
        for row in rows
    )
    return f"[{', '.join(items)}]"


def _cell_source(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        text = format(cell, "f")
        return f"Decimal({text})" if re.fullmatch(r"-?\d+", text) else f'Decimal("{text}")'
    return repr(cell)


def given_values(pipeline: Pipeline) -> dict[str, str]:
    """What a user of the examples gives for positional arguments."""
    given = {"old": "fox", "new": "cat"}
    for step in all_steps(pipeline):
        for condition in step.conditions if isinstance(step, Filter) else ():
            if condition.argument:
                kind = {c.name: c.type for c in pipeline.columns}.get(
                    condition.column, ColumnType.TEXT
                )
                word = pool_of(condition.column, kind)[0]
                given[condition.argument] = "fox" if condition.column == "text" else word
    return given


def all_steps(pipeline: Pipeline) -> tuple[Step, ...]:
    """The steps of all reports."""
    return (*pipeline.shared, *(step for report in pipeline.reports for step in report.steps))


def scenes(pipeline: Pipeline) -> tuple[_Scene, ...]:
    """One scene a report."""
    given = given_values(pipeline)
    return tuple(
        _Scene(pipeline, report, steps, samples_of(pipeline, steps), given)
        for report in pipeline.reports
        for steps in ((*pipeline.shared, *report.steps),)
    )


def cases(pipeline: Pipeline) -> list[Case]:
    """All requirement tests of a pipeline, with names of their own."""
    found: list[Case] = []
    for number, scene in enumerate(scenes(pipeline)):
        tested = scene.steps if number == 0 else scene.report.steps
        for step in tested:
            found.extend(_cases(scene, step))
    names: dict[str, int] = {}
    unique: list[Case] = []
    for case in found:
        seen = names[case.name] = names.get(case.name, 0) + 1
        name = case.name if seen == 1 else f"{case.name}_{seen}"
        unique.append(Case(name, case.summary, case.lines, case.arguments, case.rows, case.status))
    return unique


def _cases(scene: _Scene, step: Step) -> Iterator[Case]:  # noqa: C901 - one a kind
    tag = step.requirement.lower()
    match step:
        case Filter(conditions=()):
            yield from _open_filter(scene, tag)
        case Filter():
            yield from _filter(scene, step, tag)
        case Validate():
            yield from _validate(scene, step)
        case Select():
            yield from _select(scene, step, tag)
        case Rename():
            yield from _rename(scene, step, tag)
        case Group():
            yield from _group(scene, step, tag)
        case Sort():
            yield from _sort(scene, step, tag)
        case Limit():
            yield from _limit(scene, step, tag)
        case Unique():
            yield from _unique(scene, step, tag)
        case Derive() | DatePart() | Change() | Share():
            word = identifier(step.column).replace("-", "_")
            yield scene.case(
                f"{tag}_every_record_gets_its_{word}",
                f"The column {step.column} is made for each record",
                scene.samples.varied(3, scene.given),
            )


def _after_group(scene: _Scene, step: Step) -> bool:
    before = scene.steps[: scene.steps.index(step)]
    return any(isinstance(earlier, Group) for earlier in before)


def _filter(scene: _Scene, step: Filter, tag: str) -> Iterator[Case]:
    base = scene.samples.base(scene.given)
    words = _words(step.conditions)
    if _after_group(scene, step):
        many = [base] * 4
        yield scene.case(f"{tag}_groups_with_{words}_are_kept", "A group that holds it", many)
        yield scene.case(f"{tag}_other_groups_are_left_out", "A group that does not", [base])
        return
    side = ("left_out", "kept") if step.drop else ("kept", "left_out")
    inside = _holding(scene, step, base)
    yield scene.case(
        f"{tag}_records_with_{words}_are_{side[0]}",
        " and ".join(describe(condition) for condition in step.conditions),
        [inside],
    )
    for condition in step.conditions:
        outside = scene.samples.without(condition, inside, scene.given)
        if step.match == "any":
            outside = inside
            for other in step.conditions:
                outside = scene.samples.without(other, outside, scene.given)
        name = identifier(condition.column).replace("-", "_")
        yield scene.case(
            f"{tag}_records_with_another_{name}_are_{side[1]}",
            f"Not: {describe(condition)}",
            [inside, outside],
        )
        yield from _changed_condition(scene, step, condition, outside)


def _holding(scene: _Scene, step: Filter, base: Row) -> Row:
    if not step.drop:
        return base
    row = dict(base)
    for condition in step.conditions:
        flipped = Samples(scene.pipeline, scene.samples.inputs, ((condition, True),))
        row[condition.column] = flipped.base(scene.given)[condition.column]
    return row


def _changed_condition(
    scene: _Scene, step: Filter, condition: CellCondition, outside: Row
) -> Iterator[Case]:
    """An option that is set to the value of a record that the default leaves out."""
    equalities = {CellOperator.EQUAL, CellOperator.GREATER_OR_EQUAL, CellOperator.LESS_OR_EQUAL}
    if condition.operator not in equalities or condition.argument or step.match == "any":
        return
    value = reference.text_of(outside[condition.column])
    if not value or value.startswith("-"):
        return
    kinds = emitted(scene.pipeline).types
    wanted = condition_option(condition, kinds)
    option = next(
        o
        for o in emitted(scene.pipeline).table.all()
        if (o.help, o.default) == (wanted.help, wanted.default)
    )
    changed = condition.model_copy(update={"values": (value,)})
    steps = tuple(_with_condition(s, condition, changed) for s in scene.steps)
    yield scene.case(
        f"{step.requirement.lower()}_{option.field}_can_be_changed",
        f"{option.flag} {value} takes the place of the default",
        [outside],
        arguments=(option.flag, value),
        steps=steps,
    )


def _with_condition(step: Step, old: CellCondition, new: CellCondition) -> Step:
    if not isinstance(step, Filter):
        return step
    conditions = tuple(new if condition == old else condition for condition in step.conditions)
    return step.model_copy(update={"conditions": conditions})


def _words(conditions: tuple[CellCondition, ...]) -> str:
    parts = (
        f"{c.column} {c.operator.value.removeprefix('is_')} {' '.join(c.values)}"
        for c in conditions
    )
    return identifier(" and ".join(parts)).replace("-", "_")[:60].rstrip("_")


def _open_filter(scene: _Scene, tag: str) -> Iterator[Case]:
    rows = scene.samples.varied(3, scene.given)
    name, kind = scene.samples.inputs[-1]
    value = reference.text_of(rows[1][name])
    kept = [rows[1]]
    for sign, chosen in (("=", kept), ("!=", [rows[0], rows[2]])):
        yield Case(
            f"{tag}_where_keeps_records_{'with' if sign == '=' else 'without'}_a_value",
            f"--where {identifier(name)}{sign}value.",
            encoded(rows, scene.pipeline),
            (*scene.arguments, "--where", f"{name}{sign}{value}"),
            rows_source(scene.expected(chosen)),
        )
    if kind in NUMBERS:
        for sign, chosen in ((">", rows[2:]), ("<=", rows[:2])):
            yield Case(
                f"{tag}_where_compares_numbers_{'above' if sign == '>' else 'up_to'}_a_bound",
                f"--where {identifier(name)}{sign}number.",
                encoded(rows, scene.pipeline),
                (*scene.arguments, "--where", f"{name}{sign}{value}"),
                rows_source(scene.expected(chosen)),
            )


def _select(scene: _Scene, step: Select, tag: str) -> Iterator[Case]:
    rows = scene.samples.varied(2, scene.given)
    names = step.columns or (scene.samples.inputs[0][0],)
    fixed = step.model_copy(update={"columns": names})
    steps = tuple(fixed if s == step else s for s in scene.steps)
    flag = "--drop" if step.drop else "--select"
    given = () if step.columns else (flag, ",".join(names))
    verb = "left_out" if step.drop else "kept"
    yield scene.case(
        f"{tag}_the_columns_are_{verb}",
        f"The columns {', '.join(names)} are {verb.replace('_', ' ')}",
        rows,
        arguments=given,
        steps=steps,
    )


def _rename(scene: _Scene, step: Rename, tag: str) -> Iterator[Case]:
    rows = scene.samples.varied(2, scene.given)
    names = step.names or ((scene.samples.inputs[0][0], "renamed"),)
    fixed = step.model_copy(update={"names": names})
    steps = tuple(fixed if s == step else s for s in scene.steps)
    given = () if step.names else ("--rename", f"{names[0][0]}={names[0][1]}")
    yield scene.case(
        f"{tag}_columns_get_their_new_names",
        ", ".join(f"{old} becomes {new}" for old, new in names),
        rows,
        arguments=given,
        steps=steps,
    )


def _group(scene: _Scene, step: Group, tag: str) -> Iterator[Case]:
    rows = _grouped_rows(scene, step)
    by = "_and_".join(identifier(name).replace("-", "_") for name in step.by)
    if not step.by:
        yield scene.case(f"{tag}_one_row_sums_up_all_records", "Figures over all records", rows)
        yield scene.case(f"{tag}_no_record_gives_empty_figures", "Figures over nothing", [])
        return
    yield scene.case(
        f"{tag}_one_row_for_each_{by}"[:80],
        f"Records with the same {', '.join(step.by)} make one row",
        rows,
    )
    single = rows[:1]
    yield scene.case(f"{tag}_a_single_record_is_a_group", "A group of one", single)


def _grouped_rows(scene: _Scene, step: Group) -> list[Row]:
    """Two groups whose sizes and numbers differ."""
    first, second = scene.samples.varied(2, scene.given)
    sources = _origins(scene, step.by)
    measured = {measure.column for measure in step.measures if measure.column}
    kinds = dict(scene.samples.inputs)
    rows = [dict(first), dict(second), dict(first)]
    bound = {condition.column for condition, _ in scene.samples.conditions}
    for number, row in enumerate(rows):
        for name in measured - bound:
            if name in kinds and kinds[name] in NUMBERS:
                start = pool_of(name, kinds[name])[number]
                row[name] = start
    for name in sources & bound:
        rows[1][name] = rows[0][name]
    return rows


def _origins(scene: _Scene, names: tuple[str, ...]) -> set[str]:
    """The input columns that the given columns are made from."""
    made = {step.column: step.of for step in scene.steps if isinstance(step, DatePart)}
    return {made.get(name, name) for name in names}


def _sort(scene: _Scene, step: Sort, tag: str) -> Iterator[Case]:
    rows = _spread(scene, 3)
    if step.keys:
        words = identifier(" ".join(key.column for key in step.keys)).replace("-", "_")
        falling = step.keys[0].descending
        yield scene.case(
            f"{tag}_sorted_by_{words}_{'falling' if falling else 'rising'}",
            f"The order is by {', '.join(key.column for key in step.keys)}",
            rows,
        )
        keys = tuple(key.model_copy(update={"descending": not key.descending}) for key in step.keys)
    else:
        name = scene.samples.inputs[-1][0]
        keys = Sort.model_validate(
            {"requirement": step.requirement, "keys": [{"column": name, "descending": True}]}
        ).keys
    turned = step.model_copy(update={"keys": keys})
    steps = tuple(turned if s == step else s for s in scene.steps)
    option = _option(scene, "sort", step)
    given = ",".join(f"{key.column}{':desc' if key.descending else ''}" for key in keys)
    yield scene.case(
        f"{tag}_{option.removeprefix('--').replace('-', '_')}_changes_the_order",
        f"{option} {given}",
        rows,
        arguments=(option, given),
        steps=steps,
    )


def _option(scene: _Scene, kind: str, step: Sort | Limit) -> str:
    """The flag of the option that belongs to a step of a scene."""
    shown = (
        str(step.count)
        if isinstance(step, Limit)
        else ",".join(f"{key.column}{':desc' if key.descending else ''}" for key in step.keys)
    )
    stem = (
        "sort-by" if kind == "sort" else "last" if isinstance(step, Limit) and step.last else "top"
    )
    options = emitted(scene.pipeline).table.all()
    return next(
        option.flag for option in options if option.name.startswith(stem) and option.shown == shown
    )


def _spread(scene: _Scene, count: int) -> list[Row]:
    """Rows in no order whose groups, if any, have different sizes and sums."""
    rows = scene.samples.varied(count, scene.given)
    grouped = any(isinstance(step, Group) for step in scene.steps)
    if not grouped:
        return [rows[1], *rows[2:], rows[0]]
    return [rows[1], *(rows[number] for number in range(count) for _ in range(number + 1))]


def _limit(scene: _Scene, step: Limit, tag: str) -> Iterator[Case]:
    word = "last" if step.last else "first"
    fewer = step.model_copy(update={"count": 2})
    steps = tuple(fewer if s == step else s for s in scene.steps)
    option = _option(scene, "limit", step)
    if step.count <= 60:
        yield scene.case(
            f"{tag}_only_the_{word}_{step.count}_are_kept",
            f"One record more than {step.count}",
            scene.samples.varied(step.count + 1, scene.given),
        )
    yield scene.case(
        f"{tag}_{option.removeprefix('--').replace('-', '_')}_changes_how_many",
        f"{option} 2 of three",
        scene.samples.varied(3, scene.given),
        arguments=(option, "2"),
        steps=steps,
    )
    every = tuple(s for s in scene.steps if s != step)
    yield scene.case(
        f"{tag}_0_keeps_all",
        f"{option} 0",
        scene.samples.varied(3, scene.given),
        arguments=(option, "0"),
        steps=every,
    )


def _unique(scene: _Scene, step: Unique, tag: str) -> Iterator[Case]:
    first, second = scene.samples.varied(2, scene.given)
    twin = dict(first)
    kinds = dict(scene.samples.inputs)
    bound = {condition.column for condition, _ in scene.samples.conditions}
    for name, kind in kinds.items():
        if step.by and name not in step.by and name not in bound:
            twin[name] = numbered(reference.text_of(first[name]), kind, 5)
    yield scene.case(
        f"{tag}_the_first_of_equal_records_is_kept", "Equal records", [first, second, twin]
    )
    yield scene.case(f"{tag}_different_records_stay", "Different records", [first, second])


# Validation


def _validate(scene: _Scene, step: Validate) -> Iterator[Case]:
    names = [name for name, _ in scene.samples.inputs]
    checked = {check.column for check in step.checks}
    plain = scene.samples.base(scene.given)
    good: Row = {
        name: valid_value(step, name) if name in checked else plain[name] for name in names
    }
    yield Case(
        f"{step.requirement.lower()}_valid_records_have_no_problems",
        "Nothing is printed for a valid record.",
        encoded([good], scene.pipeline),
        scene.arguments,
        "[]",
    )
    for check in step.checks:
        yield from _check(scene, check, good)


def _check(scene: _Scene, check: Check, good: Row) -> Iterator[Case]:
    if check.column == "*":
        # Any column stands for every column.
        names = [name for name, _ in scene.samples.inputs]
        check = check.model_copy(update={"column": names[0]})
    name = identifier(check.column).replace("-", "_")
    tag, rule = check.requirement.lower(), check.rule.value
    if check.rule is CheckRule.UNIQUE:
        lines = encoded([good, good], scene.pipeline)
        yield _broken(f"{tag}_{name}_stands_once", scene, check, lines, str(good[check.column]))
        return
    for label, value in bad_values(check):
        bad = {**_another(scene, good), check.column: value}
        lines = encoded([good, bad], scene.pipeline)
        yield _broken(f"{tag}_{name}_{rule}_refuses_{label}", scene, check, lines, value)
    for label, value in edge_values(check):
        if any(breaks(other, value) for other in _checks_of(scene, check.column)):
            continue
        fine = {**good, check.column: value}
        yield Case(
            f"{tag}_{name}_{rule}_accepts_{label}",
            f"{check.column} may be {value or 'empty'}.",
            encoded([fine], scene.pipeline),
            scene.arguments,
            "[]",
        )


def _another(scene: _Scene, row: Row) -> Row:
    """The row with other values where values must be unique."""
    step = checks_code.validation(scene.pipeline)
    unique = {c.column for c in (step.checks if step else ()) if c.rule is CheckRule.UNIQUE}
    return {
        name: numbered(reference.text_of(cell), ColumnType.TEXT, 1) if name in unique else cell
        for name, cell in row.items()
    }


def _checks_of(scene: _Scene, column: str) -> list[Check]:
    step = checks_code.validation(scene.pipeline)
    checks = step.checks if step else ()
    return [check for check in checks if check.column in {column, "*"}]


def _broken(name: str, scene: _Scene, check: Check, lines: tuple[str, ...], value: str) -> Case:
    line = len(lines) - (1 if scene.pipeline.source is Source.JSON else 0)
    others = [
        other
        for other in _checks_of(scene, check.column)
        if (other.rule, other.values) != (check.rule, check.values)
        and other.rule is not CheckRule.UNIQUE
        and breaks(other, value)
    ]
    step = checks_code.validation(scene.pipeline)
    ordered = [
        c
        for c in (step.checks if step else ())
        if c in others or (c.requirement == check.requirement and c.rule == check.rule)
    ]
    ordered = [c.model_copy(update={"column": check.column}) for c in ordered]
    rows = ", ".join(
        "{"
        f"'file': result.file, 'line': {line}, 'column': {c.column!r}, 'value': {value!r}, "
        f"'problem': {_problem(scene, c, lines)!r}"
        "}"
        for c in ordered
    )
    return Case(
        name,
        _one_line(f"{check.column} {checks_code.problem(check)}"),
        lines,
        scene.arguments,
        f"[{rows}]",
        status=1,
    )


def _problem(scene: _Scene, check: Check, lines: tuple[str, ...]) -> str:
    if check.rule is not CheckRule.UNIQUE:
        return checks_code.problem(check)
    first = len(lines) - (2 if scene.pipeline.source is Source.JSON else 1)
    return f"must be unique, and stands on line {first}"


def prints_rows(pipeline: Pipeline) -> bool:
    """Whether the default output is not JSON, so that tests must ask for it."""
    return pipeline.output is not OutputFormat.JSON
