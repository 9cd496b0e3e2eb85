"""What a rule speaks of: records in a state, holders, keys and fields, each found in the draft."""

from dataclasses import replace
from functools import partialmethod

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.spoken import (
    Fields,
    Key,
    Records,
    State,
    Tails,
    When,
    entity_of,
    every,
    fields_of,
    only,
    pick,
    tails_of,
)
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import is_plural

_OF_MOMENTS = frozenset(("date", "day", "time", "on", "at"))
_DATES = {("date",), ("day",), ("date", "time")}
_BEGINS = frozenset(("start", "starts", "begin", "begins"))


def key_of(entity: EntityDraft, key: Key) -> str | None:
    """The key of an entity's records that a phrase means; None where there is none, or several."""
    if key.kind == "entity" and key.entity is not None:
        reference = entity.reference_to(key.entity)
        return reference.key if reference is not None else None
    if key.kind == "field":
        return next((each.key for each in key.fields if each.owner is entity), None)
    return _part_of_date(entity, key.kind)


def _part_of_date(entity: EntityDraft, part: str) -> str | None:
    """Of the one moment that a period may mean: the date, that of the deed, or the only one."""
    moments, interval = entity.moments(), entity.interval()
    named = [each for each in moments if each.words in _DATES]
    named = [each for each in named if not each.said.get("optional")]
    if not named and _lasts_days(entity):
        return None
    begins = [each for each in moments if interval is None or each.key != interval[1]]
    alone = [each for each in begins if len(begins) == 1 and _is_made(each, interval)]
    found = named or [each for each in moments if _is_own(entity, each)] or alone
    if len(found) != 1:
        return None
    whole = part == "day" and found[0].kind is FieldType.DATE
    return found[0].key if whole else f"{found[0].key}.{'date' if part == 'day' else part}"


def _is_own(entity: EntityDraft, moment: FieldDraft) -> bool:
    """Whether a moment is by its name that of the record, or of its deed."""
    core = moment.words[:-1] if moment.words[-1] in _OF_MOMENTS else moment.words
    deed = VOCABULARY.verbs.get(" ".join(core), ())
    return core in {(), entity.words, entity.words[-1:]} or " ".join(entity.words) in deed


def _is_made(moment: FieldDraft, interval: tuple[str, str] | None) -> bool:
    """Whether a record is made, begins, or has something done to it always, at a moment."""
    begins = moment.words[0] in _BEGINS or (interval is not None and interval[0] == moment.key)
    done = moment.words[-1] in {"on", "at"} and not kinds.is_optional(moment.words)
    return begins or kinds.is_created(moment.words) or (done and not moment.said.get("optional"))


def _lasts_days(entity: EntityDraft) -> bool:
    interval = entity.interval()
    start = entity.by_key(interval[0]) if interval is not None else None
    return start is not None and start.kind is FieldType.DATE


def keys_of(entity: EntityDraft, *keys: Key | None) -> tuple[str, ...] | None:
    """The keys of several phrases, each once."""
    found = [key_of(entity, key) for key in keys if key is not None]
    if any(key is None for key in found):
        return None
    return tuple(dict.fromkeys(str(key) for key in found))


class Nouns:
    """The meanings of noun phrases."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def np(self, said: Lexeme) -> Records:
        """All records of an entity."""
        return Records(entity_of(said), single=not is_plural(said.atoms[-1]))

    def states(self, *said: Lexeme) -> tuple[Lexeme, ...]:
        """Adjectives."""
        return said

    def _in_states(self, *said: object, contrary: bool) -> Records | None:
        """ "open loans", "lots that are sold or withdrawn", "bookings that are not cancelled"."""
        names = every(said, Lexeme)
        head = next(each for each in names if "ENTITY" in each.referents)
        entity, fields = entity_of(head), [each for each in names if "ENTITY" not in each.kinds]
        if any(all(one.owner is not entity for one in fields_of(each)) for each in fields):
            return None
        found = self.in_states(entity, pick(said, tuple) or (), contrary=contrary)
        return None if found is None else replace(found, single=not is_plural(head.atoms[-1]))

    np_states = partialmethod(_in_states, contrary=False)
    np_not_states = partialmethod(_in_states, contrary=True)

    def in_states(
        self, entity: EntityDraft, words: tuple[Lexeme, ...], *, contrary: bool = False
    ) -> Records | None:
        """The records of an entity of which the adjectives are true, or not."""
        known = [
            [each for each in word.referents["STATE"] if each.entity is entity] for word in words
        ]
        if any(len(each) != 1 for each in known):
            return None
        found: list[State] = [each for (each,) in known]
        where = joined([each.contrary if contrary else each.where for each in found])
        adds = tuple(add for each in found for add in each.adds)
        return None if where is None else Records(entity, (where,), adds)

    def np_sized(self, said: Lexeme, name: Lexeme, size: tuple[Operator, str]) -> Records | None:
        """ "a scooter with a battery below 20"."""
        entity, (operator, bound) = entity_of(said), size
        found = [each for each in fields_of(name) if each.owner is entity]
        if len(found) != 1 or found[0].kind not in {FieldType.INTEGER, FieldType.DECIMAL}:
            return None
        whole = found[0].kind is FieldType.INTEGER and "." not in bound
        values = (int(bound) if whole else bound,)
        return Records(entity, (Condition(field=found[0].key, operator=operator, values=values),))

    def size(self, *said: object) -> object:
        """ "above 20"."""
        return said[0] if len(said) == 1 else said

    def exactly(self, bound: str) -> tuple[Operator, str]:
        """ "of 20"."""
        return Operator.EQUAL, bound

    def or_more(self, bound: str) -> tuple[Operator, str]:
        """ "20 or more"."""
        return Operator.GREATER_OR_EQUAL, bound

    def or_less(self, bound: str) -> tuple[Operator, str]:
        """ "20 or less"."""
        return Operator.LESS_OR_EQUAL, bound

    def _clause(self, *said: object, contrary: bool) -> When:
        """ "once the ticket is solved", "if paid", "unless it is cancelled"."""
        named = pick(said, Lexeme)
        owners = () if named is None else named.referents.get("ENTITY", ())
        fields = () if named is None or owners else fields_of(named)
        return When(pick(said, tuple) or (), contrary, owners, fields)

    when = partialmethod(_clause, contrary=False)
    unless = partialmethod(_clause, contrary=True)

    def spoken(self, said: tuple[object, ...]) -> Records | None:
        """The records of a sentence: told by adjectives, or by a clause of their state."""
        records, when = pick(said, Records), pick(said, When)
        if when is None:
            return records
        if records is not None and (
            records.where or records.entity not in (*when.owners, *self._all(when))
        ):
            return None
        entities = when.owners if records is None else (records.entity,)
        return only(
            found
            for each in entities
            if (found := self.in_states(each, when.states, contrary=when.contrary)) is not None
            if not when.fields or each.by_key(found.where[0].field) in when.fields
        )

    def _all(self, when: When) -> tuple[EntityDraft, ...]:
        """Whose state a clause tells that names nobody: "once it is paid"."""
        return () if when.owners else tuple(self.draft.entities.values())

    def holder(self, said: Lexeme | Key) -> Key | None:
        """A thing, a field that stands for one, or a period."""
        if isinstance(said, Key):
            return said
        if "ENTITY" in said.referents:
            return Key("entity", entity_of(said), many=is_plural(said.atoms[-1]))
        return Key("field", None, fields_of(said))

    def field_of(self, entity: Lexeme, said: Lexeme) -> Key | None:
        """ "the booking date"."""
        found = tuple(each for each in fields_of(said) if each.owner is entity_of(entity))
        return Key("field", None, found) if found else None

    def keys(self, *said: Key) -> tuple[Key, ...]:
        """Several keys."""
        return said

    def keys_tail(self, said: Key | tuple[Key, ...]) -> Tails:
        """ "per desk and day", "a day"."""
        return Tails((said,) if isinstance(said, Key) else said)

    def tails(self, *said: Tails) -> Tails:
        """All tails in one."""
        return tails_of(said)

    def fieldref(self, *said: Lexeme) -> Fields | None:
        """ "the amount", "the amount of a payment", "a payment's amount".

        "A member" and "members" are records, where there are any, not the fields that point there.
        """
        whole = said[0].led or is_plural(said[0].atoms[-1])
        if len(said) == 1 and whole and "ENTITY" in said[0].referents:
            return None
        found = fields_said(said)
        return found if found.found else None

    def left(self, said: Fields | Lexeme, *_verb: Lexeme) -> Fields:
        """The left side of a comparison; a record stands for its age, worth or moment."""
        if isinstance(said, Fields):
            return said
        entity = entity_of(said)
        own = {("age",), entity.words, entity.words[-1:]}
        sizes = measures(entity)
        worth = sizes if [each.words for each in sizes] in ([("value",)], [("amount",)]) else []
        numbers = [each for each in sizes if each.words in own] or worth
        moments = [each for each in entity.moments() if not each.said.get("optional")]
        texts = [each for each in entity.fields.values() if each.kind is FieldType.LONG_TEXT]
        return Fields((*numbers, *moments, *texts))


def fields_said(said: tuple[Lexeme, ...]) -> Fields:
    """The fields that one name means, or a field's and an entity's name in either order."""
    if len(said) == 1:
        return Fields(fields_of(said[0]))
    found: list[FieldDraft] = []
    for name, owner_name in ((said[0], said[1]), (said[1], said[0])):
        owners = [*owner_name.referents.get("ENTITY", ())[:1]]
        owners += [each.target for each in fields_of(owner_name) if each.target is not None]
        found += [each for each in fields_of(name) if each.owner in owners]
    return Fields(tuple(dict.fromkeys(found)))


def measures(entity: EntityDraft) -> list[FieldDraft]:
    """The numbers of an entity."""
    return [
        each
        for each in entity.fields.values()
        if each.kind in {FieldType.INTEGER, FieldType.DECIMAL}
    ]


def joined(conditions: list[Condition]) -> Condition | None:
    """ "sold or withdrawn": one condition of one field."""
    first = conditions[0]
    if len(conditions) == 1:
        return first
    several = {Operator.EQUAL: Operator.IN, Operator.NOT_EQUAL: Operator.NOT_IN}
    same = all((each.field, each.operator) == (first.field, first.operator) for each in conditions)
    if not same or first.operator not in several:
        return None
    values = tuple(value for each in conditions for value in each.values)
    return Condition(field=first.field, operator=several[first.operator], values=values)
