"""What the stories of several kinds of rules share."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import CountLimit, FieldType, Rule, SumLimit
from quantumlayer.builtin.writing.service import search
from quantumlayer.builtin.writing.service.fields import FieldView, is_date_part
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import empty_stage, usual_parent
from quantumlayer.builtin.writing.service.references import limit_of
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes, Given, Parent, Ref
from quantumlayer.builtin.writing.service.stage import Goal, Stage
from quantumlayer.builtin.writing.service.values import Value, bounds
from quantumlayer.builtin.writing.service.world import Reason

_SMALL_LIMIT = 2
Tests = tuple[Condition, ...]
Story = tuple[str, Iterable[Stage]]
"""What is shown, and ways to show it: the first on which all comes out as it should is told."""


@dataclass(frozen=True)
class Teller:
    """Tells stories about one rule of one entity, or the uniqueness of a field."""

    view: ServiceView
    entity: EntityView
    reason: Reason
    """Who refuses what the rule forbids."""
    statement: str
    topic: str
    rule: Rule | None = None

    @property
    def stage(self) -> Stage:
        """A stage without records."""
        return empty_stage(self.view)

    def posted(self, body: Changes | None, reason: Reason | None = None) -> list[Stage]:
        """The stage on which a first record is asked for, if there is a body."""
        return [] if body is None else [self.stage.post(self.entity, body, reason)]

    def meets(self, tests: Tests) -> Goal:
        """The goal that all conditions hold."""
        return search.holding(self.entity, tests)

    def fails(self, tests: Tests) -> Goal:
        """The goal that not all conditions hold."""
        return search.holding(self.entity, tests, wanted=False)

    def parent(self, reference: FieldView, goal: Goal | None = None) -> Parent:
        """The record that a reference points to in the simplest record that reaches the goal."""
        changes = search.solve(self.stage, self.entity, {}, goal)
        return usual_parent(self.view, self.entity, reference, changes)

    def grouped(self, per: tuple[str, ...], where: Tests = ()) -> tuple[Stage, Changes]:
        """Values of keys that put records into one group, and the records they point to."""
        stage, group = self.stage, Changes()
        constants = stage.recipes[self.entity.name].constants
        for key in per:
            name, _, part = key.partition(".")
            member = self.entity.field(name)
            if member.type is FieldType.REFERENCE:
                parent, named = self.parent(member, self.meets(where)), member.field.name
                stage = stage.arrive(parent, named, **self._small_limit(member))
                group[member.key] = Ref(named)
            elif not (is_date_part(key) and part != "date"):
                group[member.key] = constants.get(member.key, sample(self.entity, member, 1))
        return stage, group

    def _small_limit(self, reference: FieldView) -> dict[str, Given]:
        """A small limit where the rule reads it from the record of the reference."""
        if self.limit is None or self.limit[0] != reference:
            return {}
        limit = self.limit[1]
        return {limit.key: number(limit, max(Decimal(_SMALL_LIMIT), Decimal(bounds(limit)[0])))}

    @property
    def limit(self) -> tuple[FieldView, FieldView] | None:
        """The reference to the record that holds the limit of the rule, and the field of that."""
        if isinstance(self.rule, CountLimit | SumLimit) and self.rule.maximum_field:
            return limit_of(self.view, self.entity, self.rule)
        return None

    def arrived(self, goal: Goal) -> Stage | None:
        """A stage whose record "stored" reaches the goal, by its own changes or its parents'."""
        way = search.reach(self.stage, self.entity, goal)
        if way is not None:
            return self.stage.arrive(way, "stored") or None
        found = (self._arrived_by_parent(goal, each) for each in self.entity.references)
        return next((stage for stage in found if stage is not None), None)

    def _arrived_by_parent(self, goal: Goal, reference: FieldView) -> Stage | None:
        name, target = reference.field.name, self.view.target(reference)
        begun = self.stage.arrive(self.parent(reference), name)
        begun = begun.make(self.entity, {reference.key: Ref(name)}, "stored")
        own = [field.key for field in target.fields if field.type is not FieldType.REFERENCE]
        return search.changed_until(
            begun, name, own, lambda stage: goal(stage.world, stage.record("stored"))
        )


def number(member: FieldView, value: Decimal) -> Value:
    """A number as a value of the field."""
    return int(value) if member.type is FieldType.INTEGER else value
