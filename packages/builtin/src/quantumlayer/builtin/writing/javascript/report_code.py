"""Reports as data: where each is found, what it says, and how its rows are made of the tables."""

from functools import lru_cache

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.writing.javascript.expressions import printer
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.printing import array, call, member, quoted, record
from quantumlayer.builtin.writing.layout import NOTHING, SPACE, Doc, Group, Indented, layout
from quantumlayer.builtin.writing.service.model import EntityView, Report, ServiceView, member_name
from quantumlayer.builtin.writing.service.terms import every, hold, value

_ENDS = {"minimum": 0, "maximum": -1}


@lru_cache(maxsize=8)
def report_table(view: ServiceView) -> str:
    """The reports of a service, as a list."""
    return layout(array(_report(view, report) for report in view.reports))


def _report(view: ServiceView, report: Report) -> Doc:
    entity, figures = report.entity, report.aggregation
    variable = names_of(view)[entity.name].variable
    keys = [
        member(member_name(key), f"({variable}) => {_key(view, entity, key)}")
        for key in figures.group_by
    ]
    figure = f"(group) => {_figure(entity, figures)}"
    rows = call("grouped", [_counted(view, report), record(keys), figure])
    return record(
        [
            member("requirement", quoted(figures.requirement)),
            member("path", quoted(f"/reports{report.path}")),
            member("summary", quoted(report.statement)),
            member("rows", Group(("(tables) =>", Indented((SPACE, rows))))),
        ]
    )


def _counted(view: ServiceView, report: Report) -> Doc:
    """The records of which a report tells."""
    names = names_of(view)[report.entity.name]
    source = f"tables.{names.table}.all()"
    if not report.aggregation.where:
        return source
    tests = printer(view, report.entity).term(
        every(*hold(view, report.entity, report.aggregation.where))
    )
    arrow = Group((f"({names.variable}) =>", Indented((SPACE, tests))))
    return Group((f"{source}.filter(", Indented((NOTHING, arrow)), NOTHING, ")"))


def _key(view: ServiceView, entity: EntityView, key: str) -> str:
    found = value(view, entity, key)
    code = printer(view, entity).value(found)
    if found.field.type is FieldType.DATETIME and not found.part:
        shown = f"presentMoment({code})"
        return f"{code} === null ? null : {shown}" if found.nullable else shown
    return f"{code} ?? null" if "?." in code else code


def _figure(entity: EntityView, report: Aggregation) -> str:
    if report.field is None:
        return "group.length"
    field = entity.field(report.field)
    values = f'setValues(group, "{field.key}")'
    match report.function:
        case "count":
            return f"{values}.length"
        case "sum":
            return f"fromUnits(sumUnits({values}))"
        case "average":
            return f"average({values})"
        case _:
            found = f"extreme({values}, {_ENDS[report.function]})"
            if field.type is FieldType.DATETIME:
                return f'{found}?.replace(".000000Z", "Z") ?? null'
            return found
