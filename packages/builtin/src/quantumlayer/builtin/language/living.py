"""The meaning of rules about a record's life: steps of a state, what is frozen, what is needed."""

from itertools import pairwise, permutations
from typing import Any

from quantumlayer.builtin.domain import (
    Condition,
    ConditionalRequirement,
    DeleteRestricted,
    FieldType,
    Immutable,
    Operator,
    Transitions,
)
from quantumlayer.builtin.language.counting import named, records_of, verbs_of
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.nouns import (
    Bound,
    Fields,
    Nouns,
    Outcomes,
    Records,
    State,
    entity_of,
    fields_of,
)
from quantumlayer.builtin.language.tokens import Lexeme

Stops = tuple[tuple[Lexeme, ...], ...]
_CONTRARY = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.IN: Operator.NOT_IN,
    Operator.NOT_IN: Operator.IN,
    Operator.IS_SET: Operator.IS_EMPTY,
    Operator.IS_EMPTY: Operator.IS_SET,
    Operator.LESS: Operator.GREATER_OR_EQUAL,
    Operator.GREATER: Operator.LESS_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.GREATER,
    Operator.GREATER_OR_EQUAL: Operator.LESS,
}


def choice_of(entity: EntityDraft, word: Lexeme) -> tuple[FieldDraft, str] | None:
    """The choice field and the value that a state's word names."""
    for state in word.referents.get("STATE", ()):
        if (
            isinstance(state, State)
            and state.entity is entity
            and state.where.operator is Operator.EQUAL
        ):
            field = entity.by_key(state.where.field)
            if field is not None and field.kind is FieldType.CHOICE:
                return field, str(state.where.values[0])
    return None


class Living:
    """The meanings of rules about lives, frozen records and conditions."""

    def __init__(self, draft: Draft, nouns: Nouns) -> None:
        self.draft = draft
        self.nouns = nouns

    # -- steps ---------------------------------------------------------------------------------
    def no_way_back(self, records: Records, origin: Lexeme, to: Lexeme) -> Outcomes | None:
        """ "A task cannot go back from done to todo"."""
        one, other = choice_of(records.entity, origin), choice_of(records.entity, to)
        if one is None or other is None or one[0] is not other[0]:
            return None
        return (("no way", records.entity, one[0], one[1], other[1]),)

    def no_reopening(self, records: Records) -> Outcomes | None:
        """ "A closed ticket cannot be reopened"."""
        field = records.entity.by_key(records.where[0].field) if len(records.where) == 1 else None
        if field is None or field.kind is not FieldType.CHOICE or len(records.where[0].values) != 1:
            return None
        origin = str(records.where[0].values[0])
        return (("no way", records.entity, field, origin, ""),)

    # -- frozen records ------------------------------------------------------------------------
    def unchangeable(self, records: Records) -> Outcomes:
        """ "Closed tickets can't be changed"."""
        return self._frozen(records)

    def untouchable(self, records: Records) -> Outcomes:
        """ "A paid invoice cannot be changed or deleted"."""
        return self._frozen(records, deletable=False)

    def undeletable(self, records: Records) -> Outcomes:
        """ "Paid invoices can't be deleted"."""
        rule = Immutable(
            **named(records.entity), where=records.where, deletable=False, changeable=True
        )
        return (*records.adds, rule)

    def _frozen(self, records: Records, *, deletable: bool = True) -> Outcomes:
        fields = () if records.where else tuple(each.key for each in records.entity.fields.values())
        rule = Immutable(
            **named(records.entity), fields=fields, where=records.where, deletable=deletable
        )
        return (*records.adds, rule)

    def _once(self, said: tuple[object, ...]) -> Records | None:
        entity = next(
            entity_of(each)
            for each in said
            if isinstance(each, Lexeme) and "ENTITY" in each.referents
        )
        words = next(each for each in said if isinstance(each, tuple))
        return self.nouns.in_states(entity, words)

    def once_unchangeable(self, *said: object) -> Outcomes | None:
        """ "Once shipped, a pallet cannot be changed"."""
        records = self._once(said)
        return None if records is None else self.unchangeable(records)

    def once_untouchable(self, *said: object) -> Outcomes | None:
        """ "Once paid, an invoice cannot be changed or deleted"."""
        records = self._once(said)
        return None if records is None else self.untouchable(records)

    def once_undeletable(self, *said: object) -> Outcomes | None:
        """ "An invoice cannot be deleted once it is paid"."""
        records = self._once(said)
        return None if records is None else self.undeletable(records)

    def field_fixed(self, said: Fields) -> Outcomes | None:
        """ "The code cannot be changed"."""
        if len(said.found) != 1:
            return None
        return (Immutable(**named(said.found[0].entity), fields=(said.found[0].field.key,)),)

    def field_fixed_once(self, said: Fields, *more: object) -> Outcomes | None:
        """ "The price cannot be changed once it is published"."""
        words = next(each for each in more if isinstance(each, tuple))
        found = []
        for ref in said.found:
            records = self.nouns.in_states(ref.entity, words)
            if records is not None:
                found.append(
                    (
                        *records.adds,
                        Immutable(
                            **named(ref.entity), fields=(ref.field.key,), where=records.where
                        ),
                    )
                )
        return found[0] if len(found) == 1 else None

    # -- conditions ----------------------------------------------------------------------------
    def needs_field(self, records: Records, said: Lexeme) -> Outcomes | None:
        """ "A ticket that is solved must have an agent"."""
        fields = [each for owner, each in fields_of(said) if owner is records.entity]
        if len(fields) != 1 or not records.where:
            return None
        return self._needed(records, fields[0])

    def _needed(self, records: Records, field: FieldDraft) -> Outcomes:
        then = (Condition(field=field.key, operator=Operator.IS_SET),)
        rule = ConditionalRequirement(**named(records.entity), where=records.where, then=then)
        return (*records.adds, Bound(records.entity, field, ("optional", True)), rule)

    def field_needed(self, left: Fields, *more: object) -> Outcomes | None:
        """ "The agent is required when the ticket is solved"."""
        words = next(each for each in more if isinstance(each, tuple))
        found = [
            self._needed(records, ref.field)
            for ref in left.found
            if (records := self.nouns.in_states(ref.entity, words)) is not None
        ]
        return found[0] if len(found) == 1 else None

    def only_these(self, records: Records, *verbs: Lexeme) -> Outcomes | None:
        """ "Only available books can be lent"."""
        return self._of_deeds(records, verbs, contrary=False)

    def only_become(self, records: Records, state: Lexeme) -> Outcomes | None:
        """ "Only available bikes can be rented", where both are values of one field."""
        to = choice_of(records.entity, state)
        if to is None or len(records.where) != 1 or records.where[0].field != to[0].key:
            return None
        allowed = set(records.where[0].values)
        pairs = tuple(
            pair
            for pair in permutations(to[0].choices, 2)
            if pair[1] != to[1] or pair[0] in allowed
        )
        return (Transitions(**named(records.entity), field=to[0].key, allowed=pairs),)

    def not_these(self, records: Records, *verbs: Lexeme) -> Outcomes | None:
        """ "A scooter with a battery below 20 can't be rented"."""
        return self._of_deeds(records, verbs, contrary=True)

    def _of_deeds(
        self, records: Records, verbs: tuple[Lexeme, ...], *, contrary: bool
    ) -> Outcomes | None:
        found = {
            outcome
            for record in records_of(verbs, self.draft, records.entity)
            if (outcome := _only(record, records, contrary=contrary)) is not None
        }
        return found.pop() if len(found) == 1 else None

    def no_record_for(self, said: Lexeme, records: Records) -> Outcomes | None:
        """ "No bids on lots that are sold or withdrawn"."""
        return _only(entity_of(said), records, contrary=True)

    def record_only_for(self, said: Lexeme, records: Records) -> Outcomes | None:
        """ "Comments can only be made on published posts"."""
        return _only(entity_of(said), records, contrary=False)

    def only_these_have(self, records: Records, said: Lexeme) -> Outcomes | None:
        """ "Only active members can have loans"."""
        return _only(entity_of(said), records, contrary=False)

    def these_have_none(self, records: Records, said: Lexeme) -> Outcomes | None:
        """ "A closed project cannot get tasks"."""
        return _only(entity_of(said), records, contrary=True)

    # -- deletion ------------------------------------------------------------------------------
    def kept(self, said: Lexeme, records: Records) -> Outcomes | None:
        """ "A member with open loans cannot be deleted"."""
        entity = entity_of(said)
        reference = records.entity.reference_to(entity)
        if reference is None:
            return None
        rule = DeleteRestricted(
            **named(entity), by=records.entity.name, by_field=reference.key, where=records.where
        )
        return (*records.adds, rule)

    def kept_by_deed(self, said: Lexeme, verb: Lexeme, other: Lexeme) -> Outcomes | None:
        """ "A course with enrolled students cannot be deleted"."""
        entity = entity_of(said)
        found = [
            record
            for record in dict.fromkeys(verbs_of((verb,)))
            if record.reference_to(entity) is not None
            and record.reference_to(entity_of(other)) is not None
        ]
        return self.kept(said, Records(found[0])) if len(found) == 1 else None


def _only(record: EntityDraft, records: Records, *, contrary: bool) -> Outcomes | None:
    reference = record.reference_to(records.entity)
    if reference is None or len(records.where) != 1 or records.adds:
        return None
    condition = records.where[0]
    operator = _CONTRARY[condition.operator] if contrary else condition.operator
    then = Condition(
        field=f"{reference.key}.{condition.field}", operator=operator, values=condition.values
    )
    return (ConditionalRequirement(**named(record), then=(then,), on="creation"),)


def steps_of(stops: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """The allowed pairs of a way, and where it begins."""
    pairs = [(one, other) for before, after in pairwise(stops) for one in before for other in after]
    return {
        "initial": stops[0][0] if len(stops[0]) == 1 else None,
        "allowed": tuple(dict.fromkeys(pairs)),
    }


def without_ways(choices: tuple[str, ...], origin: str, to: str) -> tuple[tuple[str, str], ...]:
    """All steps between choices but those from one, or from one to another."""
    return tuple(
        pair for pair in permutations(choices, 2) if pair[0] != origin or (to and pair[1] != to)
    )
