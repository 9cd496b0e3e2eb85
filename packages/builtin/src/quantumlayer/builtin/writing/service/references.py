"""The fields that the keys of rules name, of the record itself or of one that it points to."""

from collections.abc import Iterable

from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
)


def truth(value: str | int | bool) -> bool:
    """A boolean that may have travelled as text."""
    return value.lower() == "true" if isinstance(value, str) else bool(value)


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
