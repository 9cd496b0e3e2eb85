"""What the tests of an entity's routes need: bodies that are accepted, and what lists find."""

from dataclasses import dataclass

from quantumlayer.builtin.writing.python_service import field_cases
from quantumlayer.builtin.writing.python_service.factory_code import keyword_argument
from quantumlayer.builtin.writing.python_service.scenario_code import (
    arguments,
    json_object,
    parent_code,
)
from quantumlayer.builtin.writing.service import facts
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Parent,
)
from quantumlayer.builtin.writing.service.samples import (
    json_code,
)
from quantumlayer.builtin.writing.service.scenarios import Stage


@dataclass(frozen=True)
class Lookup:
    """Two records that differ in a field, and the query that finds the second of them."""

    key: str
    first: str
    second: str
    query: str


@dataclass(frozen=True)
class FieldTest:
    """The values of a field, from both sides."""

    token: str
    field: FieldView
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class EntityTests:
    """Everything that the template of an entity's tests is given."""

    token: str
    full: str
    """Arguments that give every member a value."""
    expected: str
    """The members of a full record that the answer must repeat, as a dictionary."""
    defaults: str
    """What a record has where the client gives the least, as a dictionary."""
    change: str
    """A change that is accepted, as a dictionary."""
    cleared: str
    """An optional member that can be cleared, or nothing."""
    cleared_from: str
    required: tuple[str, ...]
    fields: tuple[FieldTest, ...]
    lookups: tuple[Lookup, ...]
    sorted_by: Lookup | None
    many: bool
    """Whether three records of the factory can stand together."""
    moments: tuple[tuple[str, str], ...]
    """Datetime fields, and the text without offset of a moment that each accepts."""
    unknown_references: tuple[str, ...]
    reference_values: dict[str, str | None]
    """What the factory must be told so that a reference is set; None where it sets it itself."""
    user: tuple[EntityView, str, str] | None
    """An entity whose record keeps this one from being deleted, by which key, and what this one
    must be for that."""
    deletable: bool
    replaceable: bool


def entity_tests(view: ServiceView, entity: EntityView) -> EntityTests:
    """The facts about an entity that its tests state."""
    full = facts.full_record(view, entity)
    expected: Changes = {k: v for k, v in full.items() if not isinstance(v, Parent)}
    defaults, change = facts.defaults(view, entity), facts.change(view, entity)
    cleared = facts.cleared(view, entity)
    return EntityTests(
        token=_token(entity.entity.requirement),
        full=arguments(view, full),
        expected=json_object(view, expected),
        defaults=json_object(view, defaults) if defaults else "",
        change=json_object(view, change) if change else "",
        cleared=next(iter(cleared), ""),
        cleared_from=arguments(view, cleared) if cleared else "",
        required=tuple(f.key for f in entity.fields if f.must_be_given),
        fields=tuple(_field_test(view, entity, field) for field in entity.fields),
        lookups=tuple(_lookup(look) for look in facts.lookups(view, entity)),
        sorted_by=_sorted_by(view, entity),
        many=facts.stands_together(view, entity),
        moments=tuple(facts.moments(view, entity)),
        unknown_references=tuple(f.key for f in entity.references),
        reference_values=_reference_values(view, entity),
        user=_user(view, entity),
        deletable=facts.deletable(view, entity),
        replaceable=facts.replaceable(view, entity),
    )


def _lookup(look: facts.Lookup) -> Lookup:
    query = f'{{"{look.parameter}": {json_code(look.wanted)}}}'
    return Lookup(look.key, json_code(look.first), json_code(look.second), query)


def _sorted_by(view: ServiceView, entity: EntityView) -> Lookup | None:
    found = facts.sorted_by(view, entity)
    return found and Lookup(found[0], json_code(found[1]), json_code(found[2]), "")


def _reference_values(view: ServiceView, entity: EntityView) -> dict[str, str | None]:
    return {
        key: keyword_argument(key, f'{parent_code(view, parent)}["id"]') if parent else None
        for key, parent in facts.referring(view, entity).items()
    }


def _user(view: ServiceView, entity: EntityView) -> tuple[EntityView, str, str] | None:
    found = facts.user(view, entity)
    return (found.entity, found.key, arguments(view, found.changes)) if found else None


def _token(requirement: str | None) -> str:
    return f"{requirement.lower()}_" if requirement else ""


def _field_test(view: ServiceView, entity: EntityView, field: FieldView) -> FieldTest:
    accepted = [
        case.code
        for case in field_cases.accepted(entity, field)
        if Stage.empty(view).make(entity, {field.key: case.value})
    ]
    return FieldTest(
        _token(entity.requirement_of(field)), field, tuple(accepted), field_cases.refused(field)
    )
