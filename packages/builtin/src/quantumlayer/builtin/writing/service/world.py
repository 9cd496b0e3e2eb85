"""The described domain, played in memory: what a service must accept, and which rule refuses.

Generated tests state only what has happened here first, so that a test cannot ask for what the
requirements do not say. It is written from the contract of the requirements alone and shares no
code with what generates services.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service import queries, rulings, values
from quantumlayer.builtin.writing.service.fields import DATE_PARTS, STRINGS, is_date_part
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.values import NOW, Record, Value


@dataclass(frozen=True)
class Reason:
    """Who refuses a change: a rule, or the uniqueness of a field; else the use by other records."""

    requirement: str | None = None
    rule: object = None
    unique: str | None = None


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """A change that breaks one or more rules; `reasons` has all of them."""

    def __init__(self, reasons: list[Reason]) -> None:
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
        record = {f.key: body.get(f.key, values.default_value(f, self.now)) for f in entity.fields}
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
        kept = (rule for rule in entity.rules if rulings.keeps(self, rule, entity, record))
        reasons = [Reason(rule.requirement, rule) for rule in kept]
        doomed: list[tuple[EntityView, int]] = [(entity, record_id)]
        in_use = False
        for other, reference in self.view.referrers(entity):
            table = self.tables[other.name]
            users = [(other, user) for user in table if table[user][reference.key] == record_id]
            if self.view.cascades(other, reference):
                doomed += users
                in_use |= bool(users) and bool(self.view.referrers(other))
            else:
                in_use |= any(user != (entity, record_id) for user in users)
        if reasons or in_use:
            raise Refused(reasons or [Reason()])
        for owner, key in doomed:
            del self.tables[owner.name][key]

    def select(self, entity: EntityView, query: Record) -> list[int]:
        """The records that a query finds, in the order that it asks for."""
        questions = queries.questions(entity)
        asked = [(questions[name], wanted) for name, wanted in query.items() if name != "sort"]
        found = [
            record
            for record in self.tables[entity.name].values()
            if all(question.answers(record, wanted) for question, wanted in asked)
        ]
        key = str(query.get("sort", "id"))
        name = key.removeprefix("-")
        found.sort(key=lambda record: values.order_of(record[name]), reverse=key != name)
        return [int(str(record["id"])) for record in found]

    def _apply(self, entity: EntityView, before: Record | None, after: Record) -> None:
        table, record_id = self.tables[entity.name], int(str(after["id"]))
        table[record_id] = after
        reasons = list(self._broken(entity, before, after))
        if reasons:
            if before is None:
                del table[record_id]
            else:
                table[record_id] = before
            raise Refused(reasons)

    def _broken(self, entity: EntityView, before: Record | None, after: Record) -> Iterator[Reason]:
        for unique in (f for f in entity.fields if f.field.unique):
            value = values.folded(unique, after[unique.key])
            others = (r for r in self.tables[entity.name].values() if r["id"] != after["id"])
            if value is not None and value in (
                values.folded(unique, r[unique.key]) for r in others
            ):
                yield Reason(entity.requirement_of(unique), unique=unique.key)
        for owner, rule in ((each, rule) for each in self.view.entities for rule in each.rules):
            by_state = rulings.BROKEN_BY_STATE.get(type(rule))
            if by_state and by_state(self, rule, owner):
                yield Reason(rule.requirement, rule)
        for rule in entity.rules:
            by_change = rulings.BROKEN_BY_CHANGE.get(type(rule))
            if by_change and by_change(self, rule, entity, (before, after)):
                yield Reason(rule.requirement, rule)

    def holds_all(self, entity: EntityView, tests: Iterable[Condition], record: Record) -> bool:
        """Whether a record satisfies all conditions."""
        return all(self.holds(entity, test, record) for test in tests)

    def holds(self, entity: EntityView, test: Condition, record: Record) -> bool:
        """Whether a record satisfies a condition."""
        tested, _, _ = resolve(self.view, entity, test.field)
        value = self.value(entity, record, test.field)
        wanted = [values.literal_value(tested, item) for item in test.values]
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
                return value is not None and values.compare(value, test.operator, wanted[0])

    def value(self, entity: EntityView, record: Record, key: str) -> Value:
        """The value that a key names, in the record or through a reference of it."""
        name, _, rest = key.partition(".")
        own = record[entity.field(name).key]
        if not rest or own is None:
            return own
        if is_date_part(key):
            text = own.isoformat() if isinstance(own, date) else str(own)
            return text[: DATE_PARTS[rest]]
        target = self.view.target(entity.field(name))
        return self.tables[target.name][int(str(own))][target.field(rest).key]
