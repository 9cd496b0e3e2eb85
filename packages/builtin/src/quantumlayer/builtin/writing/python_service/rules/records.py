"""Rules within one record: comparisons, dates beside the clock, conditions."""

# ruff: noqa: S608 - this writes the code of queries; it runs none

from quantumlayer.builtin.domain import Comparison, ConditionalRequirement, FieldType, RelativeDate
from quantumlayer.builtin.writing.python_service.conditions import (
    NEGATED,
    column,
    python_all,
    python_none,
    python_value,
    sql_all,
    symbol,
)
from quantumlayer.builtin.writing.python_service.rules.module import (
    INDENT,
    STORED_AS_IS,
    Draft,
)
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.references import looked_through, resolve


def write_comparison(draft: Draft, rule: Comparison) -> None:
    left, left_nullable, left_field = python_value(
        draft.view, draft.entity, rule.left, draft.record
    )
    right, right_nullable, right_field = python_value(
        draft.view, draft.entity, rule.right, draft.record
    )
    lines, imports = draft.fetched([rule.left, rule.right])
    left_day, right_day = _same_kind(left, left_field, right, right_field)
    present = [
        f"{value} is not None"
        for value, nullable in ((left, left_nullable), (right, right_nullable))
        if nullable
    ]
    broken = f"{left_day} {symbol(NEGATED[rule.operator])} {right_day}"
    body = [*lines, f"if {' and '.join([*present, broken])}:", f"{INDENT}{draft.refusal}"]
    draft.always(draft.add(body, connection=bool(lines), imports=imports))
    for reference_key, keys in draft.watched([rule.left, rule.right]).items():
        _comparison_seen_from_parent(draft, rule, reference_key, keys)


def _comparison_seen_from_parent(
    draft: Draft, rule: Comparison, reference_key: str, keys: list[str]
) -> None:
    target = draft.view.target(draft.entity.field(reference_key))

    def value(key: str) -> str:
        found, reference, _ = resolve(draft.view, draft.entity, key)
        return f":{found.key}" if reference is not None else column(key)

    sign = {"==": "=", "!=": "<>"}.get(
        symbol(NEGATED[rule.operator]), symbol(NEGATED[rule.operator])
    )
    terms = [f'"{reference_key}" = :id', f"{value(rule.left)} {sign} {value(rule.right)}"]
    pairs = ", ".join(
        f'"{key}": {target.variable}.{target.field(key).attribute}' for key in dict.fromkeys(keys)
    )
    values = f'{{"id": {target.variable}.id, {pairs}}}'
    if any(target.field(key).type in STORED_AS_IS for key in keys):
        values = f"columns({values})"
    execute = draft.execute(f'SELECT 1 FROM "{draft.entity.table}"', terms, values)
    draft.parent_check(execute, target, keys, reference_key)


def write_relative_date(draft: Draft, rule: RelativeDate) -> None:
    dated = draft.entity.field(rule.field)
    value = f"{draft.record}.{dated.attribute}"
    moment = dated.type is FieldType.DATETIME
    by_day = moment and rule.direction.endswith("today")
    compared = f"{value}.date()" if by_day else value
    reference = "clock.now()" if moment and not by_day else "clock.today()"
    sign = {"past": ">=", "past_or_today": ">", "future": "<=", "future_or_today": "<"}
    present = f"{value} is not None and " if dated.nullable else ""
    broken = f"if {present}{compared} {sign[rule.direction]} {reference}:"
    check = draft.add([broken, f"{INDENT}{draft.refusal}"], connection=False)
    draft.module.created.append(check.call(draft.record))
    changed = f"after.{dated.attribute} != before.{dated.attribute}"
    draft.module.changed.append(f"if {changed}:\n    {check.call('after')}")


def write_conditional(draft: Draft, rule: ConditionalRequirement) -> None:
    tests = (*rule.where, *rule.then)
    lines, imports = draft.fetched(test.field for test in tests)
    unmet = python_none(draft.view, draft.entity, rule.then, draft.record)
    concerned = python_all(draft.view, draft.entity, rule.where, draft.record)
    broken = f"{concerned} and {unmet}" if concerned else unmet
    body = [*lines, f"if {broken}:", f"{INDENT}{draft.refusal}"]
    check = draft.add(body, connection=bool(lines), imports=imports)
    if rule.on == "always":
        draft.always(check)
        for reference_key, keys in draft.watched(test.field for test in tests).items():
            _conditional_seen_from_parent(draft, rule, reference_key, keys)
        return
    connection = ("connection",) if check.needs_connection else ()
    draft.module.created.append(check.call(*connection, draft.record))
    references = looked_through(draft.view, draft.entity, (test.field for test in tests))
    if references:
        moved = " or ".join(f"after.{r.attribute} != before.{r.attribute}" for r in references)
        draft.module.changed.append(f"if {moved}:\n    {check.call(*connection, 'after')}")


def _conditional_seen_from_parent(
    draft: Draft, rule: ConditionalRequirement, reference_key: str, keys: list[str]
) -> None:
    target = draft.view.target(draft.entity.field(reference_key))
    then = " AND ".join(sql_all(draft.view, draft.entity, rule.then))
    terms = [f'"{reference_key}" = :id', *sql_all(draft.view, draft.entity, rule.where)]
    terms.append(f"NOT coalesce({then}, FALSE)")
    execute = draft.execute(
        f'SELECT 1 FROM "{draft.entity.table}"', terms, f'{{"id": {target.variable}.id}}'
    )
    draft.parent_check(execute, target, keys, reference_key)


def _same_kind(
    left: str, left_field: FieldView, right: str, right_field: FieldView
) -> tuple[str, str]:
    """Values that compare: of a day and a moment, the moment's day."""
    kinds = {left_field.type, right_field.type}
    if kinds != {FieldType.DATE, FieldType.DATETIME}:
        return left, right
    moment = FieldType.DATETIME
    return (
        f"{left}.date()" if left_field.type is moment else left,
        f"{right}.date()" if right_field.type is moment else right,
    )
