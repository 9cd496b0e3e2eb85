"""The tables of a service: columns, indexes, and how rows become records."""

from quantumlayer.builtin.domain import FieldType, UniqueTogether
from quantumlayer.builtin.writing.naming import literal, sentence
from quantumlayer.builtin.writing.python import sql
from quantumlayer.builtin.writing.python.kinds import kind_of
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView, Unique
from quantumlayer.builtin.writing.service.terms import every, hold, value


def column_definition(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """A column: its type and what the database itself keeps."""
    parts = [kind_of(field).column]
    if not field.nullable:
        parts.append("NOT NULL")
    if field.type is FieldType.EMAIL:
        parts.append("COLLATE NOCASE")
    if field.field.unique:
        parts.append("UNIQUE")
    if field.type is FieldType.REFERENCE:
        parts.append(f'REFERENCES "{view.target(field).table}" ("id")')
        parts.append(f"ON DELETE {'CASCADE' if view.cascades(entity, field) else 'RESTRICT'}")
    return " ".join(parts)


def indexes(view: ServiceView, entity: EntityView) -> list[str]:
    """The indexes of a table: for references, and for rules of uniqueness."""
    found = [
        f'CREATE INDEX "{entity.table}_{field.key}" ON "{entity.table}" ("{field.key}")'
        for field in entity.references
        if not field.field.unique
    ]
    for rule in entity.unique_rules:
        columns = ", ".join(sql.value(value(view, entity, key, of="")) for key in rule.fields)
        where = hold(view, entity, rule.where, of="")
        found.append(
            f"-- {rule.requirement}: {sentence(rule.statement)}\n"
            f'CREATE UNIQUE INDEX "{_index_name(entity, rule)}" ON "{entity.table}" ({columns})'
            + (f"\n    WHERE {sql.condition(every(*where), indent=4)}" if where else "")
        )
    return found


def unique_rules(entity: EntityView) -> list[tuple[str, str]]:
    """How SQLite names what is unique in its errors, and the arguments of the rule behind it."""
    return [(_message(entity, unique), _arguments(unique)) for unique in entity.uniques]


def _arguments(unique: Unique) -> str:
    field = f', field="{unique.field}"' if unique.field else ""
    return f"{literal(unique.statement)}, {literal(unique.requirement)}{field}"


def _message(entity: EntityView, unique: Unique) -> str:
    if unique.rule is not None and any("." in key for key in unique.keys):
        return f"index '{_index_name(entity, unique.rule)}'"
    return ", ".join(f"{entity.table}.{key}" for key in unique.keys)


def _index_name(entity: EntityView, rule: UniqueTogether) -> str:
    parts = "_".join(key.replace(".", "_") for key in rule.fields)
    number = entity.rules.index(rule)
    return f"{entity.table}_{rule.requirement.lower()}_{number}_{parts}"[:60].rstrip("_")
