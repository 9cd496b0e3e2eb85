"""Figures over a few records, worked out by hand from the description of the report."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import EntityView, Report, ServiceView, member_name
from quantumlayer.builtin.writing.service.recipes import empty_stage, usual_parent
from quantumlayer.builtin.writing.service.scenarios import Changes, Given, Ref, Scenario
from quantumlayer.builtin.writing.service.search import candidates, holding, solve
from quantumlayer.builtin.writing.service.stage import Stage
from quantumlayer.builtin.writing.service.values import Record, Value, order_of

_MOST_RECORDS = 4


def report_tests(view: ServiceView, report: Report) -> Iterator[Scenario]:
    """The report over several records, and over none."""
    figure = report.aggregation
    for name, stage in (("adds_up", _filled(view, report)), ("of_nothing", empty_stage(view))):
        rows, path = tuple(_rows(report, stage)), f"/reports{report.path}"
        told = (figure.requirement, figure.statement, figure.name, name, stage.steps)
        yield Scenario(*told, path=path, rows=rows).tidied()


def _filled(view: ServiceView, report: Report) -> Stage:
    """Records that differ in what the report groups by, counts, and leaves out."""
    aggregation, entity = report.aggregation, report.entity
    stage, shared = _shared(view, report)
    keys = [key.partition(".")[0] for key in aggregation.group_by]
    names = [key for key in (*keys, aggregation.field) if key is not None]
    bodies: list[Changes] = [shared, shared]
    for field in (entity.field(name) for name in dict.fromkeys(names)):
        if field.key in shared or field.type is FieldType.REFERENCE:
            bodies.append({k: v for k, v in shared.items() if k != field.key})
            continue
        values = candidates(stage, entity, field.key)
        bodies += [{**shared, field.key: value} for value in values[:_MOST_RECORDS]]
    for wanted in (True, False) if aggregation.where else ():
        goal = holding(entity, aggregation.where, wanted=wanted)
        bodies.insert(0, {**shared, **(solve(stage, entity, shared, goal) or {})})
    made = 0
    for body in bodies:
        fitting = solve(stage, entity, body, settle=1)
        if fitting is not None and made < len(names) + _MOST_RECORDS:
            stage, made = stage.make(entity, {**body, **fitting}), made + 1
    return stage


def _shared(view: ServiceView, report: Report) -> tuple[Stage, Changes]:
    """The records that several records point to, made under names."""
    stage, shared = empty_stage(view), Changes()
    for key in report.aggregation.group_by:
        field = report.entity.field(key.partition(".")[0])
        if field.type is FieldType.REFERENCE:
            name = field.field.name
            arrived = stage.arrive(usual_parent(view, report.entity, field), name)
            if arrived:
                stage, shared[field.key] = arrived, Ref(name)
    return stage, shared


def _rows(report: Report, stage: Stage) -> Iterator[Changes]:
    aggregation, entity, world = report.aggregation, report.entity, stage.world
    groups: dict[tuple[Value, ...], list[Record]] = defaultdict(list)
    if not aggregation.group_by:
        groups[()] = []
    for record in world.tables[entity.name].values():
        if world.holds_all(entity, aggregation.where, record):
            key = tuple(world.value(entity, record, name) for name in aggregation.group_by)
            groups[key].append(record)
    for key in sorted(groups, key=lambda parts: list(map(order_of, parts))):
        named = zip(aggregation.group_by, key, strict=True)
        row = {member_name(name): _known(stage, entity, name, value) for name, value in named}
        yield {**row, "value": _figure(report, groups[key])}


def _known(stage: Stage, entity: EntityView, source: str, value: Value) -> Given:
    """A key; the id of a record that was made under a name is taken from it."""
    field = entity.field(source.partition(".")[0])
    if field.type is FieldType.REFERENCE and "." not in source:
        for name, (owner, made) in stage.named.items():
            if name and made == value and owner.name == field.field.references:
                return Ref(name)
    return value


def _figure(report: Report, records: list[Record]) -> Value:
    aggregation = report.aggregation
    key = report.entity.field(aggregation.field).key if aggregation.field else "id"
    values = [record[key] for record in records if record[key] is not None]
    match aggregation.function:
        case "count":
            return len(values)
        case "minimum":
            return min(values, key=order_of, default=None)
        case "maximum":
            return max(values, key=order_of, default=None)
    total = sum((Decimal(str(value)) for value in values), Decimal(0))
    if aggregation.function == "sum":
        return total
    return round(total / len(values), 4) if values else None
