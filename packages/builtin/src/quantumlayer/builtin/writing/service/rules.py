"""The rules of a service as checks: which records break them, and when that is asked.

A check holds the term that is true of a record that breaks its rule. Whoever prints a service
prints these; none has to know what kinds of rules there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import FieldType, Rule
from quantumlayer.builtin.writing.service import terms
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.references import keys_of, limit_of, looked_through
from quantumlayer.builtin.writing.service.terms import OTHER, RECORD, Compare, Not, Term, every

_SIGNS = {
    "past": Operator.GREATER_OR_EQUAL,
    "past_or_today": Operator.GREATER,
    "future": Operator.LESS_OR_EQUAL,
    "future_or_today": Operator.LESS,
}

OCCASIONS = CREATED, CHANGED, DELETED = ("created", "changed", "deleted")
"""What may have happened to a record when a rule is checked."""


@dataclass(frozen=True)
class Check:
    """The term that is true of a record that breaks a rule; with none every record breaks it.

    `watched` are the references through which the rule looks at other records: when one of those
    changes, the records that point to it are checked again.
    """

    name: str
    rule: Rule
    broken: Term | None
    asked: tuple[str, ...]
    """On which of the `OCCASIONS`."""
    watched: tuple[FieldView, ...] = ()


@dataclass(frozen=True)
class EntityChecks:
    """The checks of the records of one entity."""

    entity: EntityView
    checks: tuple[Check, ...]

    def asked(self, occasion: str) -> tuple[Check, ...]:
        """The checks of one of the `OCCASIONS`."""
        return tuple(check for check in self.checks if occasion in check.asked)

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
        if isinstance(rule, domain.UniqueTogether) and rule in entity.unique_rules:
            continue
        for check in _Checks(view, entity, rule).all():
            number = numbers[rule.requirement] = numbers.get(rule.requirement, 0) + 1
            name = rule.requirement if number == 1 else f"{rule.requirement}_{number}"
            asked = check.asked
            # Where every change is refused, none gets so far that it could break another rule.
            if entity.never_changed and not isinstance(rule, domain.Immutable):
                asked = tuple(occasion for occasion in asked if occasion != CHANGED)
            found.append(replace(check, name=name, asked=asked))
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
            case domain.CountLimit() | domain.SumLimit() as rule:
                yield self._limit(rule)
            case domain.UniqueTogether() as rule:
                group = self._group(rule.fields, self._where(rule.where, OTHER))
                more = Compare(terms.Total(group), Operator.GREATER, terms.Number(1))
                broken = every(*self._where(rule.where), *self._filled(rule.fields), more)
                yield self._always(broken, (test.field for test in rule.where))
            case domain.NoOverlap() as rule:
                yield self._no_overlap(rule)
            case domain.Comparison() as rule:
                left, right = self._value(rule.left), self._value(rule.right)
                broken = terms.compared(left, terms.OPPOSITE[rule.operator], right)
                yield self._always(broken, (rule.left, rule.right))
            case domain.RelativeDate() as rule:
                yield from self._relative(rule)
            case domain.Transitions() as rule:
                yield from self._transitions(rule)
            case domain.Immutable() as rule:
                yield from self._immutable(rule)
            case domain.ConditionalRequirement() as rule:
                yield from self._conditional(rule)
            case domain.DeleteRestricted() as rule:
                by = self.view.entity(rule.by)
                reference = terms.Value(OTHER, by.field(rule.by_field), by)
                where = terms.hold(self.view, by, rule.where, OTHER)
                users = terms.Selection(by, OTHER, ((reference, terms.Identity(RECORD)),), where)
                yield Check("", rule, terms.Exists(users), (DELETED,))

    def _always(self, broken: Term, keys: Iterable[str]) -> Check:
        watched = looked_through(self.view, self.entity, keys)
        return Check("", self.rule, broken, (CREATED, CHANGED), watched)

    def _if_changed(self, fields: tuple[FieldView, ...], broken: Term) -> Check:
        return Check("", self.rule, every(terms.Changed(fields), broken), (CHANGED,))

    def _value(self, key: str, of: str = RECORD) -> terms.Value:
        return terms.value(self.view, self.entity, key, of)

    def _group(self, keys: tuple[str, ...], where: tuple[Term, ...]) -> terms.Selection:
        """The records that share the values of keys with the record."""
        alike = tuple((self._value(key, OTHER), self._value(key)) for key in keys)
        return terms.Selection(self.entity, OTHER, alike, where)

    def _where(self, tests: tuple[Condition, ...], of: str = RECORD) -> tuple[Term, ...]:
        return terms.hold(self.view, self.entity, tests, of)

    def _filled(self, keys: Iterable[str]) -> tuple[Term, ...]:
        values = (self._value(key) for key in keys)
        return tuple(Not(terms.Empty(each, unset=True)) for each in values if each.nullable)

    def _limit(self, rule: domain.CountLimit | domain.SumLimit) -> Check:
        group = self._group(rule.per, self._where(rule.where, OTHER))
        keys = [test.field for test in rule.where]
        total: terms.Operand
        highest: terms.Operand
        if isinstance(rule, domain.SumLimit):
            summed = self.entity.field(rule.field)
            total, highest = terms.Total(group, summed), terms.Literal(summed, rule.maximum or "0")
        else:
            total, highest = terms.Total(group), terms.Number(rule.maximum or 0)
        if rule.maximum_field:
            reference, limit = limit_of(self.view, self.entity, rule)
            highest = terms.Value(RECORD, limit, self.view.target(reference), reference)
            keys.append(f"{reference.key}.{limit.key}")
        more = Compare(total, Operator.GREATER, highest)
        return self._always(every(*self._where(rule.where), *self._filled(rule.per), more), keys)

    def _no_overlap(self, rule: domain.NoOverlap) -> Check:
        start, end = self._value(rule.start), self._value(rule.end)
        other_start, other_end = self._value(rule.start, OTHER), self._value(rule.end, OTHER)
        meeting = (
            Not(Compare(terms.Identity(OTHER), Operator.EQUAL, terms.Identity(RECORD))),
            _before(other_start, end),
            _before(start, other_end),
            *self._where(rule.where, OTHER),
        )
        met = terms.Exists(self._group(rule.per, meeting))
        broken = every(*self._where(rule.where), *self._filled(rule.per), met)
        ordered = any(
            isinstance(other, domain.Comparison)
            and {other.left, other.right} == {start.field.key, end.field.key}
            for other in self.entity.rules
        )
        if not ordered:
            broken = terms.Any((Compare(end, Operator.LESS, start), broken))
        return self._always(broken, (test.field for test in rule.where))

    def _relative(self, rule: domain.RelativeDate) -> Iterator[Check]:
        dated = self._value(rule.field)
        by_day = dated.field.type is FieldType.DATE or rule.direction.endswith("today")
        broken = terms.compared(dated, _SIGNS[rule.direction], terms.Clock(day=by_day))
        yield Check("", rule, broken, (CREATED,))
        yield self._if_changed((dated.field,), broken)

    def _transitions(self, rule: domain.Transitions) -> Iterator[Check]:
        moving = self._value(rule.field)
        if rule.initial is not None:
            initial = terms.Literal(moving.field, rule.initial)
            yield Check("", rule, Not(Compare(moving, Operator.EQUAL, initial)), (CREATED,))
        yield self._if_changed((moving.field,), Not(terms.Moved(moving.field, rule.allowed)))

    def _immutable(self, rule: domain.Immutable) -> Iterator[Check]:
        if not rule.changeable:
            fields = tuple(self.entity.field(key) for key in rule.fields) or self.entity.fields
            broken = every(*self._where(rule.where, terms.BEFORE), terms.Changed(fields))
            yield Check("", rule, broken, (CHANGED,))
        if not rule.deletable:
            where = self._where(rule.where)
            yield Check("", rule, every(*where) if where else None, (DELETED,))

    def _conditional(self, rule: domain.ConditionalRequirement) -> Iterator[Check]:
        broken = every(*self._where(rule.where), terms.negated(every(*self._where(rule.then))))
        if rule.on == "always":
            yield self._always(broken, keys_of(rule))
            return
        yield Check("", rule, broken, (CREATED,))
        references = looked_through(self.view, self.entity, keys_of(rule))
        if references:
            yield self._if_changed(references, broken)


def _before(one: terms.Value, other: terms.Value) -> Term:
    """Whether a start comes before an end, where an empty end is endless."""
    if not other.nullable:
        return Compare(one, Operator.LESS, other)
    started = (Not(terms.Empty(one, unset=True)),) if one.nullable else ()
    ends = (terms.Empty(other, unset=True), Compare(one, Operator.LESS, other))
    return every(*started, terms.Any(ends))
