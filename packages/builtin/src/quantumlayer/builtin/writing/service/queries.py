"""What a client may ask of a list of records."""

from collections.abc import Iterator

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import (
    MOMENTS,
    NUMBERS,
    STRINGS,
    EntityView,
    FieldView,
    query_name,
)
from quantumlayer.builtin.writing.service.values import Record, Value, less

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


def query_values(entity: EntityView, field: FieldView, value: Value) -> Iterator[tuple[str, Value]]:
    """The questions that a record with this value of a field answers."""
    names = filter_names(entity)
    known: list[tuple[str, Value]] = (
        [(field.key, tag) for tag in value[:1]]
        if isinstance(value, list)
        else [(name, value) for name in (field.key, *(name for name, _ in range_names(field)))]
    )
    if field.type in STRINGS:
        known.append(("q", str(value).upper()))
    yield from ((name, wanted) for name, wanted in known if name in names)


def answers(entity: EntityView, record: Record, name: str, wanted: Value) -> bool:
    """Whether a record is among what a question finds."""
    if name == "q":
        texts = (str(record[field.key] or "").lower() for field in searched(entity))
        return any(str(wanted).lower() in text for text in texts)
    for field in entity.fields:
        value = record[field.key]
        if name == field.key:
            return wanted in value if isinstance(value, list) else value == wanted
        for bound, _ in (each for each in range_names(field) if each[0] == name):
            lower = bound == range_names(field)[0][0]
            return value is not None and not (less(value, wanted) if lower else less(wanted, value))
    raise ValueError(f"nothing is asked by {name!r}")
