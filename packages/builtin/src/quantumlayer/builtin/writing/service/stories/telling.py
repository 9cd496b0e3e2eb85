"""What the stories of several kinds of rules share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from quantumlayer.builtin.domain import Condition, CountLimit, FieldType, Rule, SumLimit
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Goal, Parent, Ref
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
)
from quantumlayer.builtin.writing.service.ranges import bounds
from quantumlayer.builtin.writing.service.recipes import usual_parent
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Reason, Scenario, Stage
from quantumlayer.builtin.writing.service.search import candidates, parent_of, reach, solve
from quantumlayer.builtin.writing.service.values import Record, Value

_SMALL_LIMIT = 2
_MOST_STEPS, _MOST_EDGES = 4, 12
Tests = tuple[Condition, ...]


def anything(_world: object, _record: Record) -> bool:
    """The goal that every record reaches."""
    return True


@dataclass(frozen=True)
class Teller:
    """Tells stories about one rule of one entity, or the uniqueness of a field."""

    view: ServiceView
    entity: EntityView
    reason: Reason
    """Who refuses what the rule forbids."""
    statement: str
    rule: Rule | None = None
    topic: str = ""

    def stage(self) -> Stage:
        """A stage without records."""
        return Stage.empty(self.view)

    def told(self, name: str, stages: Iterable[Stage]) -> Iterator[Scenario]:
        """The story of the first stage on which all came out as it should, if there is one."""
        for stage in stages:
            if stage.well:
                topic = self.topic or statement_slug(self.statement)
                told = Scenario(self.reason.requirement, self.statement, topic, name, stage.steps)
                yield told.tidied()
                return

    def meets(self, tests: Tests) -> Goal:
        """The goal that all conditions hold."""
        return lambda world, record: world.holds_all(self.entity, tests, record)

    def fails(self, tests: Tests) -> Goal:
        """The goal that not all conditions hold."""
        return lambda world, record: not world.holds_all(self.entity, tests, record)

    def solved(self, goal: Goal, fixed: Changes | None = None) -> Changes | None:
        """The body of a new record that is accepted and reaches a goal, where there is none yet."""
        found = solve(self.stage().kitchen, self.entity, fixed or {}, goal)
        return None if found is None else {**(fixed or {}), **found}

    def parent(self, reference: FieldView, goal: Goal = anything) -> Parent:
        """The record that a reference points to in the simplest record that reaches the goal."""
        return usual_parent(self.view, self.entity, reference, self.solved(goal))

    def grouped(self, per: tuple[str, ...], where: Tests = ()) -> tuple[Stage, Changes]:
        """Values of keys that put records into one group, and the records they point to."""
        stage, group = self.stage(), Changes()
        constants = dict(stage.kitchen.recipes[self.entity.name].constants)
        for key in per:
            name, _, part = key.partition(".")
            member = self.entity.field(name)
            if member.type is FieldType.REFERENCE:
                parent = self.parent(member, self.meets(where))
                named, target = member.field.name, self.view.target(member)
                stage = stage.arrive(target, parent, named, **self._small_limit(member))
                group[member.key] = Ref(named)
            elif not (is_date_part(key) and part != "date"):
                group[member.key] = constants.get(member.key, sample(self.entity, member, 1))
        return stage, group

    def _small_limit(self, reference: FieldView) -> dict[str, Given]:
        """A small limit where the rule reads it from the record of the reference."""
        limit = self.limit_field(reference)
        if limit is None:
            return {}
        return {limit.key: number(limit, max(Decimal(_SMALL_LIMIT), Decimal(bounds(limit)[0])))}

    def limit_field(self, reference: FieldView) -> FieldView | None:
        """The field from which the rule reads its limit, if the reference leads to it."""
        if not isinstance(self.rule, CountLimit | SumLimit) or not self.rule.maximum_field:
            return None
        name = self.rule.maximum_field.rpartition(".")[2]
        fields = self.view.target(reference).fields
        return next((f for f in fields if name in (f.key, f.field.name)), None)

    def arrived(self, goal: Goal) -> Stage | None:
        """A stage whose record "stored" reaches the goal, by its own changes or its parents'."""
        way = reach(self.stage().kitchen, self.entity, goal)
        if way is not None:
            stage = self.stage().arrive(self.entity, parent_of(self.entity, *way), "stored")
            return stage if stage.well else None
        found = (self._arrived_by_parent(goal, each) for each in self.entity.references)
        return next((stage for stage in found if stage is not None), None)

    def _arrived_by_parent(self, goal: Goal, reference: FieldView) -> Stage | None:
        name, target = reference.field.name, self.view.target(reference)
        begun = self.stage().arrive(target, self.parent(reference), name)
        edges = [begun.make(self.entity, {reference.key: Ref(name)}, "stored")]
        for _ in range(_MOST_STEPS):
            following: list[Stage] = []
            for place in (edge for edge in edges if edge.well):
                for change in _changes_of(place, target, name):
                    stage = place.patch(name, change)
                    if stage.well and goal(stage.kitchen.world, stage.record("stored")):
                        return stage
                    following += [stage] if stage.well else []
            edges = following[:_MOST_EDGES]
        return None


def _changes_of(stage: Stage, entity: EntityView, name: str) -> Iterator[Changes]:
    """Changes of one member of a named record, then of two."""
    options: list[Changes] = [
        {field.key: value}
        for field in entity.fields
        if field.type is not FieldType.REFERENCE
        for value in candidates(stage.kitchen, entity, field.key)
        if value != stage.record(name)[field.key]
    ]
    yield from options
    yield from ({**one, **two} for one, two in combinations(options, 2) if one.keys() != two.keys())


def number(member: FieldView, value: Decimal) -> Value:
    """A number as a value of the field."""
    return int(value) if member.type is FieldType.INTEGER else value
