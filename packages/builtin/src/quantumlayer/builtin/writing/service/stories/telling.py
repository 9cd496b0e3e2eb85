"""What the stories of several kinds of rules share."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.builtin.domain import Condition, CountLimit, FieldType, Rule, SumLimit
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
    looks_away,
)
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Given,
    Goal,
    Parent,
    Ref,
    candidates,
    reach,
    solve,
)
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.samples import (
    Value,
    number_range,
    sample,
)
from quantumlayer.builtin.writing.service.scenarios import (
    Reason,
    Scenario,
    Stage,
)
from quantumlayer.builtin.writing.service.world import Record

SMALL_LIMIT = 2
_MOST_STEPS = 4


def anything(_world: object, _record: Record) -> bool:
    """The goal that every record reaches."""
    return True


@dataclass
class Teller:
    """Tells stories about one rule of one entity."""

    view: ServiceView
    entity: EntityView
    rule: Rule

    @property
    def reason(self) -> Reason:
        """Who refuses what the rule forbids."""
        return Reason(self.rule.requirement, self.rule)

    def stage(self) -> Stage:
        """A stage without records."""
        return Stage.empty(self.view)

    def story(self, name: str, stage: Stage) -> Scenario:
        """The steps of a stage as a story."""
        slug = f"{statement_slug(self.rule.statement)}_{name}"
        return Scenario(self.rule.requirement, slug, self.rule.statement, stage.steps)

    def meets(self, tests: tuple[Condition, ...]) -> Goal:
        """The goal that all conditions hold."""
        return lambda world, record: world.holds_all(self.entity, tests, record)

    def fails(self, tests: tuple[Condition, ...]) -> Goal:
        """The goal that not all conditions hold."""
        return lambda world, record: not world.holds_all(self.entity, tests, record)

    def base_parent(self, reference: FieldView, goal: Goal = anything) -> Parent:
        """The record that a reference points to in the simplest record that reaches the goal."""
        stage = self.stage()
        found = solve(stage.kitchen, self.entity, {}, goal) or {}
        recipe = dict(stage.kitchen.recipes[self.entity.name].constants)
        given = found.get(reference.key, recipe.get(reference.key))
        return given if isinstance(given, Parent) else Parent(self.view.target(reference).name)

    def make_parent(
        self, stage: Stage, reference: FieldView, name: str, parent: Parent, **more: Given
    ) -> bool:
        """Make the record of a reference under a name, step by step."""
        target = self.view.target(reference)
        if not stage.make(target, {**dict(parent.changes), **more}, name):
            return False
        return all(stage.patch(name, dict(patch)) for patch in parent.patches)

    def group(
        self, per: tuple[str, ...], stage: Stage, where: tuple[Condition, ...] = ()
    ) -> Changes | None:
        """Values of keys that put records into one group; makes the records they point to."""
        group: Changes = {}
        for key in per:
            name, _, part = key.partition(".")
            member = self.entity.field(name)
            if member.type is FieldType.REFERENCE:
                parent = self.base_parent(member, self.meets(where))
                limit = self._small_limit(member)
                if not self.make_parent(stage, member, member.field.name, parent, **limit):
                    return None
                group[member.key] = Ref(member.field.name)
            elif not (is_date_part(key) and part != "date"):
                constants = dict(stage.kitchen.recipes[self.entity.name].constants)
                group[member.key] = constants.get(member.key, sample(self.entity, member, 1))
        return group

    def _small_limit(self, reference: FieldView) -> dict[str, Given]:
        """A small limit where the rule reads it from the record of the reference."""
        limit = self.limit_field(reference)
        if limit is None:
            return {}
        small = max(Decimal(SMALL_LIMIT), number_range(limit).first)
        return {limit.key: number(limit, small)}

    def limit_field(self, reference: FieldView) -> FieldView | None:
        """The field from which the rule reads its limit, if the reference leads to it."""
        if not isinstance(self.rule, CountLimit | SumLimit) or not self.rule.maximum_field:
            return None
        name = self.rule.maximum_field.rpartition(".")[2]
        for field in self.view.target(reference).fields:
            if name in (field.key, field.field.name):
                return field
        return None

    def filled(
        self,
        begun: Stage,
        group: Changes,
        where: tuple[Condition, ...],
        size: int,
        name: str = "",
    ) -> tuple[Stage, Changes] | None:
        """A stage with so many records of a group that count, and what makes one count."""
        stage = begun.copy()
        counted: Changes | None = None
        for at in range(size):
            known = name if at == 0 else ""
            if counted is None or not stage.make(self.entity, {**group, **counted}, known):
                counted = solve(stage.kitchen, self.entity, group, self.meets(where))
                if counted is None or not stage.make(self.entity, {**group, **counted}, known):
                    return None
        if counted is None:
            counted = solve(stage.kitchen, self.entity, group, self.meets(where)) or {}
        return stage, counted

    def not_counted(
        self, full: Stage, group: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        """Records outside the conditions, and those of other groups, do not count."""
        if where:
            changes = solve(full.kitchen, self.entity, group, self.fails(where))
            stage = full.copy()
            if changes is not None and stage.post(self.entity, {**group, **changes}):
                yield self.story("counts_only_what_it_says", stage)
        stage = full.copy()
        if group and stage.post(self.entity, {}):
            yield self.story("counts_each_group_alone", stage)

    def freed(
        self, full: Stage, one_more: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        """What no longer counts makes room; the record "first" counts."""
        for change in self._own_changes(full, where):
            stage = full.copy()
            if not stage.patch("first", change):
                continue
            outside = self.fails(where)(stage.kitchen.world, stage.record("first"))
            if outside and stage.post(self.entity, one_more):
                yield self.story("frees_a_place_by_a_change", stage)
                break
        stage = full.copy()
        if stage.delete("first") and stage.post(self.entity, one_more):
            yield self.story("frees_a_place_by_a_deletion", stage)

    def _own_changes(self, stage: Stage, where: tuple[Condition, ...]) -> Iterator[Changes]:
        for key in dict.fromkeys(test.field for test in where if not looks_away(test)):
            for value in candidates(stage.kitchen, self.entity, key):
                yield {key: value}

    def moved(
        self, full: Stage, group: Changes, counted: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        """A record cannot be changed into a group that is full."""
        for key, value in group.items():
            stage = full.copy()
            outside = {k: v for k, v in {**group, **counted}.items() if k != key}
            if stage.make(self.entity, outside, "other") and stage.patch(
                "other", {key: value}, self.reason
            ):
                yield self.story("refuses_a_move_into_a_full_group", stage)
                break
        uncounted = solve(full.kitchen, self.entity, group, self.fails(where)) if where else None
        if uncounted is None:
            return
        for change in self._own_changes(full, where):
            stage = full.copy()
            if stage.make(self.entity, {**group, **uncounted}, "other") and stage.patch(
                "other", change, self.reason
            ):
                yield self.story("refuses_a_change_that_would_count", stage)
                return

    def seen_from_parents(
        self, full: Stage, group: Changes, where: tuple[Condition, ...], more: Changes
    ) -> Iterator[Scenario]:
        """A change of another record, at which the conditions look, can break the rule too.

        `full` holds as many records as may count where the condition does not look at a record of
        the group; where it does, records are added while that record does not let them count.
        """
        for test in where:
            seen, reference, target = resolve(self.view, self.entity, test.field)
            if reference is None:
                continue
            name = f"other_{reference.field.name}"
            apart = self.base_parent(reference, self.fails(where))
            stage = full.copy()
            if reference.key in group or not self.make_parent(stage, reference, name, apart):
                continue
            if not stage.make(self.entity, {**group, **more, reference.key: Ref(name)}):
                continue
            for value in candidates(stage.kitchen, target, seen.key):
                trial = stage.copy()
                if trial.patch(name, {seen.key: value}, self.reason):
                    yield self.story(f"refuses_a_change_of_the_{target.slug}", trial)
                    break

    def arrive(self, goal: Goal, fixed: Changes | None = None) -> Stage | None:
        """A stage whose record "stored" reaches the goal, by its own changes or its parents'."""
        fixed = fixed or {}
        stage = self.stage()
        way = reach(stage.kitchen, self.entity, goal, fixed)
        if way is not None:
            if stage.make(self.entity, {**fixed, **way[0]}, "stored") and all(
                stage.patch("stored", patch) for patch in way[1]
            ):
                return stage
            return None
        for reference in self.entity.references:
            arrived = self._arrive_by_parent(goal, reference)
            if arrived is not None:
                return arrived
        return None

    def _arrive_by_parent(self, goal: Goal, reference: FieldView) -> Stage | None:
        begun = self.stage()
        name = reference.field.name
        if not self.make_parent(begun, reference, name, self.base_parent(reference)):
            return None
        if not begun.make(self.entity, {reference.key: Ref(name)}, "stored"):
            return None
        edges = [begun]
        for _ in range(_MOST_STEPS):
            following: list[Stage] = []
            for place in edges:
                for change in self._parent_changes(place, reference):
                    stage = place.copy()
                    if not stage.patch(name, change):
                        continue
                    if goal(stage.kitchen.world, stage.record("stored")):
                        return stage
                    following.append(stage)
            edges = following[:12]
        return None

    def _parent_changes(self, stage: Stage, reference: FieldView) -> Iterator[Changes]:
        target = self.view.target(reference)
        record = stage.record(reference.field.name)
        options: list[Changes] = []
        for field in target.fields:
            if field.type is FieldType.REFERENCE:
                continue
            values = candidates(stage.kitchen, target, field.key)
            options += [{field.key: value} for value in values if value != record[field.key]]
        yield from options
        for one in options:
            yield from ({**one, **two} for two in options if one.keys() != two.keys())


def number(member: FieldView, value: Decimal) -> Value:
    """A number as a value of the field."""
    return int(value) if member.type is FieldType.INTEGER else value
