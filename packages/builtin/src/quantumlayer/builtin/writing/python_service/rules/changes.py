"""Rules about how a record may change, and whether it may be deleted."""

# ruff: noqa: S608 - this writes the code of queries; it runs none

from quantumlayer.builtin.domain import DeleteRestricted, Immutable, Transitions
from quantumlayer.builtin.writing.python_service.conditions import (
    python_all,
    python_literal,
    sql_all,
)
from quantumlayer.builtin.writing.python_service.rules.module import INDENT, Draft


def write_transitions(draft: Draft, rule: Transitions) -> None:
    moving = draft.entity.field(rule.field)
    attribute = moving.attribute
    if rule.initial is not None:
        initial = python_literal(moving, rule.initial)
        check = draft.add(
            [f"if {draft.record}.{attribute} != {initial}:", f"{INDENT}{draft.refusal}"],
            connection=False,
            suffix="_starts",
        )
        draft.module.created.append(check.call(draft.record))
    pairs = ", ".join(
        f"({python_literal(moving, a)}, {python_literal(moving, b)})" for a, b in rule.allowed
    )
    body = [
        f"allowed = {{{pairs}}}",
        f"moved = after.{attribute} != before.{attribute}",
        f"if moved and (before.{attribute}, after.{attribute}) not in allowed:",
        f"{INDENT}{draft.refusal}",
    ]
    draft.add_change(body)


def write_immutable(draft: Draft, rule: Immutable) -> None:
    if not rule.changeable:
        _unchangeable(draft, rule)
    if not rule.deletable:
        _undeletable(draft, rule)


def _unchangeable(draft: Draft, rule: Immutable) -> None:
    keys = rule.fields or tuple(f.key for f in draft.entity.fields)
    fields = [draft.entity.field(key) for key in keys]
    original, self_record = draft.entity, "before"
    where = python_all(draft.view, original, rule.where, self_record)
    lines, imports = draft.fetched(test.field for test in rule.where)
    lines = [line.replace(f"{draft.record}.", f"{self_record}.") for line in lines]
    if rule.fields:
        changes = [f"after.{f.attribute} != before.{f.attribute}" for f in fields]
        changed = " or ".join(changes)
    else:
        excluded = '{"updated_at"}'
        changed = f"after.model_dump(exclude={excluded}) != before.model_dump(exclude={excluded})"
    if where and " or " in changed:
        changed = f"({changed})"
    broken = f"{where} and {changed}" if where else changed
    draft.add_change(
        [*lines, f"if {broken}:", f"{INDENT}{draft.refusal}"],
        connection=bool(lines),
        imports=imports,
    )


def _undeletable(draft: Draft, rule: Immutable) -> None:
    lines, imports = draft.fetched(test.field for test in rule.where)
    where = python_all(draft.view, draft.entity, rule.where, draft.record)
    if where:
        body = [*lines, f"if {where}:", f"{INDENT}{draft.refusal}"]
        check = draft.add(body, connection=bool(lines), suffix="_stays", imports=imports)
        first = ("connection",) if lines else ()
        draft.module.deleted.append(check.call(*first, draft.record))
    else:
        draft.module.undeletable = draft.constant


def write_delete_restricted(draft: Draft, rule: DeleteRestricted) -> None:
    by = draft.view.entity(rule.by)
    reference = by.field(rule.by_field)
    terms = [f'"{reference.key}" = :id', *sql_all(draft.view, by, rule.where)]
    execute = draft.execute(f'SELECT 1 FROM "{by.table}"', terms, f'{{"id": {draft.record}.id}}')
    body = ["kept = " + execute[0], *execute[1:], "if kept:", f"{INDENT}{draft.refusal}"]
    check = draft.add(body, connection=True)
    draft.module.deleted.append(check.call("connection", draft.record))
