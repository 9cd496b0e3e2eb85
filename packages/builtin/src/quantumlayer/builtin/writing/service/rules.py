"""The rules of a service as checks: which records break them, and when that is asked.

A check holds the term that is true of a record that breaks its rule. Whoever prints a service
prints these; none has to know what kinds of rules there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from quantumlayer.builtin.domain import (
    Comparison,
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
from quantumlayer.builtin.writing.service import terms
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.references import looked_through
from quantumlayer.builtin.writing.service.terms import (
    BEFORE,
    OTHER,
    RECORD,
    Any,
    Changed,
    Clock,
    Compare,
    Count,
    Exists,
    Identity,
    Literal,
    Moved,
    Not,
    Number,
    Operand,
    Selection,
    Sum,
    Term,
    Unset,
    Value,
    every,
    hold,
)

_Conditioned = (
    CountLimit | SumLimit | UniqueTogether | NoOverlap | Immutable | ConditionalRequirement
)
_SIGNS = {
    "past": Operator.GREATER_OR_EQUAL,
    "past_or_today": Operator.GREATER,
    "future": Operator.LESS_OR_EQUAL,
    "future_or_today": Operator.LESS,
}


@dataclass(frozen=True)
class Check:
    """The term that is true of a record that breaks a rule; with none every record breaks it.

    `watched` are the references through which the rule looks at other records: when one of those
    changes, the records that point to it are checked again.
    """

    name: str
    rule: Rule
    broken: Term | None
    created: bool = False
    changed: bool = False
    deleted: bool = False
    watched: tuple[FieldView, ...] = ()


@dataclass(frozen=True)
class EntityChecks:
    """The checks of the records of one entity."""

    entity: EntityView
    checks: tuple[Check, ...]

    @property
    def created(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.created)

    @property
    def changed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.changed)

    @property
    def deleted(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.deleted)

    def following(self, reference: FieldView) -> tuple[Check, ...]:
        """The checks that look at the record to which a reference points."""
        return tuple(check for check in self.checks if reference in check.watched)

    @property
    def followed(self) -> tuple[FieldView, ...]:
        """The references through which checks look at records that may change."""
        return tuple(field for field in self.entity.references if self.following(field))


@lru_cache(maxsize=64)
def checks_of(view: ServiceView, entity: EntityView) -> EntityChecks:
    """The rules about `entity` that code keeps; those that a unique index keeps are not here."""
    found: list[Check] = []
    numbers: dict[str, int] = {}
    for rule in entity.rules:
        if isinstance(rule, UniqueTogether) and rule in entity.unique_rules:
            continue
        for check in _Checks(view, entity, rule).all():
            number = numbers[rule.requirement] = numbers.get(rule.requirement, 0) + 1
            name = rule.requirement if number == 1 else f"{rule.requirement}_{number}"
            # Where every change is refused, none gets so far that it could break another rule.
            changed = check.changed and (isinstance(rule, Immutable) or not entity.never_changed)
            found.append(replace(check, name=name, changed=changed))
    return EntityChecks(entity, tuple(found))


def followers(
    view: ServiceView, entity: EntityView
) -> tuple[tuple[EntityChecks, FieldView, tuple[Check, ...]], ...]:
    """What is checked when a record of `entity` changes: whose checks, and by which reference."""
    return tuple(
        (checks, field, checks.following(field))
        for checks in (checks_of(view, other) for other in view.entities)
        for field in checks.followed
        if view.target(field).name == entity.name
    )


@dataclass(frozen=True)
class _Checks:
    """The checks of one rule."""

    view: ServiceView
    entity: EntityView
    rule: Rule

    def all(self) -> Iterator[Check]:
        match self.rule:
            case CountLimit() | SumLimit() as rule:
                yield self._limit(rule)
            case UniqueTogether() as rule:
                group = self._group(rule.fields, self._where(rule, OTHER))
                more = Compare(Count(group), Operator.GREATER, Number(1))
                broken = every(*self._where(rule), *self._filled(rule.fields), more)
                yield self._always(broken, (test.field for test in rule.where))
            case NoOverlap() as rule:
                yield self._no_overlap(rule)
            case Comparison() as rule:
                left, right = self._value(rule.left), self._value(rule.right)
                broken = terms.compared(left, terms.OPPOSITE[rule.operator], right)
                yield self._always(broken, (rule.left, rule.right))
            case RelativeDate() as rule:
                yield from self._relative(rule)
            case Transitions() as rule:
                yield from self._transitions(rule)
            case Immutable() as rule:
                yield from self._immutable(rule)
            case ConditionalRequirement() as rule:
                yield from self._conditional(rule)
            case DeleteRestricted() as rule:
                by = self.view.entity(rule.by)
                reference = Value(OTHER, by.field(rule.by_field), by)
                where = hold(self.view, by, rule.where, OTHER)
                users = Selection(by, OTHER, ((reference, Identity(RECORD)),), where)
                yield self._check(Exists(users), deleted=True)

    def _check(
        self,
        broken: Term | None,
        *,
        created: bool = False,
        changed: bool = False,
        deleted: bool = False,
    ) -> Check:
        return Check("", self.rule, broken, created, changed, deleted)

    def _always(self, broken: Term, keys: Iterable[str]) -> Check:
        watched = looked_through(self.view, self.entity, keys)
        return Check("", self.rule, broken, created=True, changed=True, watched=watched)

    def _value(self, key: str, of: str = RECORD) -> Value:
        return terms.value(self.view, self.entity, key, of)

    def _group(self, keys: tuple[str, ...], where: tuple[Term, ...]) -> Selection:
        """The records that share the values of keys with the record."""
        alike: tuple[tuple[Value, Operand], ...] = tuple(
            (self._value(key, OTHER), self._value(key)) for key in keys
        )
        return Selection(self.entity, OTHER, alike, where)

    def _where(self, rule: _Conditioned, of: str = RECORD) -> tuple[Term, ...]:
        return hold(self.view, self.entity, rule.where, of)

    def _filled(self, keys: Iterable[str]) -> tuple[Term, ...]:
        values = (self._value(key) for key in keys)
        return tuple(Not(Unset(each)) for each in values if each.nullable)

    def _limit(self, rule: CountLimit | SumLimit) -> Check:
        group = self._group(rule.per, self._where(rule, OTHER))
        keys = [test.field for test in rule.where]
        total: Operand = Count(group)
        highest: Operand = Number(rule.maximum or 0) if isinstance(rule, CountLimit) else Number(0)
        if isinstance(rule, SumLimit):
            summed = self.entity.field(rule.field)
            total, highest = Sum(group, summed), Literal(summed, rule.maximum or "0")
        if rule.maximum_field:
            highest = self._limiting(rule)
            keys.append(f"{highest.through.key if highest.through else ''}.{highest.field.key}")
        more = Compare(total, Operator.GREATER, highest)
        return self._always(every(*self._where(rule), *self._filled(rule.per), more), keys)

    def _limiting(self, rule: CountLimit | SumLimit) -> Value:
        """The field that is the limit, of the record to which one of the keys points."""
        name = (rule.maximum_field or "").rpartition(".")[2]
        for key in rule.per:
            reference = self.entity.field(key.partition(".")[0])
            if reference.type is not FieldType.REFERENCE:
                continue
            target = self.view.target(reference)
            if any(name in (f.key, f.field.name) for f in target.fields):
                return Value(RECORD, target.field(name), target, reference)
        raise ValueError(f"{rule.requirement}: no `per` reference has {rule.maximum_field!r}")

    def _no_overlap(self, rule: NoOverlap) -> Check:
        start, end = self._value(rule.start), self._value(rule.end)
        other_start, other_end = self._value(rule.start, OTHER), self._value(rule.end, OTHER)
        meeting = (
            Not(Compare(Identity(OTHER), Operator.EQUAL, Identity(RECORD))),
            _before(other_start, end),
            _before(start, other_end),
            *self._where(rule, OTHER),
        )
        met = Exists(self._group(rule.per, meeting))
        broken = every(*self._where(rule), *self._filled(rule.per), met)
        ordered = any(
            isinstance(other, Comparison)
            and {other.left, other.right} == {start.field.key, end.field.key}
            for other in self.entity.rules
        )
        if not ordered:
            broken = Any((Compare(end, Operator.LESS, start), broken))
        return self._always(broken, (test.field for test in rule.where))

    def _relative(self, rule: RelativeDate) -> Iterator[Check]:
        dated = self._value(rule.field)
        by_day = dated.field.type is FieldType.DATE or rule.direction.endswith("today")
        broken = terms.compared(dated, _SIGNS[rule.direction], Clock(day=by_day))
        yield self._check(broken, created=True)
        yield self._check(every(Changed((dated.field,)), broken), changed=True)

    def _transitions(self, rule: Transitions) -> Iterator[Check]:
        moving = self._value(rule.field)
        if rule.initial is not None:
            begins = Compare(moving, Operator.EQUAL, Literal(moving.field, rule.initial))
            yield self._check(Not(begins), created=True)
        moved = Not(Moved(moving.field, rule.allowed))
        yield self._check(every(Changed((moving.field,)), moved), changed=True)

    def _immutable(self, rule: Immutable) -> Iterator[Check]:
        if not rule.changeable:
            fields = tuple(self.entity.field(key) for key in rule.fields) or self.entity.fields
            yield self._check(every(*self._where(rule, BEFORE), Changed(fields)), changed=True)
        if not rule.deletable:
            where = self._where(rule)
            yield self._check(every(*where) if where else None, deleted=True)

    def _conditional(self, rule: ConditionalRequirement) -> Iterator[Check]:
        then = terms.negated(every(*hold(self.view, self.entity, rule.then)))
        broken = every(*self._where(rule), then)
        keys = [test.field for test in (*rule.where, *rule.then)]
        if rule.on == "always":
            yield self._always(broken, keys)
            return
        yield self._check(broken, created=True)
        references = looked_through(self.view, self.entity, keys)
        if references:
            yield self._check(every(Changed(references), broken), changed=True)


def _before(one: Value, other: Value) -> Term:
    """Whether a start comes before an end, where an empty end is endless."""
    if not other.nullable:
        return Compare(one, Operator.LESS, other)
    started = (Not(Unset(one)),) if one.nullable else ()
    return every(*started, Any((Unset(other), Compare(one, Operator.LESS, other))))
