"""Reports as functions over the tables."""

from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.writing.javascript.expressions import printer
from quantumlayer.builtin.writing.javascript.literals import quoted
from quantumlayer.builtin.writing.javascript.names import RESERVED, camel, names_of
from quantumlayer.builtin.writing.javascript.printing import array, call
from quantumlayer.builtin.writing.layout import BREAK, SPACE, Doc, Group, Indented, layout
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.model import EntityView, Report, ServiceView, member_name
from quantumlayer.builtin.writing.service.terms import every, hold, value

_SHARED = ("average", "extreme", "grouped", "order", "reportRoutes", "setValues", "tables")
_TAKEN = RESERVED.union(_SHARED, ("fromUnits", "presentMoment", "sumUnits"))
_ENDS = {"minimum": 0, "maximum": -1}


@dataclass(frozen=True)
class ReportModule:
    """What the module of reports holds: the table of the reports, and their functions."""

    table: str
    blocks: tuple[str, ...]

    def uses(self, *names: str) -> bool:
        """Whether the code of the reports calls any of these functions."""
        return any(f"{name}(" in code for name in names for code in self.blocks)


@lru_cache(maxsize=8)
def report_module(view: ServiceView) -> ReportModule:
    """The reports of a service."""
    reports = view.reports
    names = [_function_name(report.aggregation) for report in reports]
    blocks = [_report(view, report, name) for report, name in zip(reports, names, strict=True)]
    rows: list[Doc] = []
    for report, name in zip(reports, names, strict=True):
        row = array([quoted(f"/reports{report.path}"), quoted(report.statement), name])
        rows += [BREAK, row, ","]
    return ReportModule(layout(("[", Indented((*rows,)), BREAK, "]")), tuple(blocks))


def _function_name(report: Aggregation) -> str:
    name = camel(report.name)
    return f"{name}Report" if name in _TAKEN else name


def _report(view: ServiceView, report: Report, name: str) -> str:
    entity, figures = report.entity, report.aggregation
    own = names_of(view)[entity.name]
    lines: list[Doc] = []
    source = f"tables.{own.table}.all()"
    if figures.where:
        tests = printer(view, entity).term(every(*hold(view, entity, figures.where)))
        arrow = Group((f"({own.variable}) =>", Indented((SPACE, tests))))
        lines.append(f"const all = {source};")
        lines.append((call("const counted = all.filter", [arrow]), ";"))
        source = "counted"
    keys: Doc = array(_key(view, entity, key) for key in figures.group_by)
    named: Doc = array(quoted(member_name(key)) for key in figures.group_by)
    key_function: Doc = (f"({own.variable}) => ", keys) if figures.group_by else "() => []"
    figure = ("(group) => ", _figure(entity, figures))
    lines.append(("return ", call("grouped", [source, named, key_function, figure]), ";"))
    body = "\n".join(f"  {layout(line, indent=2)}" for line in lines)
    statement = f"{figures.requirement}: {sentence(figures.statement)}".replace("*/", "* /")
    return (
        f"/**\n * {statement}\n *\n"
        ' * @param {import("./store/tables.js").Tables} tables\n */\n'
        f"function {name}(tables) {{\n{body}\n}}"
    )


def _key(view: ServiceView, entity: EntityView, key: str) -> str:
    found = value(view, entity, key)
    code = printer(view, entity).value(found)
    if found.field.type is FieldType.DATETIME and not found.part:
        shown = f"presentMoment({code})"
        return f"{code} === null ? null : {shown}" if found.nullable else shown
    return f"{code} ?? null" if "?." in code else code


def _figure(entity: EntityView, report: Aggregation) -> Doc:
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
