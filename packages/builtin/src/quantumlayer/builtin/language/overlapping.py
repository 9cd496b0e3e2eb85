"""The meaning of rules by which records do not lie at the same time."""

from quantumlayer.builtin.domain import FieldType, NoOverlap
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.spoken import (
    Bound,
    Key,
    Outcomes,
    Records,
    Tails,
    keys_of,
    named,
    tails_of,
)


class Overlapping:
    """The meanings of rules about overlaps."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def overlap(self, *said: object) -> Outcomes | None:
        """ "Bookings of a room must not overlap"."""
        records = next(each for each in said if isinstance(each, Records))
        return no_overlap(records, keys_of(records.entity, *tails_of(said).keys))

    def overlap_of_holder(self, holder: Key, records: Records) -> Outcomes | None:
        """ "A doctor cannot have overlapping appointments"."""
        return no_overlap(records, keys_of(records.entity, holder))

    def double_booking(self, tails: Tails) -> Outcomes | None:
        """ "No double booking of the same room"."""
        found = {
            outcome
            for entity in self.draft.entities.values()
            if keys_of(entity, *tails.keys) and (outcome := self.overlap(Records(entity), tails))
        }
        return found.pop() if len(found) == 1 else None


def no_overlap(records: Records, keys: tuple[str, ...] | None) -> Outcomes | None:
    """For the same keys, no two of the records at one time; None where they have no times."""
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
    return tuple(
        Bound(entity, side, ("type", FieldType.DATETIME))
        for side in sides
        if side is not None
        and all(side.target is None for side in sides if side)
        and None not in sides
    )
