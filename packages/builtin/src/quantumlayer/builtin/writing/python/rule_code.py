"""The rules of an entity as its module holds them: conditions in SQL, and when they are asked."""

from quantumlayer.builtin.writing.naming import literal, sentence
from quantumlayer.builtin.writing.python import sql
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import OCCASIONS, Check, checks_of, followers


def check_code(check: Check) -> str:
    """The constant that holds a check."""
    rule = f"{literal(sentence(check.rule.statement))}, {literal(check.rule.requirement)}"
    broken = sql.condition(check.broken, indent=4).replace("\\", "\\\\")
    return f'_{check.name} = Check(\n    Rule({rule}),\n    """\n    {broken}\n    """,\n)'


def groups(view: ServiceView, entity: EntityView) -> dict[str, str]:
    """The tuples of checks that the routes ask for, by name."""
    checks = checks_of(view, entity)
    found = {occasion.upper(): checks.asked(occasion) for occasion in OCCASIONS}
    found |= {_following(field): checks.following(field) for field in checks.followed}
    return {name: _names(members) for name, members in found.items() if members}


def _names(checks: tuple[Check, ...]) -> str:
    return ", ".join(f"_{check.name}" for check in checks) + ("," if len(checks) == 1 else "")


def _following(reference: FieldView) -> str:
    return f"{reference.field.name.upper()}_CHANGED"


def calls(view: ServiceView, entity: EntityView) -> dict[str, list[str]]:
    """The statements of the routes of an entity that keep rules, by what has happened."""
    checks, key = checks_of(view, entity), entity.id_name
    records = {
        "created": f"{entity.variable}.id",
        "changed": f"{key}, before=before.model_dump()",
        "deleted": key,
    }
    found = {
        occasion: [_keep(f'"{entity.table}", {record}', f"rules.{occasion.upper()}")]
        if checks.asked(occasion)
        else []
        for occasion, record in records.items()
    }
    for other, reference, _ in followers(view, entity):
        users = f'"{other.entity.table}", {key}, by="{reference.key}"'
        name = f"{_alias(other.entity, entity)}.{_following(reference)}"
        found["changed"].append(_keep(users, name))
    return found


def _keep(records: str, checks: str) -> str:
    return f"keep(connection, Records({records}), {checks})"


def rule_modules(view: ServiceView, entity: EntityView) -> list[tuple[str, str]]:
    """The modules of rules that the routes of an entity need, and what they call them."""
    own = [entity] if any(check.asked for check in checks_of(view, entity).checks) else []
    asked = [*own, *(other.entity for other, _, _ in followers(view, entity))]
    found = {other.module: _alias(other, entity) for other in asked}
    return list(found.items())


def _alias(other: EntityView, entity: EntityView) -> str:
    return "rules" if other.name == entity.name else f"{other.slug}_rules"
