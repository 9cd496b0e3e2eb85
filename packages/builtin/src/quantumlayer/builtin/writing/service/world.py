"""The described domain, played in memory: what a service must accept, and which rule refuses.

Generated tests state only what has happened here first, so that a test cannot ask for what the
requirements do not say. It is written from the contract of the requirements alone and shares no
code with what generates services.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from quantumlayer.builtin.domain import (
    Comparison,
    Condition,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    FieldType,
    Immutable,
    NoOverlap,
    Operator,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.writing.service.model import (
    STRINGS,
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
)
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.values import (
    NOW,
    Value,
    compare,
    default_value,
    less,
    literal_value,
)

Record = dict[str, Value]


@dataclass(frozen=True)
class Refusal:
    """Why a change is refused: a rule, the uniqueness of a field, or use by other records."""

    rule: Rule | None = None
    unique: str | None = None
    in_use: bool = False


class Refused(Exception):  # noqa: N818
    """A change that breaks one or more rules; `reasons` has all of them."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__(str(reasons))
        self.reasons = reasons


@dataclass
class World:
    """All records, by entity and id."""

    view: ServiceView
    tables: dict[str, dict[int, Record]] = field(default_factory=lambda: defaultdict(dict))
    last_ids: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    now: datetime = NOW

    def copy(self) -> "World":
        """A world that changes on its own."""
        tables: dict[str, dict[int, Record]] = defaultdict(dict)
        for name, records in self.tables.items():
            tables[name] = dict(records)  # records are replaced, never changed in place
        return World(self.view, tables, defaultdict(int, self.last_ids), self.now)

    def create(self, entity: EntityView, body: Record) -> int:
        """Store a new record, whose defaults are filled in; raises Refused."""
        record = {f.key: body.get(f.key, default_value(f, self.now)) for f in entity.fields}
        new_id = self.last_ids[entity.name] + 1
        record["id"] = new_id
        self._apply(entity, None, record)
        self.last_ids[entity.name] = new_id
        return new_id

    def update(self, entity: EntityView, record_id: int, changes: Record) -> None:
        """Change members of a record; raises Refused."""
        before = self.tables[entity.name][record_id]
        self._apply(entity, before, {**before, **changes})

    def delete(self, entity: EntityView, record_id: int) -> None:
        """Delete a record, and those that go with it; raises Refused."""
        record = self.tables[entity.name][record_id]
        reasons = [Refusal(rule=rule) for rule in entity.rules if self._keeps(rule, entity, record)]
        doomed: list[tuple[EntityView, int]] = [(entity, record_id)]
        in_use = False
        for other, reference in self.view.referrers(entity):
            users = [
                r["id"] for r in self.tables[other.name].values() if r[reference.key] == record_id
            ]
            if self._cascades(entity, other, reference):
                doomed += [(other, int(str(user))) for user in users]
                in_use |= bool(users) and bool(self.view.referrers(other))
            else:
                in_use |= bool([user for user in users if (other, user) != (entity, record_id)])
        if reasons or in_use:
            raise Refused(reasons or [Refusal(in_use=True)])
        for owner, key in doomed:
            del self.tables[owner.name][key]

    def _keeps(self, rule: Rule, entity: EntityView, record: Record) -> bool:
        if isinstance(rule, Immutable) and not rule.deletable:
            return self.holds_all(entity, rule.where, record)
        if isinstance(rule, DeleteRestricted):
            by = self.view.entity(rule.by)
            reference = by.field(rule.by_field)
            return any(
                r[reference.key] == record["id"] and self.holds_all(by, rule.where, r)
                for r in self.tables[by.name].values()
            )
        return False

    def _cascades(self, entity: EntityView, other: EntityView, reference: FieldView) -> bool:
        return any(
            isinstance(rule, DeleteRestricted)
            and bool(rule.where)
            and rule.by == other.name
            and other.field(rule.by_field).key == reference.key
            for rule in entity.rules
        )

    def _apply(self, entity: EntityView, before: Record | None, after: Record) -> None:
        record_id = int(str(after["id"]))
        self.tables[entity.name][record_id] = after
        reasons = list(self._broken(entity, before, after))
        if reasons:
            if before is None:
                del self.tables[entity.name][record_id]
            else:
                self.tables[entity.name][record_id] = before
            raise Refused(reasons)

    def _broken(
        self, entity: EntityView, before: Record | None, after: Record
    ) -> Iterator[Refusal]:
        for unique in (f for f in entity.fields if f.field.unique):
            value = _folded(unique, after[unique.key])
            others = (r for r in self.tables[entity.name].values() if r["id"] != after["id"])
            if value is not None and any(_folded(unique, r[unique.key]) == value for r in others):
                yield Refusal(unique=unique.key)
        for owner in self.view.entities:
            for rule in owner.rules:
                if self._breaks(rule, owner):
                    yield Refusal(rule=rule)
        for rule in entity.rules:
            if self._breaks_change(rule, entity, before, after):
                yield Refusal(rule=rule)

    # Rules about states

    def _breaks(self, rule: Rule, owner: EntityView) -> bool:
        records = list(self.tables[owner.name].values())
        match rule:
            case CountLimit() | SumLimit():
                return self._over_limit(rule, owner, records)
            case UniqueTogether():
                groups = self._groups(owner, rule.fields, rule.where, records)
                return any(len(group) > 1 for group in groups)
            case NoOverlap():
                return self._overlaps(rule, owner, records)
            case Comparison():
                return any(not self._compares(rule, owner, record) for record in records)
            case ConditionalRequirement(on="always"):
                return any(self._unmet(rule, owner, record) for record in records)
            case _:
                return False

    def _groups(
        self,
        owner: EntityView,
        per: tuple[str, ...],
        where: tuple[Condition, ...],
        records: list[Record],
    ) -> list[list[Record]]:
        groups: dict[tuple[Value, ...], list[Record]] = defaultdict(list)
        for record in records:
            key = tuple(self.value(owner, record, name) for name in per)
            if None not in key and self.holds_all(owner, where, record):
                groups[key].append(record)
        return list(groups.values())

    def _over_limit(
        self, rule: CountLimit | SumLimit, owner: EntityView, records: list[Record]
    ) -> bool:
        for group in self._groups(owner, rule.per, rule.where, records):
            limit = self._limit(rule, owner, group[0])
            if isinstance(rule, CountLimit):
                total: Decimal = Decimal(len(group))
            else:
                key = owner.field(rule.field).key
                total = sum((Decimal(str(r[key] or 0)) for r in group), Decimal(0))
            if limit is not None and total > limit:
                return True
        return False

    def _limit(
        self, rule: CountLimit | SumLimit, owner: EntityView, record: Record
    ) -> Decimal | None:
        if rule.maximum_field is None:
            return Decimal(str(rule.maximum))
        name = rule.maximum_field.rpartition(".")[2]
        for key in rule.per:
            found = owner.field(key.partition(".")[0])
            if found.type is FieldType.REFERENCE:
                target = self.view.target(found)
                parent = self.tables[target.name][int(str(record[found.key]))]
                for candidate in target.fields:
                    if name in (candidate.key, candidate.field.name):
                        limit = parent[candidate.key]
                        return None if limit is None else Decimal(str(limit))
        raise ValueError(f"{rule.requirement}: nothing has {rule.maximum_field!r}")

    def _overlaps(self, rule: NoOverlap, owner: EntityView, records: list[Record]) -> bool:
        start, end = owner.field(rule.start).key, owner.field(rule.end).key
        compared = any(
            isinstance(r, Comparison) and {r.left, r.right} == {start, end} for r in owner.rules
        )
        ordered = (r for r in records if r[start] is not None and r[end] is not None)
        if not compared and any(less(r[end], r[start]) for r in ordered):
            return True
        for group in self._groups(owner, rule.per, rule.where, records):
            for at, one in enumerate(group):
                if any(_meet(one, other, start, end) for other in group[at + 1 :]):
                    return True
        return False

    def _compares(self, rule: Comparison, owner: EntityView, record: Record) -> bool:
        left = self.value(owner, record, rule.left)
        right = self.value(owner, record, rule.right)
        return left is None or right is None or compare(left, rule.operator, right)

    def _unmet(self, rule: ConditionalRequirement, owner: EntityView, record: Record) -> bool:
        concerned = self.holds_all(owner, rule.where, record)
        return concerned and not self.holds_all(owner, rule.then, record)

    # Rules about changes

    def _breaks_change(
        self, rule: Rule, entity: EntityView, before: Record | None, after: Record
    ) -> bool:
        match rule:
            case RelativeDate():
                key = entity.field(rule.field).key
                unchanged = before is not None and before[key] == after[key]
                return not unchanged and not _is_relative(after[key], rule.direction, self.now)
            case Transitions():
                return _moves_badly(rule, entity.field(rule.field).key, before, after)
            case Immutable():
                return before is not None and self._changes_frozen(rule, entity, before, after)
            case ConditionalRequirement(on="creation"):
                return self._unmet_at_creation(rule, entity, before, after)
            case _:
                return False

    def _changes_frozen(
        self, rule: Immutable, entity: EntityView, before: Record, after: Record
    ) -> bool:
        if rule.changeable:
            return False
        keys = [entity.field(name).key for name in rule.fields] or [f.key for f in entity.fields]
        changed = any(before[key] != after[key] for key in keys)
        return changed and self.holds_all(entity, rule.where, before)

    def _unmet_at_creation(
        self,
        rule: ConditionalRequirement,
        entity: EntityView,
        before: Record | None,
        after: Record,
    ) -> bool:
        if before is not None:
            tests = (*rule.where, *rule.then)
            references = [resolve(self.view, entity, test.field)[1] for test in tests]
            keys = [reference.key for reference in references if reference is not None]
            if all(before[key] == after[key] for key in keys):
                return False
        return self._unmet(rule, entity, after)

    # Conditions

    def holds_all(self, entity: EntityView, tests: Iterable[Condition], record: Record) -> bool:
        """Whether a record satisfies all conditions."""
        return all(self.holds(entity, test, record) for test in tests)

    def holds(self, entity: EntityView, test: Condition, record: Record) -> bool:
        """Whether a record satisfies a condition."""
        tested, _, _ = resolve(self.view, entity, test.field)
        value = self.value(entity, record, test.field)
        wanted = [literal_value(tested, item) for item in test.values]
        empty = value is None or (value in ("", []) and tested.type in STRINGS | {FieldType.TAGS})
        match test.operator:
            case Operator.IS_EMPTY:
                return empty
            case Operator.IS_SET:
                return not empty
            case Operator.IN:
                return value in wanted
            case Operator.NOT_IN:
                return value not in wanted
            case Operator.NOT_EQUAL:
                return value != wanted[0]
            case _:
                return value is not None and compare(value, test.operator, wanted[0])

    def value(self, entity: EntityView, record: Record, key: str) -> Value:
        """The value that a key names, in the record or through a reference of it."""
        name, _, rest = key.partition(".")
        own = record[entity.field(name).key]
        if not rest or own is None:
            return own
        if is_date_part(key):
            text = own.isoformat() if isinstance(own, date) else str(own)
            return text[: {"date": 10, "month": 7, "year": 4}[rest]]
        target = self.view.target(entity.field(name))
        return self.tables[target.name][int(str(own))][target.field(rest).key]


def _folded(view: FieldView, value: Value) -> Value:
    return value.lower() if view.type is FieldType.EMAIL and isinstance(value, str) else value


def _meet(one: Record, other: Record, start: str, end: str) -> bool:
    if one[start] is None or other[start] is None:
        return False
    one_begins = other[end] is None or less(one[start], other[end])
    other_begins = one[end] is None or less(other[start], one[end])
    return one_begins and other_begins


def _is_relative(value: Value, direction: str, now: datetime) -> bool:
    if value is None:
        return True
    if isinstance(value, datetime) and not direction.endswith("today"):
        return value < now if direction == "past" else value > now
    day = value.date() if isinstance(value, datetime) else value
    return {
        "past": less(day, now.date()),
        "past_or_today": not less(now.date(), day),
        "future": less(now.date(), day),
        "future_or_today": not less(day, now.date()),
    }[direction]


def _moves_badly(rule: Transitions, key: str, before: Record | None, after: Record) -> bool:
    if before is None:
        return rule.initial is not None and after[key] != rule.initial
    moved = before[key] != after[key]
    return moved and (str(before[key]), str(after[key])) not in rule.allowed
