"""Reports: figures over records, as SQL with the model of each row."""

from dataclasses import dataclass

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.writing.naming import attribute_name, pascal
from quantumlayer.builtin.writing.python import sql
from quantumlayer.builtin.writing.python.kinds import kind_of
from quantumlayer.builtin.writing.service.fields import OTHER_PLACES
from quantumlayer.builtin.writing.service.model import EntityView, Report, ServiceView, member_name
from quantumlayer.builtin.writing.service.terms import every, hold, value

_FUNCTIONS = {"average": "avg", "minimum": "min", "maximum": "max"}
_UNITS = float(10**OTHER_PLACES)


@dataclass(frozen=True)
class ReportView:
    """A report, the members of its rows (name, attribute, type), and its statement."""

    report: Report
    members: tuple[tuple[str, str, str], ...]
    select: tuple[str, ...]
    where: str

    @property
    def row_class(self) -> str:
        return f"{pascal(self.report.aggregation.name)}Row"


def report_views(view: ServiceView) -> tuple[ReportView, ...]:
    """The reports of a service."""
    return tuple(_report(view, report) for report in view.reports)


def _report(view: ServiceView, report: Report) -> ReportView:
    aggregation, entity = report.aggregation, report.entity
    figures = [(member_name(key), *_key(view, entity, key)) for key in aggregation.group_by]
    figures.append(("value", *_value(entity, aggregation)))
    members = tuple((name, attribute_name(name), kind) for name, kind, _ in figures)
    select = tuple(f'{code} AS "{name}"' for name, _, code in figures)
    where = hold(view, entity, aggregation.where)
    condition = sql.condition(every(*where), indent=8) if where else ""
    return ReportView(report, members, select, condition)


def _key(view: ServiceView, entity: EntityView, key: str) -> tuple[str, str]:
    found = value(view, entity, key)
    field, code = found.field, sql.value(found, indent=8, beside=len(key) + 30)
    kind = "str" if found.part else kind_of(field).row
    exact = field.type is FieldType.DECIMAL
    return f"{kind} | None", f"round({code} / {_UNITS}, {OTHER_PLACES})" if exact else code


def _value(entity: EntityView, aggregation: Aggregation) -> tuple[str, str]:
    function = aggregation.function
    if aggregation.field is None or function == "count":
        counted = "*" if aggregation.field is None else f'"{entity.field(aggregation.field).key}"'
        return "int", f"count({counted})"
    field = entity.field(aggregation.field)
    code = f'{_FUNCTIONS.get(function, function)}("{field.key}")'
    if field.type is FieldType.DECIMAL:
        code = f"{code} / {_UNITS}"
    if field.type is FieldType.DECIMAL or function == "average":
        code = f"round({code}, {OTHER_PLACES})"
    kind = "float" if function == "average" else kind_of(field).row
    if function == "sum":
        return kind, f"coalesce({code}, 0)"
    return f"{kind} | None", code
