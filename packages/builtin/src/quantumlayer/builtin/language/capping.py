"""The meaning of rules by which a record holds as many others as one of its fields says."""

from quantumlayer.builtin.domain import CountLimit
from quantumlayer.builtin.language.counting import Counting, named, tails_of
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.spoken import Key, Outcomes, Records, fields_of, fields_said
from quantumlayer.builtin.language.tokens import Lexeme


class Capping:
    """The meanings of rules about capacities; `whole` while a sentence is not read in parts."""

    def __init__(self, draft: Draft, counting: Counting) -> None:
        self.draft = draft
        self.whole = True
        self._counting = counting

    def up_to_field(self, *said: object) -> Outcomes | None:
        """ "A station can't hold more bikes than its capacity"."""
        holder = next(each for each in said if isinstance(each, Key))
        records = next(each for each in said if isinstance(each, Records))
        limit = next(each for each in said if isinstance(each, FieldDraft))
        counted = self._counting.counted(holder, records, ())
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
        counted = self._counting.counted(Key("entity", owner), records, ())
        tails = tails_of(said).keys
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
