"""What a client may ask of a list of records."""

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import (
    MOMENTS,
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
    query_name,
)

_UNSORTABLE = frozenset({FieldType.TAGS, FieldType.LONG_TEXT})


def filter_names(entity: EntityView) -> frozenset[str]:
    """The query parameters that narrow the list of an entity."""
    own = {f.key for f in entity.fields if query_name(f.key) and f.type is not FieldType.LONG_TEXT}
    ranges = {name for f in entity.fields for name, _ in range_names(f) if query_name(name)}
    return frozenset(own | ranges | ({"q"} if searched(entity) else set()))


def searched(entity: EntityView) -> tuple[FieldView, ...]:
    """The fields that `q` looks into."""
    return tuple(field for field in entity.fields if field.type in STRINGS)


def range_names(field: FieldView) -> tuple[tuple[str, str], ...]:
    """The parameters that bound a field, each with its comparison."""
    if field.type in NUMBERS:
        return ((f"min_{field.key}", ">="), (f"max_{field.key}", "<="))
    if field.type in MOMENTS:
        return ((f"{field.key}_from", ">="), (f"{field.key}_to", "<="))
    return ()


def sort_keys(entity: EntityView) -> tuple[str, ...]:
    """The keys by which a list can be sorted."""
    own = (field.key for field in entity.fields if field.type not in _UNSORTABLE)
    return ("id", *own, "created_at", "updated_at")
