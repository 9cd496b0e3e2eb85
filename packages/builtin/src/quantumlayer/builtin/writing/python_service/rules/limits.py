"""Limits on counts and sums, and uniqueness that no index can keep."""

# ruff: noqa: S608 - this writes the code of queries; it runs none

from quantumlayer.builtin.domain import CountLimit, FieldType, SumLimit, UniqueTogether
from quantumlayer.builtin.writing.python_service.conditions import (
    column,
    looked_up,
    parameter,
    python_literal,
    sql_all,
    sql_literal,
)
from quantumlayer.builtin.writing.python_service.rules.module import INDENT, Draft
from quantumlayer.builtin.writing.service.model import OTHER_PLACES, FieldView

_UNITS = 10**OTHER_PLACES


def write_limit(draft: Draft, rule: CountLimit | SumLimit) -> None:
    guard, imports = draft.guard(rule.where)
    measure, limit = _measure(draft, rule)
    terms = [f"{column(key)} = {parameter(key)}" for key in rule.per]
    terms += sql_all(draft.view, draft.entity, rule.where)
    selected = f"{measure} AS total"
    if rule.maximum_field:
        selected += f",\n       {_limit_query(draft, rule)} AS highest"
    execute = draft.execute(
        f'SELECT {selected}\nFROM "{draft.entity.table}"',
        terms,
        draft.bound(rule.per) if rule.per else "",
    )
    if rule.maximum_field:
        test = ["total, highest = " + execute[0], *execute[1:]]
        test += ["if highest is not None and total > highest:", f"{INDENT}{draft.refusal}"]
    else:
        test = ["(total,) = " + execute[0], *execute[1:]]
        test += [f"if {_over(draft, rule, limit)}:", f"{INDENT}{draft.refusal}"]
    check = draft.add(
        [*guard, *test],
        connection=True,
        imports=imports,
        record=draft.record if rule.per or guard else None,
    )
    draft.always(check, on_change=bool(rule.per or rule.where or isinstance(rule, SumLimit)))
    _limit_seen_from_parents(draft, rule, measure, limit)


def _over(draft: Draft, rule: CountLimit | SumLimit, limit: str) -> str:
    if isinstance(rule, SumLimit):
        summed = draft.entity.field(rule.field)
        if summed.type is FieldType.DECIMAL:
            return f"from_units(total) > {python_literal(summed, rule.maximum or '0')}"
    return f"total > {limit}"


def _measure(draft: Draft, rule: CountLimit | SumLimit) -> tuple[str, str]:
    """What is limited, and the limit, both in SQL and in the units that are stored."""
    if isinstance(rule, CountLimit):
        return "count(*)", str(rule.maximum)
    summed = draft.entity.field(rule.field)
    total = f'coalesce(sum("{summed.key}"), 0)'
    if rule.maximum_field:
        _, highest = _limit_field(draft, rule)
        if highest.type is FieldType.DECIMAL and summed.type is not FieldType.DECIMAL:
            total = f"{total} * {_UNITS}"
        return total, ""
    return total, sql_literal(summed, rule.maximum or "0")


def _limit_field(draft: Draft, rule: CountLimit | SumLimit) -> tuple[FieldView, FieldView]:
    """The reference whose record holds the limit, and the field that is the limit."""
    for key in rule.per:
        found = draft.entity.field(key.partition(".")[0])
        if found.type is FieldType.REFERENCE:
            target = draft.view.target(found)
            name = (rule.maximum_field or "").rpartition(".")[2]
            if any(name in (f.key, f.field.name) for f in target.fields):
                return found, target.field(name)
    raise ValueError(f"{rule.requirement}: no `per` reference has {rule.maximum_field!r}")


def _limit_query(draft: Draft, rule: CountLimit | SumLimit, owner: str = "") -> str:
    reference, highest = _limit_field(draft, rule)
    target = draft.view.target(reference)
    scale = ""
    if isinstance(rule, SumLimit) and highest.type is not FieldType.DECIMAL:
        decimal_sum = draft.entity.field(rule.field).type is FieldType.DECIMAL
        scale = f" * {_UNITS}" if decimal_sum else ""
    return looked_up(highest.key, target, owner or f":{reference.key}") + scale


def _limit_seen_from_parents(
    draft: Draft, rule: CountLimit | SumLimit, measure: str, limit: str
) -> None:
    watched = draft.watched(test.field for test in rule.where)
    highest_of = None
    if rule.maximum_field:
        highest_of, highest = _limit_field(draft, rule)
        watched.setdefault(highest_of.key, []).append(highest.key)
        limit = _limit_query(draft, rule, f'"{draft.entity.table}"."{highest_of.key}"')
    for reference_key, keys in watched.items():
        having = f"{measure}\n       > {limit}" if rule.maximum_field else f"{measure} > {limit}"
        draft.grouped_check(rule.per, rule.where, having, reference_key, keys)


def write_together(draft: Draft, rule: UniqueTogether) -> None:
    guard, imports = draft.guard(rule.where)
    terms = [f"{column(key)} = {parameter(key)}" for key in rule.fields]
    terms += sql_all(draft.view, draft.entity, rule.where)
    execute = draft.execute(
        f'SELECT count(*) FROM "{draft.entity.table}"', terms, draft.bound(rule.fields)
    )
    body = [
        "(total,) = " + execute[0],
        *execute[1:],
        "if total > 1:",
        f"{INDENT}{draft.refusal}",
    ]
    draft.always(draft.add([*guard, *body], connection=True, imports=imports))
    for reference_key, keys in draft.watched(test.field for test in rule.where).items():
        draft.grouped_check(rule.fields, rule.where, "count(*) > 1", reference_key, keys)
