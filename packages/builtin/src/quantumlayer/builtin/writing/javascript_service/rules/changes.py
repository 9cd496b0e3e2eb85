"""Rules about how a record may change, and whether it may be deleted."""

from quantumlayer.builtin.domain import DeleteRestricted, FieldType, Immutable, Transitions
from quantumlayer.builtin.writing.javascript_service.expressions import tests_code
from quantumlayer.builtin.writing.javascript_service.literals import quoted
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.printing import Doc, array, layout
from quantumlayer.builtin.writing.javascript_service.rules.module import RuleWriter
from quantumlayer.builtin.writing.service.model import FieldView


def write_transitions(writer: RuleWriter, rule: Transitions) -> None:
    """A choice that begins somewhere and moves only along some ways."""
    moving = writer.entity.field(rule.field).key
    if rule.initial is not None:
        test = f"{writer.variable}.{moving} !== {quoted(rule.initial)}"
        start = writer.check(writer.refused_if(test), suffix="Start")
        writer.module.created.append(f"{start.call(writer.variable)};")
    name = f"{writer.constant}_MOVES"
    ways: list[Doc] = [quoted(f"{one} > {other}") for one, other in rule.allowed]
    code = layout((f"const {name} = new Set(", array(ways), ");"))
    writer.module.blocks.append(
        f"/** The moves that {rule.requirement} allows. */\n{code.replace('Set([])', 'Set()')}"
    )
    moved = f"after.{moving} !== before.{moving}"
    way = f"`${{before.{moving}}} > ${{after.{moving}}}`"
    check = writer.check_change(writer.refused_if(moved, f"!{name}.has({way})"))
    writer.module.changed.append(f"{check.call('before', 'after')};")


def write_immutable(writer: RuleWriter, rule: Immutable) -> None:
    """Members, or whole records, that stay as they are."""
    if not rule.changeable:
        _write_unchangeable(writer, rule)
    if not rule.deletable:
        _write_undeletable(writer, rule)


def _write_unchangeable(writer: RuleWriter, rule: Immutable) -> None:
    where = tests_code(writer.view, writer.entity, rule.where, "before")
    if rule.fields:
        changes = [_differs(writer.entity.field(key)) for key in rule.fields]
        changed = changes[0] if len(changes) == 1 else f"({' || '.join(changes)})"
    else:
        changed = "!isDeepStrictEqual({ ...after, updated_at: before.updated_at }, before)"
    check = writer.check_change(writer.refused_if(*where, changed))
    writer.module.changed.append(f"{check.call('before', 'after')};")


def _differs(field: FieldView) -> str:
    if field.type is FieldType.TAGS:
        return f"!isDeepStrictEqual(after.{field.key}, before.{field.key})"
    return f"after.{field.key} !== before.{field.key}"


def _write_undeletable(writer: RuleWriter, rule: Immutable) -> None:
    if not rule.where:
        writer.module.deleted.append(writer.refusal)
        return
    tests = tests_code(writer.view, writer.entity, rule.where, writer.variable)
    stays = writer.check(writer.refused_if(*tests), suffix="OrDeleted")
    writer.module.deleted.append(f"{stays.call(writer.variable)};")


def write_delete_restricted(writer: RuleWriter, rule: DeleteRestricted) -> None:
    """Records that are not deleted while certain others point to them."""
    by = writer.view.entity(rule.by)
    names = names_of(writer.view)[by.name]
    key = by.field(rule.by_field).key
    users = f'tables.{names.table}.by("{key}", {writer.variable}.id)'
    other = names.variable if names.variable != writer.variable else "other"
    if rule.where:
        tests = " && ".join(tests_code(writer.view, by, rule.where, other))
        lines = [
            f"const users = {users};",
            *writer.refused_if(f"users.some(({other}) => {tests})"),
        ]
    else:
        lines = writer.refused_if(f"{users}.length > 0")
    check = writer.check(lines)
    writer.module.deleted.append(f"{check.call(writer.variable)};")
