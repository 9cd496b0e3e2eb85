"""The meaning of rules that count: at most so many, only once, up to a field."""

from collections.abc import Iterable
from dataclasses import replace

from quantumlayer.builtin.domain import CountLimit, UniqueTogether
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.lexicon import open_state
from quantumlayer.builtin.language.nouns import key_of, keys_of
from quantumlayer.builtin.language.pairing import no_overlap
from quantumlayer.builtin.language.spoken import (
    Fields,
    Key,
    Outcomes,
    Records,
    Tails,
    fields_of,
    named,
    only,
    pick,
    tails_of,
)
from quantumlayer.builtin.language.tokens import Lexeme, number_of


def verbs_of(said: tuple[object, ...]) -> tuple[EntityDraft, ...]:
    """The records that the verbs of a sentence make."""
    return tuple(
        record
        for each in said
        if isinstance(each, Lexeme)
        for record in each.referents.get("VERB", ())
        if isinstance(record, EntityDraft)
    )


def tells_deed(said: tuple[object, ...]) -> bool:
    """Whether a verb says more of what joins two records than that they are joined."""
    return any(isinstance(each, Lexeme) and each.kinds & {"VERB", "DEED"} for each in said)


def records_of(said: tuple[object, ...], draft: Draft, *holders: Key) -> tuple[EntityDraft, ...]:
    """The records of the verbs, or else the only records that have all that is spoken of."""
    named_by_verb = tuple(dict.fromkeys(verbs_of(said)))
    if named_by_verb or (tells_deed(said) and all(each.kind != "field" for each in holders)):
        return named_by_verb
    pointing = tuple(
        each for each in draft.entities.values() if keys_of(each, *holders) is not None
    )
    return pointing if len(pointing) == 1 and holders else ()


class Counting:
    """The meanings of rules about how many."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.whole = True

    def cap(self, said: Lexeme) -> int:
        """A highest number of records."""
        return int(number_of(said)) if number_of(said).isdigit() else -1

    def fewer(self, said: Lexeme) -> int:
        """ "Fewer than 4", "not 4 or more"."""
        return self.cap(said) - 1

    def passive(self, verb: Lexeme) -> Lexeme:
        """ "be booked by"."""
        return replace(verb, kinds=verb.kinds | {"PASSIVE"})

    def holder_count(self, *said: object) -> Outcomes | None:
        """ "A member can have at most 5 open loans"."""
        holder, records, tails = pick(said, Key), pick(said, Records), tails_of(said)
        counted = self.counted(holder, records, said)
        joined = counted is not None and records is not None and counted.entity != records.entity
        if (
            joined
            and not tails.at_once
            and any("PASSIVE" in getattr(each, "kinds", ()) for each in said)
        ):
            return None  # "by one member per day": the same member may come twice.
        return self._limited(counted, _number(said), holder, *tails.keys, at_once=tails.at_once)

    def one_of_holder(self, *said: object) -> Outcomes | None:
        """ "A student has one grade per course"; of more than one it is not said to be the most."""
        return self.holder_count(*said) if _number(said) == 1 else None

    def one_of_kind(self, *said: object) -> Outcomes | None:
        """ "One booking per room and day"; of more than one it is not said to be the most."""
        return self.plain_count(*said) if _number(said) == 1 else None

    def plain_count(self, *said: object) -> Outcomes | None:
        """ "At most 3 speeches per side"."""
        records, tails = pick(said, Records), tails_of(said)
        if not tails.keys and tails.at_once:
            return None
        if len(tails.keys) == 1 and tails.keys[0].kind == "entity":
            records = self.counted(tails.keys[0], records)
        return self._limited(records, _number(said), *tails.keys, at_once=tails.at_once)

    def double_count(self, *said: object) -> Outcomes | None:
        """ "One reservation per desk per day and one per member per day"."""
        numbers = [each for each in said if isinstance(each, int | Lexeme)]
        tails = [each for each in said if isinstance(each, Tails)]
        records = pick(said, Records)
        if all(isinstance(each, Lexeme) and _number((each,)) != 1 for each in numbers):
            return None
        one, other = (self.plain_count(records, *each) for each in zip(numbers, tails, strict=True))
        return None if one is None or other is None else (*one, *other)

    def counted(
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

    def _limited(
        self, records: Records | None, most: int, *keys: Key | None, at_once: str = ""
    ) -> Outcomes | None:
        found = None if records is None else keys_of(records.entity, *keys)
        if records is None or most < 1 or found is None:
            return None
        return (
            self._at_once(records, most, found, at_once)
            if at_once
            else _at_most(records, most, found)
        )

    def _at_once(
        self, records: Records, most: int, keys: tuple[str, ...], at_once: str
    ) -> Outcomes | None:
        entity = records.entity
        if entity.interval() is not None:
            return no_overlap(records, keys) if most == 1 else None
        current = open_state(entity)
        if current is not None and records.where in {(), (current.where,)}:
            return _at_most(Records(entity, (current.where,), current.adds), most, keys)
        moments = [each for each in entity.moments() if not each.said.get("optional")]
        if len(moments) == 1 and most == 1 and at_once == "same":
            return _at_most(records, 1, tuple(dict.fromkeys((*keys, moments[0].key))))
        return None

    def deed_once(self, *said: object) -> Outcomes | None:
        """ "A user can rate a movie only once", "a stand can be booked once per date"."""
        if _number(said) not in {-1, 1}:
            return None
        holders, tails = [each for each in said if isinstance(each, Key)], tails_of(said)
        return only(
            outcome
            for record in records_of(said, self.draft, *holders)
            if (
                outcome := self._limited(
                    Records(record), 1, *holders, *tails.keys, at_once=tails.at_once
                )
            )
        )

    def deed_at_once(self, *said: object) -> Outcomes | None:
        """ "A book can only be lent to one member at a time"."""
        if _number(said) not in {-1, 1}:
            return None
        one, other = (each for each in said if isinstance(each, Key))
        found = [
            outcome
            for record in records_of(said, self.draft, one)
            if (other.entity is record or keys_of(record, other) is not None)
            and (outcome := self._limited(Records(record), 1, one, at_once="same"))
        ]
        if not found and other.entity is not None:
            found = [
                outcome
                for outcome in [self._limited(Records(other.entity), 1, one, at_once="same")]
                if outcome is not None
            ]
        return only(found)

    def pair_of_holder(self, *said: object) -> Outcomes | None:
        """ "A doctor cannot have two appointments on the same date"."""
        return self.holder_count(*said, 1)

    def pair(self, records: Records, *said: object) -> Outcomes | None:
        """ "No two appointments for the same doctor on the same date"."""
        tails = tails_of(said)
        keys = (*tails.keys, *(pick(said, tuple) or ()))
        return self._limited(records, 1, *keys, at_once=tails.at_once) if keys else None

    def pair_at_once(self, records: Records, tails: Tails) -> Outcomes | None:
        """ "Two bookings of the same room cannot be at the same time"."""
        return self._limited(records, 1, *tails.keys, at_once="same")

    # -- up to a field -------------------------------------------------------------------------
    def up_to_field(self, *said: object) -> Outcomes | None:
        """ "A station can't hold more bikes than its capacity"."""
        holder, records, limit = pick(said, Key), pick(said, Records), pick(said, Fields)
        if holder is None or holder.entity is None:
            return None
        return _capped(self.counted(holder, records), holder.entity, limit)

    def up_to_own_field(self, *said: object) -> Outcomes | None:
        """ "No more guests at a table than seats"."""
        records, limit, keys = pick(said, Records), pick(said, Fields), tails_of(said).keys
        return only(
            outcome
            for owner in self.draft.entities.values()
            if all(key.entity is owner for key in keys)
            and (outcome := _capped(self.counted(Key("entity", owner), records), owner, limit))
        )

    def overbooked(self, holder: Key) -> Outcomes | None:
        """ "Classes can't be overbooked"."""
        fields = {} if holder.entity is None else holder.entity.fields
        limit = fields.get(("capacity",)) or fields.get(("seats",))
        return self._full([(holder.entity, limit)])

    def up_to_capacity(self, said: Lexeme) -> Outcomes | None:
        """ "… but never more than the capacity", of the things that were just joined."""
        return self._full(fields_of(said) if self.whole else ())

    def _full(
        self, limits: Iterable[tuple[EntityDraft | None, FieldDraft | None]]
    ) -> Outcomes | None:
        return only(
            outcome
            for owner, limit in limits
            if owner is not None and limit is not None
            for record in records_of((), self.draft, Key("entity", owner))
            if (outcome := _limit_of(Records(record), owner, limit))
        )


def _at_most(records: Records, most: int, keys: tuple[str, ...]) -> Outcomes:
    told = {**named(records.entity), "where": records.where}
    if most == 1 and keys:
        return (*records.adds, UniqueTogether.model_validate({**told, "fields": keys}))
    limit = CountLimit.model_validate({**told, "per": keys, "maximum": most})
    return (*records.adds, limit)


def _capped(records: Records | None, owner: EntityDraft, limit: Fields | None) -> Outcomes | None:
    own = [each.field for each in (limit.found if limit else ()) if each.entity is owner]
    return _limit_of(records, owner, own[0]) if records is not None and len(own) == 1 else None


def _limit_of(records: Records, owner: EntityDraft, limit: FieldDraft) -> Outcomes | None:
    reference = records.entity.reference_to(owner)
    if reference is None:
        return None
    rule = CountLimit(
        **named(records.entity),
        per=(reference.key,),
        maximum_field=limit.key,
        where=records.where,
    )
    return (*records.adds, rule)


def _number(said: tuple[object, ...]) -> int:
    """The number of a sentence: as it was understood, or as it stands there; -1 for none."""
    for each in said:
        if isinstance(each, int):
            return each
        if isinstance(each, Lexeme) and "NUMBER" in each.kinds and "VERB" not in each.kinds:
            return int(number_of(each)) if number_of(each).isdigit() else -1
    return -1
