"""Reports as functions over the tables."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.domain import Aggregation, FieldType
from quantumlayer.builtin.writing.javascript_service.expressions import (
    tests_code,
    value_of,
)
from quantumlayer.builtin.writing.javascript_service.literals import member, quoted
from quantumlayer.builtin.writing.javascript_service.names import (
    RESERVED,
    camel,
    names_of,
)
from quantumlayer.builtin.writing.javascript_service.printing import (
    SPACE,
    Doc,
    Group,
    Indented,
    all_of,
    array,
    call,
    layout,
    record,
)
from quantumlayer.builtin.writing.naming import kebab, sentence
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    ServiceView,
    is_date_part,
)

_TAKEN = RESERVED | {"grouped", "compareKeys", "setValues", "average", "reportRoutes", "tables"}
_EXTREMES = {"minimum": "smallest", "maximum": "largest"}

_SHARED = {
    "grouped": """/**
 * A row for each different key of the records, ordered by the keys; without names one for all.
 *
 * @template R
 * @param {R[]} records
 * @param {string[]} names
 * @param {(record: R) => Scalar[]} keyOf
 * @param {(group: R[]) => Scalar} figure
 */
function grouped(records, names, keyOf, figure) {
  /** @type {Map<string, { key: Scalar[], group: R[] }>} */
  const groups = new Map();
  if (names.length === 0) {
    groups.set("[]", { key: [], group: [] });
  }
  for (const record of records) {
    const key = keyOf(record);
    const text = JSON.stringify(key);
    const { group } = groups.get(text) ?? { group: [] };
    groups.set(text, { key, group: [...group, record] });
  }
  const rows = [...groups.values()].sort((a, b) => compareKeys(a.key, b.key));
  return rows.map(({ key, group }) => {
    const named = names.map((name, index) => [name, key[index]]);
    return { ...Object.fromEntries(named), value: figure(group) };
  });
}""",
    "compareKeys": """/**
 * Which of two keys comes first; what is empty comes before everything.
 *
 * @param {Scalar[]} a
 * @param {Scalar[]} b
 */
function compareKeys(a, b) {
  const index = a.findIndex((part, position) => part !== b[position]);
  const [one, other] = [a[index] ?? null, b[index] ?? null];
  return one === null || (other !== null && one < other) ? -1 : 1;
}""",
    "setValues": """/**
 * The values of a member, where it is set.
 *
 * @template R
 * @template {keyof R} K
 * @param {R[]} group
 * @param {K} name
 */
function setValues(group, name) {
  return group.map((record) => record[name]).filter((value) => value !== null);
}""",
    "average": """/**
 * The mean of numbers with at most 4 decimals, rounded half to even; null for no numbers.
 *
 * @param {number[]} values
 */
function average(values) {
  if (values.length === 0) {
    return null;
  }
  const count = BigInt(values.length);
  const total = sumUnits(values);
  const whole = total / count;
  const rest = total % count;
  const doubled = 2n * (rest < 0n ? -rest : rest);
  const away = doubled > count || (doubled === count && whole % 2n !== 0n);
  return fromUnits(whole + (away ? (rest < 0n ? -1n : 1n) : 0n));
}""",
    "smallest": """/**
 * The first of the values in their order; null for no values.
 *
 * @template {string | number} T
 * @param {T[]} values
 * @returns {T | null}
 */
function smallest(values) {
  return values.reduce(
    (least, value) => (least === null || value < least ? value : least),
    /** @type {T | null} */ (null),
  );
}""",
    "largest": """/**
 * The last of the values in their order; null for no values.
 *
 * @template {string | number} T
 * @param {T[]} values
 * @returns {T | null}
 */
function largest(values) {
  return values.reduce(
    (most, value) => (most === null || value > most ? value : most),
    /** @type {T | null} */ (null),
  );
}""",
}


@dataclass(frozen=True)
class ReportModule:
    """What the module of reports holds."""

    entries: tuple[str, ...]
    functions: tuple[str, ...]
    blocks: tuple[str, ...]
    imports: tuple[str, ...]


def report_module(view: ServiceView) -> ReportModule:
    """The reports of a service."""
    names = tuple(_function_name(report) for report in view.reports)
    own = [_report(view, report, name) for report, name in zip(view.reports, names, strict=True)]
    text = "\n".join(own)
    shared = [
        code
        for name, code in _SHARED.items()
        if name == "compareKeys" or re.search(rf"\b{name}\(", text)
    ]
    blocks = (*own, *shared)
    entries = tuple(
        layout(
            record(
                [
                    member("path", quoted(f"/reports/{kebab(report.name)}")),
                    member("summary", quoted(sentence(report.statement))),
                ]
            ),
            indent=2,
        )
        for report in view.reports
    )
    return ReportModule(entries, names, blocks, _imports("\n".join(blocks)))


def _imports(text: str) -> tuple[str, ...]:
    found = []
    for path, names in (
        ("./decimals.js", ("fromUnits", "sumUnits")),
        ("./moments.js", ("presentMoment",)),
    ):
        used = [name for name in names if re.search(rf"\b{name}\(", text)]
        if used:
            found.append(f'import {{ {", ".join(used)} }} from "{path}";')
    return tuple(found)


def _function_name(report: Aggregation) -> str:
    name = camel(report.name)
    return f"{name}Report" if name in _TAKEN or name in _SHARED else name


def _report(view: ServiceView, report: Aggregation, name: str) -> str:
    entity = view.entity(report.entity)
    own = names_of(view)[entity.name]
    lines: list[Doc] = []
    source = f"tables.{own.table}.all()"
    if report.where:
        tests = tests_code(view, entity, report.where, own.variable)
        arrow = Group((f"({own.variable}) =>", Indented((SPACE, *all_of(tests)))))
        lines.append(f"const all = {source};")
        lines.append((call("const counted = all.filter", [arrow]), ";"))
        source = "counted"
    keys: Doc = array(_key(view, entity, key, own.variable) for key in report.group_by)
    named: Doc = array(quoted(key.replace(".", "_")) for key in report.group_by)
    key_function: Doc = (f"({own.variable}) => ", keys) if report.group_by else "() => []"
    figure = ("(group) => ", _figure(entity, report))
    whole = call("grouped", [source, named, key_function, figure])
    lines.append(("return ", whole, ";"))
    body = "\n".join(f"  {layout(line, indent=2)}" for line in lines)
    statement = f"{report.requirement}: {sentence(report.statement)}".replace("*/", "* /")
    return (
        f"/**\n * {statement}\n *\n"
        ' * @param {import("./store/tables.js").Tables} tables\n */\n'
        f"function {name}(tables) {{\n{body}\n}}"
    )


def _key(view: ServiceView, entity: EntityView, key: str, variable: str) -> str:
    value = value_of(view, entity, key, variable)
    if value.field.type is FieldType.DATETIME and not is_date_part(key):
        return _presented(value.code, nullable=value.nullable)
    return value.code


def _presented(code: str, *, nullable: bool) -> str:
    shown = f"presentMoment({code})"
    return f"{code} === null ? null : {shown}" if nullable else shown


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
            found = f"{_EXTREMES[report.function]}({values})"
            if field.type is FieldType.DATETIME:
                return f'{found}?.replace(".000000Z", "Z") ?? null'
            return found
