"""The meaning of rules that count: at most so many, never two alike, or at one time."""

from dataclasses import replace

from quantumlayer.builtin.domain import CountLimit, FieldType, NoOverlap, UniqueTogether
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.lexicon import open_state
from quantumlayer.builtin.language.nouns import Nouns, key_of, keys_of
from quantumlayer.builtin.language.spoken import (
    Bound,
    Fields,
    Key,
    Outcomes,
    Records,
    Tails,
    every,
    fields_of,
    named,
    only,
    pick,
    tails_of,
)
from quantumlayer.builtin.language.tokens import Lexeme, number_of


def verbs_of(said: tuple[object, ...]) -> tuple[EntityDraft, ...]:
    """The records that the verbs of a sentence make."""
    records = (each.referents.get("VERB", ()) for each in every(said, Lexeme))
    return tuple(dict.fromkeys(one for found in records for one in found if one is not None))


def tells_deed(said: tuple[object, ...]) -> bool:
    """Whether a verb says more of what joins two records than that they are joined."""
    return any(each.kinds & {"VERB", "DEED"} for each in every(said, Lexeme))


def records_of(said: tuple[object, ...], draft: Draft, *holders: Key) -> tuple[EntityDraft, ...]:
    """The records of the verbs, or else the only records that have all that is spoken of."""
    named_by_verb = verbs_of(said)
    if named_by_verb or (tells_deed(said) and all(each.kind != "field" for each in holders)):
        return named_by_verb
    pointing = tuple(
        each for each in draft.entities.values() if keys_of(each, *holders) is not None
    )
    return pointing if len(pointing) == 1 and holders else ()


class Counting:
    """The meanings of rules about how many."""

    def __init__(self, draft: Draft, nouns: Nouns) -> None:
        self.draft = draft
        self.nouns = nouns
        self.whole = True

    def cap(self, said: Lexeme) -> int | None:
        """A highest number of records."""
        return int(number_of(said)) if number_of(said).isdigit() else None

    def fewer(self, said: Lexeme) -> int | None:
        """ "Fewer than 4", "not 4 or more"."""
        most = self.cap(said)
        return None if most is None else most - 1

    def one(self, said: Lexeme) -> int | None:
        """ "One booking per room"; of more than one it is not said to be the most."""
        return 1 if self.cap(said) == 1 else None

    def passive(self, verb: Lexeme) -> Lexeme:
        """ "be booked by"."""
        return replace(verb, kinds=verb.kinds | {"PASSIVE"})

    def limit(self, *said: object) -> Outcomes | None:
        """ "A member can have at most 5 open loans", "no two tickets of an event per seat"."""
        holder, tails, records = pick(said, Key), tails_of(said), self.nouns.spoken(said)
        if holder is None and len(tails.keys) == 1 and tails.keys[0].kind == "entity":
            holder = tails.keys[0]
        counted = self._counted(holder, records, said)
        if counted is None:
            return None
        joined = records is not None and counted.entity is not records.entity
        passive = any("PASSIVE" in each.kinds for each in every(said, Lexeme))
        several = pick(said, int) is None and not tails.keys
        if joined and (passive or several) and not tails.at_once:
            return None  # "By one member per day": the same member may come twice.
        return self._limited(counted, said)

    def limits(
        self, most: int, records: Records, tails: Tails, more: int, others: Tails
    ) -> Outcomes | None:
        """ "One reservation per desk per day and one per member per day"."""
        one, other = self.limit(most, records, tails), self.limit(more, records, others)
        return None if one is None or other is None else (*one, *other)

    def deed_limit(self, *said: object) -> Outcomes | None:
        """ "A user can rate a movie only once", "a stand can be booked once per date"."""
        records = records_of(said, self.draft, *every(said, Key))
        return only(outcome for each in records if (outcome := self._limited(Records(each), said)))

    def _counted(
        self, holder: Key | None, records: Records | None, said: tuple[object, ...] = ()
    ) -> Records | None:
        """The records that are counted: those themselves, or those that join them to the holder."""
        if holder is None or records is None or key_of(records.entity, holder) is not None:
            return records
        candidates = [
            each
            for each in (verbs_of(said) if tells_deed(said) else self.draft.entities.values())
            if key_of(each, holder) is not None and each.reference_to(records.entity) is not None
        ]
        return Records(candidates[0]) if len(candidates) == 1 and not records.where else None

    def _limited(self, records: Records, said: tuple[object, ...]) -> Outcomes | None:
        """At most as many as is said, or one, for each of the keys that are said."""
        tails, most = tails_of(said), pick(said, int)
        most = 1 if most is None else most
        keys = (*every(said, Key), *tails.keys, *(pick(said, tuple) or ()))
        found = keys_of(records.entity, *keys)
        if found is None or most < 1 or (tails.at_once and not keys):
            return None
        if tails.at_once:
            return _at_once(records, most, found, tails)
        return _at_most(records, most, found)

    # -- up to a field -------------------------------------------------------------------------
    def up_to_field(self, *said: object) -> Outcomes | None:
        """ "A station can't hold more bikes than its capacity", "no more guests than seats"."""
        records, limit = pick(said, Records), pick(said, Fields)
        keys = (*every(said, Key), *tails_of(said).keys)
        return only(
            outcome
            for owner in self.draft.entities.values()
            if all(key.entity is owner for key in keys)
            and (outcome := _capped(self._counted(Key("entity", owner), records), owner, limit))
        )

    def overbooked(self, holder: Key) -> Outcomes | None:
        """ "Classes can't be overbooked"."""
        fields = {} if holder.entity is None else holder.entity.fields
        limit = fields.get(("capacity",)) or fields.get(("seats",))
        return self._full(() if limit is None else (limit,))

    def up_to_capacity(self, said: Lexeme) -> Outcomes | None:
        """ "… but never more than the capacity", of the things that were just joined."""
        return self._full(fields_of(said) if self.whole else ())

    def _full(self, limits: tuple[FieldDraft, ...]) -> Outcomes | None:
        return only(
            outcome
            for limit in limits
            for record in records_of((), self.draft, Key("entity", limit.owner))
            if (outcome := _limit_of(Records(record), limit))
        )

    # -- alike, or at one time -----------------------------------------------------------------
    def unique_per(self, said: Fields, tails: Tails) -> Outcomes | None:
        """ "The seat number is unique per event"."""
        return only(
            (UniqueTogether(**named(each.owner), fields=(each.key, *keys)),)
            for each in said.found
            if (keys := keys_of(each.owner, *tails.keys)) and each.key not in keys
        )

    def unique_field(self, said: Fields) -> Outcomes | None:
        """ "The name is unique"."""
        return only((Bound(each, ("unique", True)),) for each in said.found)

    def unique_keys(self, said: tuple[Key, ...]) -> Outcomes | None:
        """ "The combination of room and day must be unique"."""
        return only(
            (UniqueTogether(**named(entity), fields=found),)
            for entity in self.draft.entities.values()
            if len(said) > 1 and (found := keys_of(entity, *said)) is not None
        )

    def keys_in_one(self, said: tuple[Key, ...]) -> tuple[Key, ...]:
        """One meaning of a list that is unique: all of it in one."""
        return said

    def unique_each(self, said: tuple[Key, ...]) -> Outcomes | None:
        """The other meaning of "name and email are unique": each is, which no reference is."""
        if any(key.kind == "entity" for key in said):
            return None
        rules = [each for each in self.unique_keys(said) or () if isinstance(each, UniqueTogether)]
        alone = [
            rule.model_copy(update={"fields": (key,)}) for rule in rules for key in rule.fields
        ]
        return tuple(alone) or None

    def overlap(self, *said: object) -> Outcomes | None:
        """ "Bookings of a room must not overlap", "a room cannot have overlapping ones"."""
        records = self.nouns.spoken(said)
        if records is None:
            return None
        keys = keys_of(records.entity, *every(said, Key), *tails_of(said).keys)
        return _no_overlap(records, keys)

    def double_booking(self, said: Tails | Key) -> Outcomes | None:
        """ "No double booking of the same room", "a room cannot be double booked"."""
        keys = said.keys if isinstance(said, Tails) else (said,)
        return only(
            outcome
            for entity in self.draft.entities.values()
            if keys_of(entity, *keys) and (outcome := self.overlap(Records(entity), Tails(keys)))
        )


def _at_once(records: Records, most: int, keys: tuple[str, ...], tails: Tails) -> Outcomes | None:
    """At most so many that are current: told by their start and end, a state, or a moment."""
    entity = records.entity
    if entity.interval() is not None:
        return _no_overlap(records, keys) if most == 1 else None
    current = open_state(entity)
    if current is not None and records.where in {(), (current.where,)}:
        return _at_most(Records(entity, (current.where,), current.adds), most, keys)
    moments = entity.moments()
    if len(moments) == 1 and most == 1 and tails.at_once == "same":
        return _at_most(records, 1, tuple(dict.fromkeys((*keys, moments[0].key))))
    return None


def _at_most(records: Records, most: int, keys: tuple[str, ...]) -> Outcomes:
    told = {**named(records.entity), "where": records.where}
    if most == 1 and keys:
        return (*records.adds, UniqueTogether.model_validate({**told, "fields": keys}))
    limit = CountLimit.model_validate({**told, "per": keys, "maximum": most})
    return (*records.adds, limit)


def _capped(records: Records | None, owner: EntityDraft, limit: Fields | None) -> Outcomes | None:
    own = [each for each in (limit.found if limit else ()) if each.owner is owner]
    return _limit_of(records, own[0]) if records is not None and len(own) == 1 else None


def _limit_of(records: Records, limit: FieldDraft) -> Outcomes | None:
    reference = records.entity.reference_to(limit.owner)
    if reference is None:
        return None
    told = {**named(records.entity), "per": (reference.key,), "where": records.where}
    return (*records.adds, CountLimit.model_validate({**told, "maximum_field": limit.key}))


def _no_overlap(records: Records, keys: tuple[str, ...] | None) -> Outcomes | None:
    """That no two of the records are at one time."""
    interval = records.entity.interval()
    times: Outcomes = ()
    if interval is None:
        times = _from_and_to(records.entity)
        interval = ("from_value", "to") if times else None
    if keys is None or interval is None:
        return None
    start, end = interval
    per = (*keys, *(day for day in records.entity.days() if day not in keys))
    rule = NoOverlap(**named(records.entity), start=start, end=end, per=per, where=records.where)
    return (*records.adds, *times, rule)


def _from_and_to(entity: EntityDraft) -> Outcomes:
    """What "from" and "to" hold where records must not overlap: moments."""
    sides = [entity.fields.get(("from",)), entity.fields.get(("to",))]
    if any(side is None or side.target is not None for side in sides):
        return ()
    return tuple(Bound(side, ("type", FieldType.DATETIME)) for side in sides if side is not None)
