"""The meaning of rules about records that may not be alike, or not at the same time."""

from quantumlayer.builtin.domain import FieldType, NoOverlap, UniqueTogether
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.nouns import Nouns, keys_of
from quantumlayer.builtin.language.spoken import (
    Bound,
    Fields,
    Key,
    Outcomes,
    Records,
    Tails,
    named,
    only,
    tails_of,
)


class Pairing:
    """The meanings of uniqueness of fields, and of overlaps."""

    def __init__(self, draft: Draft, nouns: Nouns) -> None:
        self.draft = draft
        self.nouns = nouns

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
        holders = [each for each in said if isinstance(each, Key)]
        if records is None:
            return None
        return no_overlap(records, keys_of(records.entity, *holders, *tails_of(said).keys))

    def double_booking(self, said: Tails | Key) -> Outcomes | None:
        """ "No double booking of the same room", "a room cannot be double booked"."""
        keys = said.keys if isinstance(said, Tails) else (said,)
        return only(
            outcome
            for entity in self.draft.entities.values()
            if keys_of(entity, *keys) and (outcome := self.overlap(Records(entity), Tails(keys)))
        )


def no_overlap(records: Records, keys: tuple[str, ...] | None) -> Outcomes | None:
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
