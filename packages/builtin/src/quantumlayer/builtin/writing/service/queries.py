"""What a client may ask of a list of records."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import MOMENTS, NUMBERS, STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView
from quantumlayer.builtin.writing.service.values import Record, Value, compare

_UNSORTABLE = frozenset({FieldType.TAGS, FieldType.LONG_TEXT})
_OF_EVERY_LIST = frozenset({"limit", "offset", "q", "sort"})


@dataclass(frozen=True)
class Question:
    """A query parameter, the fields that it looks at, and how; without a sign, into texts."""

    name: str
    fields: tuple[FieldView, ...]
    sign: Operator | None = None

    def answers(self, record: Record, wanted: Value) -> bool:
        """Whether a record is among what the question finds."""
        if self.sign is None:
            texts = (str(record[field.key] or "").lower() for field in self.fields)
            return any(str(wanted).lower() in text for text in texts)
        value = record[self.fields[0].key]
        if isinstance(value, list):
            return wanted in value
        return value is not None and compare(value, self.sign, wanted)


def questions(entity: EntityView) -> dict[str, Question]:
    """The query parameters that narrow the list of an entity, each name once."""
    own = (
        Question(field.key, (field,), Operator.EQUAL)
        for field in entity.fields
        if field.type is not FieldType.LONG_TEXT
    )
    ranges = (each for field in entity.fields for each in _ranges(field))
    found: dict[str, Question] = {}
    for each in (*own, *ranges):
        if each.name not in _OF_EVERY_LIST:
            found.setdefault(each.name, each)
    searched = tuple(field for field in entity.fields if field.type in STRINGS)
    return found | ({"q": Question("q", searched)} if searched else {})


def _ranges(field: FieldView) -> Iterator[Question]:
    names: tuple[str, ...] = ()
    if field.type in NUMBERS:
        names = (f"min_{field.key}", f"max_{field.key}")
    if field.type in MOMENTS:
        names = (f"{field.key}_from", f"{field.key}_to")
    for name, sign in zip(names, (Operator.GREATER_OR_EQUAL, Operator.LESS_OR_EQUAL), strict=False):
        yield Question(name, (field,), sign)


def sort_keys(entity: EntityView) -> tuple[str, ...]:
    """The keys by which a list can be sorted."""
    own = (field.key for field in entity.fields if field.type not in _UNSORTABLE)
    return ("id", *own, "created_at", "updated_at")


def query_values(entity: EntityView, field: FieldView, value: Value) -> Iterator[tuple[str, Value]]:
    """The questions that a record with this value of a field answers."""
    wanted = value[:1] if isinstance(value, list) else [value]
    for name, question in questions(entity).items():
        if question.sign is None and field in question.fields:
            yield name, str(value).upper()
        elif question.fields == (field,):
            yield from ((name, each) for each in wanted)
