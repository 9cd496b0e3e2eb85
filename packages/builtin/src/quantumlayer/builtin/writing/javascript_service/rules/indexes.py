"""What the store's unique indexes keep: unique fields, and fields that are unique together."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType, UniqueTogether
from quantumlayer.builtin.writing.javascript_service.expressions import tests_code, value_of
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.printing import (
    NOTHING,
    SPACE,
    Broken,
    Doc,
    Group,
    Indented,
    array,
    joined,
    layout,
    record,
)
from quantumlayer.builtin.writing.javascript_service.rules.module import rule_record
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
    looks_away,
)


@dataclass(frozen=True)
class Index:
    """A unique index: its rule, and the function that gives its key."""

    requirement: str | None
    rule: Doc
    key: Doc


def is_indexed(rule: UniqueTogether) -> bool:
    """Whether an index can keep the rule: it looks at nothing but the record."""
    return not any(looks_away(test) for test in rule.where)


def unique_indexes(view: ServiceView, entity: EntityView) -> tuple[Index, ...]:
    """All unique indexes of a table."""
    return tuple(_indexes(view, entity))


def indexes_code(view: ServiceView, entity: EntityView) -> str:
    """The constant that holds the unique indexes."""
    names = names_of(view)[entity.name]
    entries = [
        record([("rule: ", index.rule), ("key: ", index.key)])
        for index in unique_indexes(view, entity)
    ]
    items = (Indented((NOTHING, *joined(entries, (",", SPACE)), Broken(","))), NOTHING)
    return "\n".join(
        [
            f"/** What no two {entity.many} share; kept by indexes of the store. */",
            f'/** @type {{import("../store/table.js").UniqueIndex<{names.type}>[]}} */',
            layout((f"export const {names.unique} = ", Group(("[", *items, "]")), ";")),
        ]
    )


def _indexes(view: ServiceView, entity: EntityView) -> Iterator[Index]:
    for field in entity.fields:
        if field.field.unique:
            statement = f"The {field.words} of {entity.one} is unique."
            requirement = entity.requirement_of(field)
            rule = rule_record(statement, requirement, taken=field.key)
            yield Index(requirement, rule, _key(view, entity, (field.key,), ()))
    for each in entity.rules:
        if isinstance(each, UniqueTogether) and is_indexed(each):
            rule = rule_record(each.statement, each.requirement)
            tests = tests_code(view, entity, each.where, names_of(view)[entity.name].variable)
            key = _key(view, entity, each.fields, tuple(tests))
            yield Index(each.requirement, rule, key)


def _key(
    view: ServiceView, entity: EntityView, keys: tuple[str, ...], tests: tuple[str, ...]
) -> Doc:
    variable = names_of(view)[entity.name].variable
    parts = array(_part(view, entity, key, variable) for key in keys)
    if not tests:
        return (f"({variable}) => ", parts)
    body = (" && ".join(tests), SPACE, "? ", parts, SPACE, ": null")
    return Group((f"({variable}) =>", Indented((SPACE, Group(body)))))


def _part(view: ServiceView, entity: EntityView, key: str, variable: str) -> str:
    value = value_of(view, entity, key, variable)
    if _folded(value.field):
        mark = "?." if value.nullable else "."
        lower = f"{value.code}{mark}toLowerCase()"
        return f"{lower} ?? null" if value.nullable else lower
    return value.code


def _folded(field: FieldView) -> bool:
    return field.type is FieldType.EMAIL
