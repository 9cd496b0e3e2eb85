"""The fields that the keys of rules name, of the record itself or of one that it points to."""

from collections.abc import Iterable

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import FieldView, is_date_part
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView


def resolve(
    view: ServiceView, entity: EntityView, key: str
) -> tuple[FieldView, FieldView | None, EntityView]:
    """The field that a key names, the reference that it looks through, and whose field it is."""
    if "." not in key or is_date_part(key):
        return entity.field(key.partition(".")[0]), None, entity
    through, _, name = key.partition(".")
    reference = entity.field(through)
    target = view.target(reference)
    return target.field(name), reference, target


def looked_through(
    view: ServiceView, entity: EntityView, keys: Iterable[str]
) -> tuple[FieldView, ...]:
    """The references that keys look through, each once."""
    found = {
        reference.key: reference
        for key in keys
        if (reference := resolve(view, entity, key)[1]) is not None
    }
    return tuple(found.values())


def limit_of(
    view: ServiceView, entity: EntityView, rule: domain.CountLimit | domain.SumLimit
) -> tuple[FieldView, FieldView]:
    """The reference of a group whose record holds the limit of a rule, and the field of that."""
    name = (rule.maximum_field or "").rpartition(".")[2]
    for reference in (entity.field(key.partition(".")[0]) for key in rule.per):
        if reference.type is FieldType.REFERENCE:
            for field in view.target(reference).fields:
                if name in (field.key, field.field.name):
                    return reference, field
    raise ValueError(f"{rule.requirement}: no `per` reference has {rule.maximum_field!r}")


def tests_of(rule: domain.Rule) -> tuple[Condition, ...]:
    """The conditions that a rule holds."""
    if isinstance(rule, domain.ConditionalRequirement):
        return (*rule.where, *rule.then)
    return getattr(rule, "where", ())


def keys_of(rule: domain.Rule) -> tuple[str, ...]:
    """The keys at whose values a rule looks; not those by which it only tells groups apart."""
    single = (getattr(rule, name, None) for name in ("left", "right", "field", "start", "end"))
    several: tuple[str, ...] = getattr(rule, "fields", ())
    return (*filter(None, single), *several, *(test.field for test in tests_of(rule)))
