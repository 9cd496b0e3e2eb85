"""The meaning of reports and of limits of sums."""

from typing import Literal

from quantumlayer.builtin.domain import Aggregation, FieldType, SumLimit
from quantumlayer.builtin.language.counting import verbs_of
from quantumlayer.builtin.language.draft import Draft, FieldDraft
from quantumlayer.builtin.language.nouns import fields_said, keys_of, measures
from quantumlayer.builtin.language.spoken import (
    NOWHERE,
    Fields,
    Key,
    Outcomes,
    Records,
    every,
    named,
    only,
    pick,
    tails_of,
)
from quantumlayer.builtin.language.tokens import Lexeme
from quantumlayer.builtin.language.words import snake

Function = Literal["count", "sum", "average", "minimum", "maximum"]
Measure = tuple[Records, FieldDraft, bool]
"""A number of records, and whether it was named."""
_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}
_COUNTED = {"quantity", "amount", "count"}


class Figuring:
    """The meanings of sums and reports."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def functions(self, *said: Function) -> tuple[Function, ...]:
        """ "Average, minimum and maximum"."""
        return said

    def measure(self, *said: object) -> tuple[Measure, ...] | None:
        """Numbers of records: "hours", "amount of invoices", "expenses"."""
        records, names = pick(said, Records), every(said, Lexeme)
        if records is not None and not names:
            return tuple((records, each, False) for each in measures(records.entity)) or None
        found = tuple(
            (records or Records(each.owner), each, True)
            for each in fields_said(names).found
            if each.kind in _NUMBERS and (records is None or each.owner is records.entity)
        )
        return found or None

    def figure(
        self, functions: tuple[Function, ...], said: tuple[Measure, ...], *more: object
    ) -> Outcomes | None:
        """ "Total amount per category"."""
        keys = tails_of(more).keys
        found = [self._figure(each, said, keys) for each in functions]
        return tuple(outcome for each in found for outcome in each or ()) if all(found) else None

    def plain_total(self, *said: object) -> Outcomes | None:
        """ "Show total per category"."""
        return self._figure("sum", self._everything(), tails_of(said).keys)

    def _everything(self) -> tuple[Measure, ...]:
        return tuple(
            (Records(entity), each, False)
            for entity in self.draft.entities.values()
            for each in measures(entity)
        )

    def number_of(self, records: Records, *more: object) -> Outcomes | None:
        """ "Number of leads per stage", "how many bookings each room has"."""
        holder = pick(more, Key)
        keys = keys_of(records.entity, holder, *tails_of(more).keys)
        return None if keys is None else _aggregation("count", records, None, keys)

    def _figure(
        self, function: Function, said: tuple[Measure, ...], keys: tuple[Key, ...]
    ) -> Outcomes | None:
        return only(
            (*records.adds, *_aggregation(function, records, each, found))
            for records, each, _ in said
            if (found := keys_of(records.entity, *keys)) is not None
            if not any(key.many for key in keys)  # "of customers": of each, or of all?
        )

    # -- limits --------------------------------------------------------------------------------
    def sum_limit(self, said: tuple[Measure, ...], *more: object) -> Outcomes | None:
        """ "The total hours per employee per day must not exceed 24"."""
        keys, limit = tails_of(more).keys, pick(more, str) or pick(more, Fields)
        return only(
            (*records.adds, rule)
            for records, each, is_named in said
            if not (is_named and records.single)
            and (is_named or keys or each.words != ("total",))
            and limit is not None
            and (rule := _sum(records, each, keys, limit)) is not None
        )

    def total_limit(self, *said: object) -> Outcomes | None:
        """ "The total per day must not exceed 1000", where there is one number."""
        return self.sum_limit(self._everything(), *said)

    def holder_sum(self, *said: object) -> Outcomes | None:
        """ "No employee may take more than 30 days per year"."""
        fields, limit = pick(said, Fields) or Fields(), pick(said, str)
        keys = (*every(said, Key), *tails_of(said).keys)
        return only(
            (rule,)
            for each in fields.found
            if each.kind in _NUMBERS and limit is not None
            if (rule := _sum(Records(each.owner), each, keys, limit)) is not None
        )

    def no_more_than_stock(self, verb: Lexeme, limit: Lexeme) -> Outcomes | None:
        """ "You can't sell more than what is in stock"."""
        return only(
            (rule,)
            for record in verbs_of((verb,))
            for each in measures(record)
            if each.words[-1] in _COUNTED
            if (rule := _sum(Records(record), each, (), fields_said((limit,)))) is not None
        )


def _aggregation(
    function: Function, records: Records, field: FieldDraft | None, keys: tuple[str, ...]
) -> Outcomes:
    by = [key.removesuffix("_id").replace(".", "_") for key in keys]
    of = f"{field.key}_of_" if field is not None else ""
    per = f"_per_{'_and_'.join(by)}" if by else ""
    where = "".join(f"{value}_" for each in records.where for value in each.values)
    return (
        Aggregation(
            requirement=NOWHERE,
            name=snake((f"{function}_{of}{where.lower()}{records.entity.plural}{per}",)),
            entity=records.entity.name,
            statement="-",
            function=function,
            field=None if field is None else field.key,
            group_by=keys,
            where=records.where,
        ),
    )


def _sum(
    records: Records, field: FieldDraft, keys: tuple[Key, ...], limit: str | Fields
) -> SumLimit | None:
    found = keys_of(records.entity, *keys)
    if found is None:
        return None
    told = {**named(records.entity), "field": field.key, "where": records.where}
    if isinstance(limit, str):
        return SumLimit.model_validate({**told, "per": found, "maximum": limit})
    for each in limit.found:
        reference = records.entity.reference_to(each.owner)
        if reference is not None and each.kind in _NUMBERS and set(found) <= {reference.key}:
            up_to = {"per": (reference.key,), "maximum_field": each.key}
            return SumLimit.model_validate({**told, **up_to})
    return None
