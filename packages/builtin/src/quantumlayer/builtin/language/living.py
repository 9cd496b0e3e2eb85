"""The meaning of rules about a record's life: steps of a state, what is frozen, what is needed."""

from dataclasses import replace
from functools import partialmethod
from itertools import pairwise
from typing import Any

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import (
    ConditionalRequirement,
    DeleteRestricted,
    FieldType,
    Immutable,
)
from quantumlayer.builtin.language.constants import CHANGED, Deed
from quantumlayer.builtin.language.counting import records_of, verbs_of
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.nouns import Nouns
from quantumlayer.builtin.language.spoken import (
    Bound,
    Fields,
    Key,
    NoWay,
    Outcomes,
    Records,
    State,
    entity_of,
    fields_of,
    named,
    only,
    pick,
)
from quantumlayer.builtin.language.tokens import Lexeme

Stops = tuple[tuple[Lexeme, ...], ...]


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
    def no_way_back(self, said: Records | Lexeme, origin: Lexeme, to: Lexeme) -> Outcomes | None:
        """ "A task cannot go back from done to todo"."""
        owners = (
            [said.entity] if isinstance(said, Records) else [each.owner for each in fields_of(said)]
        )
        return only(
            (NoWay(one[0], one[1], other[1]),)
            for entity in owners
            if (one := choice_of(entity, origin)) and (other := choice_of(entity, to))
            if one[0] is other[0]
        )

    def no_reopening(self, records: Records) -> Outcomes | None:
        """ "A closed ticket cannot be reopened"."""
        field = records.entity.by_key(records.where[0].field) if len(records.where) == 1 else None
        if field is None or field.kind is not FieldType.CHOICE or len(records.where[0].values) != 1:
            return None
        origin = str(records.where[0].values[0])
        return (NoWay(field, origin),)

    def _become(self, *said: object, contrary: bool) -> Outcomes | None:
        """ "Only available bikes can be rented", "a paid invoice cannot be cancelled"."""
        records, state = self.nouns.spoken(said), pick(said, Lexeme)
        to = choice_of(records.entity, state) if records is not None and state is not None else None
        if records is None or to is None or len(records.where) != 1:
            return None
        where, (field, value) = records.where[0], to
        if where.field != field.key:
            return None
        named_ones = where.operator in {Operator.EQUAL, Operator.IN}
        origins = [each for each in field.choices if (each in where.values) is named_ones]
        never = origins if contrary else [each for each in field.choices if each not in origins]
        ways = [each for each in never if each != value]
        return tuple(NoWay(field, each, value) for each in ways) or None

    only_become = partialmethod(_become, contrary=False)
    not_become = partialmethod(_become, contrary=True)

    # -- frozen records ------------------------------------------------------------------------
    def frozen(self, *said: object) -> Outcomes | None:
        """ "Closed tickets can't be changed", "once paid, an invoice cannot be deleted"."""
        return _frozen(self.nouns.spoken(said), pick(said, Deed) or CHANGED)

    def frozen_others(self, *said: object) -> Outcomes | None:
        """ "Only open bookings can be changed"."""
        records = self.nouns.spoken(said)
        if records is None or len(records.where) != 1:
            return None
        where = (records.where[0].contrary,)
        return _frozen(replace(records, where=where), pick(said, Deed) or CHANGED)

    def field_fixed(self, *said: object) -> Outcomes | None:
        """ "The code cannot be changed", "the price cannot be changed once it is published"."""
        refs, name = pick(said, Fields), pick(said, Lexeme)
        fields = fields_of(name) if refs is None and name is not None else ()
        return only(
            (*records.adds, _fixed(records, field))
            for field in (refs.found if refs is not None else fields)
            if (records := self.nouns.spoken((*said, Records(field.owner)))) is not None
            if records.entity is field.owner
        )

    # -- conditions ----------------------------------------------------------------------------
    def needs_field(self, *said: object) -> Outcomes | None:
        """ "A ticket that is solved must have an agent", "once solved, a ticket needs an agent"."""
        names, states = [each for each in said if isinstance(each, Lexeme)], pick(said, tuple)
        if states is not None:  # "A ticket without an agent cannot be solved".
            records = self.nouns.in_states(entity_of(names[0]), states)
        else:
            records = self.nouns.spoken(said)
        if records is None or not records.where:
            return None
        found = [
            only(
                self._needed(records, each)
                for each in fields_of(name)
                if each.owner is records.entity
            )
            for name in (names if states is None else names[1:])
        ]
        return None if None in found else tuple(one for each in found for one in each or ())

    def _needed(self, records: Records, field: FieldDraft) -> Outcomes:
        then = (Condition(field=field.key, operator=Operator.IS_SET),)
        rule = ConditionalRequirement(**named(records.entity), where=records.where, then=then)
        return (*records.adds, Bound(field, ("optional", True)), rule)

    def field_needed(self, *said: object) -> Outcomes | None:
        """ "The agent is required when the ticket is solved"."""
        left = pick(said, Fields)
        return only(
            self._needed(records, each)
            for each in (left.found if left is not None else ())
            if (records := self.nouns.spoken((*said, Records(each.owner)))) is not None
            if records.entity is each.owner and records.where
        )

    def _of_deeds(self, *said: object, contrary: bool) -> Outcomes | None:
        """ "Only available books can be lent", "a scooter below 20 can't be rented"."""
        records = self.nouns.spoken(said)
        if records is None:
            return None
        return only(
            outcome
            for record in records_of(said, self.draft, Key("entity", records.entity))
            if (outcome := _made(record, records, contrary=contrary)) is not None
        )

    only_these = partialmethod(_of_deeds, contrary=False)
    not_these = partialmethod(_of_deeds, contrary=True)

    def _of_others(self, *said: object, contrary: bool) -> Outcomes | None:
        """ "No bids on lots that are sold", "comments can only be made on published posts"."""
        record, records = pick(said, Lexeme), pick(said, Records)
        if record is None or records is None:
            return None
        return _made(entity_of(record), records, contrary=contrary)

    only_made = partialmethod(_of_others, contrary=False)
    none_made = partialmethod(_of_others, contrary=True)

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


def _frozen(records: Records | None, deed: Deed) -> Outcomes | None:
    if records is None:
        return None
    everything = not records.where and not deed.changeable
    fields = tuple(each.key for each in records.entity.fields.values()) if everything else ()
    rule = Immutable(
        **named(records.entity),
        fields=fields,
        where=records.where,
        deletable=deed.deletable,
        changeable=deed.changeable,
    )
    return (*records.adds, rule)


def _fixed(records: Records, field: FieldDraft) -> Immutable:
    return Immutable(**named(records.entity), fields=(field.key,), where=records.where)


def _made(record: EntityDraft, records: Records, *, contrary: bool) -> Outcomes | None:
    """That records can be made only of others in a state, or of none in it."""
    reference = record.reference_to(records.entity)
    if reference is None or len(records.where) != 1 or records.adds:
        return None
    condition = records.where[0].contrary if contrary else records.where[0]
    then = condition.model_copy(update={"field": f"{reference.key}.{condition.field}"})
    return (ConditionalRequirement(**named(record), then=(then,), on="creation"),)


def steps_of(stops: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """The allowed pairs of a way, and where it begins."""
    pairs = [(one, other) for before, after in pairwise(stops) for one in before for other in after]
    return {
        "initial": stops[0][0] if len(stops[0]) == 1 else None,
        "allowed": tuple(dict.fromkeys(pairs)),
    }
