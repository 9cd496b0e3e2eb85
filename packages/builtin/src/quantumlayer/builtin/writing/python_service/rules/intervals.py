"""Intervals that do not overlap."""

# ruff: noqa: S608 - this writes the code of queries; it runs none

from quantumlayer.builtin.domain import Comparison, NoOverlap
from quantumlayer.builtin.writing.python_service.conditions import column, parameter, sql_all
from quantumlayer.builtin.writing.python_service.rules.module import INDENT, Draft
from quantumlayer.builtin.writing.service.model import FieldView


def write_no_overlap(draft: Draft, rule: NoOverlap) -> None:
    start, end = draft.entity.field(rule.start), draft.entity.field(rule.end)
    guard, imports = draft.guard(rule.where)
    body = [*_inverted(draft, start, end), *guard]
    begins_before = f'"{start.key}" < :{end.key}'
    ends_after = f'"{end.key}" > :{start.key}'
    if end.nullable:
        begins_before = f"(:{end.key} IS NULL OR {begins_before})"
        ends_after = f'("{end.key}" IS NULL OR {ends_after})'
    terms = ['"id" <> :id', *(f"{column(key)} = {parameter(key)}" for key in rule.per)]
    terms += [begins_before, ends_after, *sql_all(draft.view, draft.entity, rule.where)]
    execute = draft.execute(
        f'SELECT 1 FROM "{draft.entity.table}"',
        terms,
        draft.bound([*rule.per, start.key, end.key], ["id"]),
    )
    body += ["overlapped = " + execute[0], *execute[1:], "if overlapped:"]
    check = draft.add([*body, f"{INDENT}{draft.refusal}"], connection=True, imports=imports)
    draft.always(check)
    for reference_key, keys in draft.watched(test.field for test in rule.where).items():
        _overlap_seen_from_parent(draft, rule, reference_key, keys)


def _inverted(draft: Draft, start: FieldView, end: FieldView) -> list[str]:
    """Lines that refuse an end before the start, where no rule of its own does."""
    pair = {start.key, end.key}
    for other in draft.entity.rules:
        if isinstance(other, Comparison) and {other.left, other.right} == pair:
            return []
    compared = f"{draft.record}.{end.attribute} < {draft.record}.{start.attribute}"
    present = [f"{draft.record}.{f.attribute} is not None" for f in (start, end) if f.nullable]
    return [f"if {' and '.join([*present, compared])}:", f"{INDENT}{draft.refusal}"]


def _overlap_seen_from_parent(
    draft: Draft, rule: NoOverlap, reference_key: str, keys: list[str]
) -> None:
    end = draft.entity.field(rule.end)
    target = draft.view.target(draft.entity.field(reference_key))
    until = [f'"{name}"."{end.key}"' for name in ("a", "b")]
    if end.nullable:
        until = [f"coalesce({name}, '9999')" for name in until]
    terms = ['"a"."id" < "b"."id"']
    terms += [f"{column(key, 'a')} = {column(key, 'b')}" for key in rule.per]
    terms += [f'"a"."{rule.start}" < {until[1]}', f'"b"."{rule.start}" < {until[0]}']
    for name in ("a", "b"):
        terms += sql_all(draft.view, draft.entity, rule.where, name)
    table = draft.entity.table
    execute = draft.execute(f'SELECT 1 FROM "{table}" AS "a", "{table}" AS "b"', terms, "")
    draft.parent_check(execute, target, keys, reference_key, uses_parent=False)
