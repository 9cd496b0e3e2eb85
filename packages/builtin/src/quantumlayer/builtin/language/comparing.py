"""The meaning of rules that compare: two fields, a field and a number, a moment and today."""

from itertools import product

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import Comparison, FieldType, RelativeDate
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.nouns import fields_said
from quantumlayer.builtin.language.said import Spec
from quantumlayer.builtin.language.spoken import (
    Bound,
    Fields,
    Outcomes,
    entity_of,
    named,
    only,
)
from quantumlayer.builtin.language.tokens import Lexeme

Amount = str | Fields
Side = tuple[Operator, Amount]
_BOUND: dict[Operator, tuple[str, bool]] = {
    Operator.GREATER: ("minimum", True),
    Operator.GREATER_OR_EQUAL: ("minimum", False),
    Operator.LESS: ("maximum", True),
    Operator.LESS_OR_EQUAL: ("maximum", False),
}
_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}
_MOMENTS = {FieldType.DATE, FieldType.DATETIME}
_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}
_MAY_BE_BOUND = {
    "length": _TEXTS,
    **dict.fromkeys(("range", "minimum", "maximum"), _NUMBERS | {FieldType.TEXT}),
}


class Comparing:
    """The meanings of comparisons."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def how_not(self, operator: Operator) -> Operator:
        """ "… must not be before …"."""
        return operator.contrary

    def side(self, how: Operator | Side, amount: Amount = "") -> Side:
        """ "after the start", "at least 1", "10 or more"."""
        return how if isinstance(how, tuple) else (how, amount)

    def compared(self, left: Fields, *sides: Side) -> Outcomes | None:
        """ "The end must be after the start", "… at least 1 and at most the stock"."""
        found = [self._compared(left, *each) for each in sides]
        return None if None in found else tuple(one for each in found for one in each or ())

    def _compared(self, left: Fields, operator: Operator, right: Amount) -> Outcomes | None:
        if isinstance(right, str):
            numbers = Fields(tuple(each for each in left.found if each.kind in _NUMBERS))
            key, exclusive = _BOUND.get(operator, ("", False))
            return self.bounded(numbers, (key, (right, exclusive))) if key else None
        return only(
            (Comparison(**named(entity), left=one, operator=operator, right=other),)
            for each in product(left.found, right.found)
            for entity, one, other in _sides(*each)
        )

    def compared_not(self, left: Fields, operator: Operator, right: Fields) -> Outcomes | None:
        """ "A booking cannot end before it starts"."""
        return self.compared(left, (operator.contrary, right))

    def differing(self, one: Fields, other: Fields) -> Outcomes | None:
        """ "Origin and destination must differ"."""
        return self.compared(one, (Operator.NOT_EQUAL, other))

    def within(self, left: Fields, low: Amount, high: Amount) -> Outcomes | None:
        """ "… between 1 and 5", "… between the room's min players and max players"."""
        if isinstance(low, str) and isinstance(high, str):
            return self.bounded(left, ("range", (low, high)))
        sides = (Operator.GREATER_OR_EQUAL, low), (Operator.LESS_OR_EQUAL, high)
        return self.compared(left, *sides)

    def not_itself(self, said: Lexeme, *_verb: Lexeme) -> Outcomes | None:
        """ "A player cannot play against himself"."""
        entity = entity_of(said)
        sides = [
            (record, [each.key for each in record.fields.values() if each.target is entity])
            for record in self.draft.entities.values()
        ]
        return only(
            (Comparison(**named(record), left=keys[0], operator=Operator.NOT_EQUAL, right=keys[1]),)
            for record, keys in sides
            if len(keys) == 2
        )

    def more_of(self, *said: Lexeme) -> Fields:
        """ "A booking can't have more guests …": the fields of that name that it has."""
        return fields_said((said[0], said[-1]))

    def bounded(self, left: Fields, spec: Spec) -> Outcomes | None:
        """ "The price must be positive", "comments are max 500 characters"."""
        kinds = _MAY_BE_BOUND.get(spec[0], set(FieldType))
        found = [each for each in left.found if each.kind in kinds]
        return (Bound(found[0], spec),) if len(found) == 1 else None

    def moment_of(self, left: Fields, direction: str) -> Outcomes | None:
        """ "The date must be in the future", "no orders for a pickup date in the past"."""
        found = [each for each in left.found if each.kind in _MOMENTS]
        if len(found) > 1:
            interval = found[0].owner.interval()
            day = [each for each in found if each.words == ("date",)]
            found = day or [each for each in found if interval and each.key == interval[0]]
        if len(found) != 1:
            return None
        rule = RelativeDate.model_validate(
            {**named(found[0].owner), "field": found[0].key, "direction": direction}
        )
        return (rule,)


def _sides(one: FieldDraft, other: FieldDraft) -> list[tuple[EntityDraft, str, str]]:
    """Both sides as keys of one entity, the right one perhaps through a reference."""
    kinds = {one.kind, other.kind}
    ordered = len(kinds) == 1 or any(kinds <= each for each in (_NUMBERS, _MOMENTS, _TEXTS))
    if not ordered or one is other:
        return []
    if one.owner is other.owner:
        return [(one.owner, one.key, other.key)]
    reference = one.owner.reference_to(other.owner)
    return [(one.owner, one.key, f"{reference.key}.{other.key}")] if reference is not None else []
