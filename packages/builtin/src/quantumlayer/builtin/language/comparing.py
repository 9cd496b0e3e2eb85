"""The meaning of rules that compare: two fields, a field and a number, a moment and today."""

from itertools import product

from quantumlayer.builtin.domain import Comparison, FieldType, Operator, RelativeDate
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.spoken import (
    Bound,
    FieldRef,
    Fields,
    Outcomes,
    entity_of,
    fields_of,
    named,
    only,
    pick,
)
from quantumlayer.builtin.language.tokens import Lexeme, number_of

Size = tuple[Operator, str]
_CONTRARY = {
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
}
_BOUND: dict[Operator, tuple[str, bool]] = {
    Operator.GREATER: ("minimum", True),
    Operator.GREATER_OR_EQUAL: ("minimum", False),
    Operator.LESS: ("maximum", True),
    Operator.LESS_OR_EQUAL: ("maximum", False),
}
_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}
_MOMENTS = {FieldType.DATE, FieldType.DATETIME}
_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}


class Comparing:
    """The meanings of comparisons."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def how_not(self, operator: Operator) -> Operator:
        """ "… must not be before …"."""
        return _CONTRARY[operator]

    def compared(
        self, left: Fields, how: Operator | Size, right: str | Fields | None = None
    ) -> Outcomes | None:
        """ "The end must be after the start", "the price must be 10 or more"."""
        operator, right = how if isinstance(how, tuple) else (how, right)
        if not isinstance(right, Fields):
            return None if right is None else self._number(left, operator, right)
        return only(
            (Comparison(**named(entity), left=one, operator=operator, right=other),)
            for one_ref, other_ref in product(left.found, right.found)
            for entity, one, other in _sides(one_ref, other_ref)
        )

    def _number(self, left: Fields, operator: Operator, bound: str) -> Outcomes | None:
        refs = [ref for ref in left.found if ref.field.kind in _NUMBERS]
        if len(refs) != 1 or operator not in _BOUND:
            return None
        key, exclusive = _BOUND[operator]
        return (Bound(refs[0].entity, refs[0].field, (key, (bound, exclusive))),)

    def compared_twice(
        self,
        left: Fields,
        first_operator: Operator,
        first_right: str | Fields,
        operator: Operator,
        right: str | Fields,
    ) -> Outcomes | None:
        """ "The quantity must be at least 1 and at most the stock"."""
        first = self.compared(left, first_operator, first_right)
        last = self.compared(left, operator, right)
        return None if first is None or last is None else (*first, *last)

    def no_longer_than(self, left: Fields, most: Lexeme) -> Outcomes | None:
        """ "Comments can't be longer than 500 characters"."""
        return self.bounded(left, ("length", (None, int(number_of(most)))))

    def deeds_compared(
        self, said: Lexeme, first: Lexeme, operator: Operator, second: Lexeme
    ) -> Outcomes | None:
        """ "A booking must end after it starts"."""
        return self.compared(_own(said, first), operator, _own(said, second))

    def deeds_compared_not(
        self, said: Lexeme, first: Lexeme, operator: Operator, second: Lexeme
    ) -> Outcomes | None:
        """ "A booking cannot end before it starts"."""
        return self.deeds_compared(said, first, _CONTRARY[operator], second)

    def holding_no_more(self, said: Lexeme, *more: object) -> Outcomes | None:
        """ "A booking can't have more guests than the capacity of the room"."""
        names = [each for each in more if isinstance(each, Lexeme) and "FIELD" in each.referents]
        right = pick(more, str) or pick(more, Fields)
        return self.compared(_own(said, names[-1]), Operator.LESS_OR_EQUAL, right)

    def differing(self, one: Fields, other: Fields) -> Outcomes | None:
        """ "Origin and destination must differ"."""
        return self.compared(one, Operator.NOT_EQUAL, other)

    def between_fields(
        self, left: Fields, low: str | Fields, high: str | Fields
    ) -> Outcomes | None:
        """ "… between the room's min players and max players"."""
        if isinstance(low, str) or isinstance(high, str):
            return None
        first = self.compared(left, Operator.GREATER_OR_EQUAL, low)
        last = self.compared(left, Operator.LESS_OR_EQUAL, high)
        return None if first is None or last is None else (*first, *last)

    def not_itself(self, said: Lexeme, *_verb: Lexeme) -> Outcomes | None:
        """ "A player cannot play against himself"."""
        entity = entity_of(said)
        found = []
        for record in self.draft.entities.values():
            keys = [each.key for each in record.fields.values() if each.target is entity]
            if len(keys) == 2:
                found.append(
                    Comparison(
                        **named(record), left=keys[0], operator=Operator.NOT_EQUAL, right=keys[1]
                    )
                )
        return (found[0],) if len(found) == 1 else None

    def bounded(self, left: Fields, spec: Spec) -> Outcomes | None:
        """ "The year must be between 1950 and 2030", "comments are max 500 characters"."""
        wanted = (
            _TEXTS
            if spec[0] == "length"
            else _NUMBERS
            if spec[0] in {"range", "minimum", "maximum"}
            else set(FieldType)
        )
        refs = [
            ref
            for ref in left.found
            if ref.field.kind in wanted or (ref.field.kind is FieldType.TEXT and wanted is _NUMBERS)
        ]
        return (Bound(refs[0].entity, refs[0].field, spec),) if len(refs) == 1 else None

    def not_negative_rule(self, left: Fields) -> Outcomes | None:
        """ "The price cannot be negative"."""
        return self.bounded(left, ("minimum", ("0", False)))

    def moment_of(self, left: Fields, direction: str) -> Outcomes | None:
        """ "The date must be in the future"."""
        return _relative(left.found, direction)

    def not_future(self, *said: Fields | Lexeme) -> Outcomes | None:
        """ "A reading can't be in the future", "no orders with an order date in the future"."""
        return _relative(_moments_of(said), "past_or_today")

    def not_past(self, *said: Fields | Lexeme) -> Outcomes | None:
        """ "No visits in the past", "no orders for a pickup date in the past"."""
        return _relative(_moments_of(said), "future_or_today")


def _own(said: Lexeme, name: Lexeme) -> Fields:
    """The fields of a name that an entity has."""
    return Fields(
        tuple(FieldRef(owner, each) for owner, each in fields_of(name) if owner is entity_of(said))
    )


def _moments_of(said: tuple[Fields | Lexeme, ...]) -> tuple[FieldRef, ...]:
    if isinstance(said[0], Fields):
        return said[0].found
    if len(said) > 1 and isinstance(said[1], Lexeme) and "FIELD" in said[1].referents:
        return _own(said[0], said[1]).found
    entity = entity_of(said[0])
    return tuple(FieldRef(entity, each) for each in entity.moments())


def _relative(refs: tuple[FieldRef, ...], direction: str) -> Outcomes | None:
    found = [ref for ref in refs if ref.field.kind in _MOMENTS]
    if len(found) > 1:
        interval = found[0].entity.interval()
        day = [ref for ref in found if ref.field.words == ("date",)]
        found = day or [
            ref for ref in found if interval is not None and ref.field.key == interval[0]
        ]
    if len(found) != 1:
        return None
    rule = RelativeDate.model_validate(
        {**named(found[0].entity), "field": found[0].field.key, "direction": direction}
    )
    return (rule,)


def _sides(one: FieldRef, other: FieldRef) -> list[tuple[EntityDraft, str, str]]:
    """Both sides as keys of one entity, the right one perhaps through a reference."""
    kinds = {one.field.kind, other.field.kind}
    ordered = len(kinds) == 1 or kinds <= _NUMBERS or kinds <= _MOMENTS or kinds <= _TEXTS
    if not ordered or one.field is other.field:
        return []
    if one.entity is other.entity:
        return [(one.entity, one.field.key, other.field.key)]
    reference = one.entity.reference_to(other.entity)
    if reference is None:
        return []
    return [(one.entity, one.field.key, f"{reference.key}.{other.field.key}")]
