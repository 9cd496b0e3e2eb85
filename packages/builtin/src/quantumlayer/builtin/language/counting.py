"""The meaning of rules that count: at most so many, only once, unique together, no overlap."""

from dataclasses import replace

from quantumlayer.builtin.domain import (
    Condition,
    CountLimit,
    FieldType,
    NoOverlap,
    SumLimit,
    UniqueTogether,
)
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.lexicon import open_state
from quantumlayer.builtin.language.nouns import (
    Bound,
    Fields,
    Key,
    Outcomes,
    Records,
    Tails,
    fields_of,
    fields_said,
    key_of,
    keys_of,
)
from quantumlayer.builtin.language.tokens import Lexeme, number_of

NOWHERE = "R1"
"""The requirement of a rule that is not numbered yet."""


def named(entity: EntityDraft) -> dict[str, str]:
    """What every rule has: filled in when requirements are numbered."""
    return {"requirement": NOWHERE, "entity": entity.name, "statement": "-"}


def verbs_of(said: tuple[object, ...]) -> tuple[EntityDraft, ...]:
    """The records that the verbs of a sentence make."""
    return tuple(
        record
        for each in said
        if isinstance(each, Lexeme)
        for record in each.referents.get("VERB", ())
        if isinstance(record, EntityDraft)
    )


def records_of(
    said: tuple[object, ...], draft: Draft, *holders: EntityDraft | None
) -> tuple[EntityDraft, ...]:
    """The records of the verbs, or else the only records that point to all that are spoken of."""
    named_by_verb = tuple(dict.fromkeys(verbs_of(said)))
    if named_by_verb:
        return named_by_verb
    pointing = tuple(
        each
        for each in draft.entities.values()
        if all(holder is not None and each.reference_to(holder) is not None for holder in holders)
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

    def passive(self, verb: Lexeme) -> Lexeme:
        """ "be booked by"."""
        return replace(verb, kinds=verb.kinds | {"PASSIVE"})

    def holder_count(self, *said: object) -> Outcomes | None:
        """ "A member can have at most 5 open loans"."""
        holder = next(each for each in said if isinstance(each, Key))
        records = next(each for each in said if isinstance(each, Records))
        tails = _tails(said)
        most = _number(said)
        counted = self.counted(holder, records, verbs_of(said))
        joined = counted is not None and counted.entity is not records.entity
        if joined and tails.keys and any("PASSIVE" in getattr(each, "kinds", ()) for each in said):
            return None  # "by one member per day": the same member may come twice.
        return (
            None if counted is None else self._limited(counted, most, (holder, *tails.keys), tails)
        )

    def plain_count(self, *said: object) -> Outcomes | None:
        """ "At most 3 speeches per side"."""
        records = next(each for each in said if isinstance(each, Records))
        tails = _tails(said)
        if not tails.keys and tails.at_once:
            return None
        if tails.keys and tails.keys[0].kind == "entity" and len(tails.keys) == 1:
            counted = self.counted(tails.keys[0], records, ())
            return (
                None
                if counted is None
                else self._limited(counted, _number(said), tails.keys, tails)
            )
        return self._limited(records, _number(said), tails.keys, tails)

    def double_count(self, *said: object) -> Outcomes | None:
        """ "One reservation per desk per day and one per member per day"."""
        records = next(each for each in said if isinstance(each, Records))
        numbers = [each for each in said if isinstance(each, (int, Lexeme))]
        tails = [each for each in said if isinstance(each, Tails)]
        first = self._limited(records, _as_int(numbers[0]), tails[0].keys, tails[0])
        second = self._limited(records, _as_int(numbers[1]), tails[1].keys, tails[1])
        return None if first is None or second is None else (*first, *second)

    def counted(
        self, holder: Key, records: Records, verbs: tuple[EntityDraft, ...]
    ) -> Records | None:
        """The records that are counted: those themselves, or those that join them to the holder."""
        if key_of(records.entity, holder) is not None:
            return records
        candidates = [
            each
            for each in (verbs or tuple(self.draft.entities.values()))
            if key_of(each, holder) is not None and each.reference_to(records.entity) is not None
        ]
        if len(candidates) != 1 or records.where:
            return None
        return Records(candidates[0])

    def _limited(
        self, records: Records, most: int, keys: tuple[Key, ...], tails: Tails
    ) -> Outcomes | None:
        found = keys_of(records.entity, *keys)
        if most < 1 or found is None:
            return None
        if tails.at_once:
            return self._at_once(records, most, found)
        if most == 1 and found:
            rule = UniqueTogether(**named(records.entity), fields=found, where=records.where)
            return (*records.adds, rule)
        return (
            *records.adds,
            CountLimit(**named(records.entity), per=found, maximum=most, where=records.where),
        )

    def _at_once(self, records: Records, most: int, keys: tuple[str, ...]) -> Outcomes | None:
        entity = records.entity
        interval = entity.interval()
        if interval is not None and most == 1:
            return self._no_overlap(records, keys)
        current = open_state(entity)
        if interval is None and current is not None and not records.where:
            return self._limited(
                Records(entity, (current.where,), current.adds), most, (), Tails()
            ) and (
                *current.adds,
                UniqueTogether(**named(entity), fields=keys, where=(current.where,))
                if most == 1
                else CountLimit(**named(entity), per=keys, maximum=most, where=(current.where,)),
            )
        moments = [each for each in entity.moments() if not each.said.get("optional")]
        if interval is None and len(moments) == 1 and most == 1:
            both = (*keys, moments[0].key) if moments[0].key not in keys else keys
            return (
                *records.adds,
                UniqueTogether(**named(entity), fields=both, where=records.where),
            )
        return None

    def deed_once(self, *said: object) -> Outcomes | None:
        """ "A user can rate a movie only once", "a stand can be booked once per date"."""
        if any(
            number_of(each) != "1"
            for each in said
            if isinstance(each, Lexeme) and "NUMBER" in each.kinds and "VERB" not in each.kinds
        ):
            return None
        holders = [each for each in said if isinstance(each, Key)]
        tails = _tails(said)
        found: list[Outcomes] = []
        for record in records_of(said, self.draft, *(each.entity for each in holders)):
            outcome = self._limited(Records(record), 1, (*holders, *tails.keys), tails)
            if outcome is not None and keys_of(record, *holders):
                found.append(outcome)
        return found[0] if len(set(found)) == 1 else None

    def deed_at_once(self, *said: object) -> Outcomes | None:
        """ "A book can only be lent to one member at a time"."""
        if any(_as_int(each) != 1 for each in said if isinstance(each, int)):
            return None
        if any(
            number_of(each) != "1"
            for each in said
            if isinstance(each, Lexeme) and "NUMBER" in each.kinds and "VERB" not in each.kinds
        ):
            return None
        one, other = (each for each in said if isinstance(each, Key))
        found: list[Outcomes] = []
        for record in records_of(said, self.draft, one.entity):
            itself = other.kind == "entity" and other.entity is record
            keys = (
                keys_of(record, one)
                if itself
                else keys_of(record, one, other) and keys_of(record, one)
            )
            outcome = self._at_once(Records(record), 1, keys) if keys else None
            if outcome is not None:
                found.append(outcome)
        if not found and other.entity is not None:
            keys = keys_of(other.entity, one)
            outcome = self._at_once(Records(other.entity), 1, keys) if keys else None
            found = [outcome] if outcome is not None else []
        return found[0] if len(set(found)) == 1 else None

    def pair_of_holder(self, *said: object) -> Outcomes | None:
        """ "A doctor cannot have two appointments on the same date"."""
        holder = next(each for each in said if isinstance(each, Key))
        records = next(each for each in said if isinstance(each, Records))
        tails = _tails(said)
        counted = self.counted(holder, records, verbs_of(said))
        return None if counted is None else self._limited(counted, 1, (holder, *tails.keys), tails)

    def pair(self, records: Records, tails: Tails) -> Outcomes | None:
        """ "No two appointments for the same doctor on the same date"."""
        return self._limited(records, 1, tails.keys, tails) if tails.keys else None

    def pair_sharing(self, records: Records, *said: Tails | tuple[Key, ...]) -> Outcomes | None:
        """ "No two tickets of the same event may have the same seat number"."""
        keys = tuple(
            key for each in said for key in (each.keys if isinstance(each, Tails) else each)
        )
        return self._limited(records, 1, keys, _tails(said))

    def pair_at_once(self, records: Records, tails: Tails) -> Outcomes | None:
        """ "Two bookings of the same room cannot be at the same time"."""
        return self._limited(records, 1, tails.keys, Tails(tails.keys, at_once=True))

    def unique_per(self, said: Fields, tails: Tails) -> Outcomes | None:
        """ "The seat number is unique per event"."""
        found = set()
        for ref in said.found:
            keys = keys_of(ref.entity, *tails.keys)
            if keys:
                fields = (ref.field.key, *(key for key in keys if key != ref.field.key))
                found.add((UniqueTogether(**named(ref.entity), fields=fields),))
        return found.pop() if len(found) == 1 else None

    def unique_field(self, said: Fields) -> Outcomes | None:
        """ "The name is unique"."""
        return (
            (Bound(said.found[0].entity, said.found[0].field, ("unique", True)),)
            if len(said.found) == 1
            else None
        )

    def overlap(self, *said: object) -> Outcomes | None:
        """ "Bookings of a room must not overlap"."""
        records = next(each for each in said if isinstance(each, Records))
        return self._no_overlap(records, keys_of(records.entity, *_tails(said).keys))

    def _no_overlap(self, records: Records, keys: tuple[str, ...] | None) -> Outcomes | None:
        interval = records.entity.interval()
        times: Outcomes = ()
        if interval is None:
            times = _from_and_to(records.entity)
            interval = ("from_value", "to") if times else None
        if keys is None or interval is None:
            return None
        start, end = interval
        per = (*keys, *(day for day in records.entity.days() if day not in keys))
        rule = NoOverlap(
            **named(records.entity), start=start, end=end, per=per, where=records.where
        )
        return (*records.adds, *times, rule)

    def overlap_of_holder(self, holder: Key, records: Records) -> Outcomes | None:
        """ "A doctor cannot have overlapping appointments"."""
        return self._no_overlap(records, keys_of(records.entity, holder))

    def double_booking(self, tails: Tails) -> Outcomes | None:
        """ "No double booking of the same room"."""
        found = {
            outcome
            for entity in self.draft.entities.values()
            if keys_of(entity, *tails.keys) and (outcome := self.overlap(Records(entity), tails))
        }
        return found.pop() if len(found) == 1 else None

    def up_to_field(self, *said: object) -> Outcomes | None:
        """ "A station can't hold more bikes than its capacity"."""
        holder = next(each for each in said if isinstance(each, Key))
        records = next(each for each in said if isinstance(each, Records))
        limit = next(each for each in said if isinstance(each, FieldDraft))
        counted = self.counted(holder, records, ())
        return (
            None
            if counted is None or holder.entity is None
            else _capped(counted, holder.entity, limit)
        )

    def field_first(self, holder: Key, *said: object) -> Outcomes | None:
        """ "A room holds up to its capacity bookings"."""
        return self.up_to_field(holder, *said)

    def up_to_own_field(self, records: Records, *said: object) -> Outcomes | None:
        """ "No more guests at a table than seats"."""
        limit = next(each for each in said if isinstance(each, FieldDraft))
        owner = next(each for each in self.draft.entities.values() if limit in each.fields.values())
        counted = self.counted(Key("entity", owner), records, ())
        tails = _tails(said).keys
        if any(key.entity is not owner for key in tails):
            return None
        return None if counted is None else _capped(counted, owner, limit)

    def overbooked(self, holder: Key) -> Outcomes | None:
        """ "Classes can't be overbooked"."""
        if holder.entity is None:
            return None
        limit = holder.entity.fields.get(("capacity",)) or holder.entity.fields.get(("seats",))
        records = [
            each
            for each in self.draft.entities.values()
            if each.reference_to(holder.entity) is not None
        ]
        if limit is None or len(records) != 1:
            return None
        return _capped(Records(records[0]), holder.entity, limit)

    def up_to_capacity(self, said: Lexeme) -> Outcomes | None:
        """ "… but never more than the capacity", of the things that were just joined."""
        found = set()
        for owner, limit in fields_of(said) if self.whole else ():
            records = [
                each
                for each in self.draft.entities.values()
                if each.reference_to(owner) is not None
            ]
            if len(records) == 1 and (outcome := _capped(Records(records[0]), owner, limit)):
                found.add(outcome)
        return found.pop() if len(found) == 1 else None

    def limit(self, *said: Lexeme) -> FieldDraft | None:
        """A field of the holder; several entities with one are told apart by naming the holder."""
        found = fields_said(said).found
        return found[0].field if len(found) == 1 else None


def _from_and_to(entity: EntityDraft) -> Outcomes:
    """What "from" and "to" hold where records must not overlap: moments."""
    sides = [entity.fields.get(("from",)), entity.fields.get(("to",))]
    return tuple(
        Bound(entity, side, ("type", FieldType.DATETIME))
        for side in sides
        if side is not None
        and all(side.target is None for side in sides if side)
        and None not in sides
    )


def _capped(records: Records, owner: EntityDraft, limit: FieldDraft) -> Outcomes | None:
    reference = records.entity.reference_to(owner)
    if reference is None:
        return None
    return (
        *records.adds,
        CountLimit(
            **named(records.entity),
            per=(reference.key,),
            maximum_field=limit.key,
            where=records.where,
        ),
    )


def _tails(said: tuple[object, ...]) -> Tails:
    found = [each for each in said if isinstance(each, Tails)]
    return Tails(
        tuple(key for each in found for key in each.keys), any(each.at_once for each in found)
    )


def _as_int(said: object) -> int:
    if isinstance(said, int):
        return said
    text = number_of(said) if isinstance(said, Lexeme) else ""
    return int(text) if text.isdigit() else -1


def _number(said: tuple[object, ...]) -> int:
    for each in said:
        if isinstance(each, int):
            return each
        if isinstance(each, Lexeme) and "NUMBER" in each.kinds and "VERB" not in each.kinds:
            return _as_int(each)
    return -1


__all__ = ["NOWHERE", "Condition", "Counting", "SumLimit", "named", "verbs_of"]
