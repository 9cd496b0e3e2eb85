"""Reports: figures over records, as SQL with the model of each row."""

from dataclasses import dataclass

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.writing.naming import pascal
from quantumlayer.builtin.writing.python import sql
from quantumlayer.builtin.writing.service.model import (
    OTHER_PLACES,
    EntityView,
    ServiceView,
    attribute_name,
)
from quantumlayer.builtin.writing.service.reports import Report, member_name, reports_of
from quantumlayer.builtin.writing.service.terms import every, hold, value

_FUNCTIONS = {
    "count": "count",
    "sum": "sum",
    "average": "avg",
    "minimum": "min",
    "maximum": "max",
}
_UNITS = float(10**OTHER_PLACES)
_TYPES = {
    FieldType.INTEGER: "int",
    FieldType.REFERENCE: "int",
    FieldType.DECIMAL: "float",
    FieldType.BOOLEAN: "bool",
}


@dataclass(frozen=True)
class Member:
    """A member of a row of a report."""

    name: str
    type: str

    @property
    def attribute(self) -> str:
        return attribute_name(self.name)


@dataclass(frozen=True)
class ReportView:
    """A report, the members of its rows, and the terms of its statement."""

    report: Report
    members: tuple[Member, ...]
    select: tuple[str, ...]
    where: str

    @property
    def row_class(self) -> str:
        return f"{pascal(self.report.aggregation.name)}Row"


def report_views(view: ServiceView) -> tuple[ReportView, ...]:
    """The reports of a service."""
    return tuple(_report(view, report) for report in reports_of(view))


def _report(view: ServiceView, report: Report) -> ReportView:
    aggregation, entity = report.aggregation, report.entity
    members, select = [], []
    for key in aggregation.group_by:
        kind, code = _key(view, entity, key)
        members.append(Member(member_name(key), f"{kind} | None"))
        select.append(f'{code} AS "{member_name(key)}"')
    kind, code = _value(entity, aggregation)
    members.append(Member("value", kind))
    select.append(f'{code} AS "value"')
    where = hold(view, entity, aggregation.where)
    condition = sql.condition(every(*where), indent=8) if where else ""
    return ReportView(report, tuple(members), tuple(select), condition)


def _key(view: ServiceView, entity: EntityView, key: str) -> tuple[str, str]:
    found = value(view, entity, key)
    field, code = found.field, sql.value(found, indent=8, beside=len(key) + 30)
    kind = "str" if found.part else _TYPES.get(field.type, "str")
    exact = field.type is FieldType.DECIMAL
    return kind, f"round({code} / {_UNITS}, {OTHER_PLACES})" if exact else code


def _value(entity: EntityView, aggregation: Aggregation) -> tuple[str, str]:
    function = aggregation.function
    if aggregation.field is None or function == "count":
        counted = "*" if aggregation.field is None else f'"{entity.field(aggregation.field).key}"'
        return "int", f"count({counted})"
    field = entity.field(aggregation.field)
    code = f'{_FUNCTIONS[function]}("{field.key}")'
    if field.type is FieldType.DECIMAL:
        code = f"{code} / {_UNITS}"
    if field.type is FieldType.DECIMAL or function == "average":
        code = f"round({code}, {OTHER_PLACES})"
    kind = "float" if function == "average" else _TYPES.get(field.type, "str")
    if function == "sum":
        return kind, f"coalesce({code}, 0)"
    return f"{kind} | None", code
