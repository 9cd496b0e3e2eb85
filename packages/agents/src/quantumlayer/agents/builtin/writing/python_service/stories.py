"""The tests of each kind of rule: both sides, changes as well as creation, and races."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from quantumlayer.agents.builtin.writing.naming import statement_slug
from quantumlayer.agents.builtin.writing.python_service.conditions import resolve
from quantumlayer.agents.builtin.writing.python_service.model import (
    NUMBERS,
    EntityView,
    FieldView,
    ServiceView,
    is_date_part,
    looks_away,
)
from quantumlayer.agents.builtin.writing.python_service.recipes import (
    Changes,
    Given,
    Goal,
    Parent,
    Ref,
    candidates,
    is_valid,
    reach,
    shifted,
    solve,
)
from quantumlayer.agents.builtin.writing.python_service.samples import (
    Value,
    number_range,
    sample,
)
from quantumlayer.agents.builtin.writing.python_service.scenarios import (
    Reason,
    Scenario,
    Stage,
)
from quantumlayer.agents.builtin.writing.python_service.world import Record, World
from quantumlayer.qlayer.requirements import (
    Comparison,
    Condition,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    FieldType,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)

_MOST_RECORDS = 60
_SMALL_LIMIT = 2


def rule_scenarios(view: ServiceView, entity: EntityView, rule: Rule) -> list[Scenario]:
    """What can be shown of a rule, each story once and only if it holds in the world."""
    teller = _Teller(view, entity, rule)
    return [story for story in teller.tell() if story.steps]


def unique_scenarios(view: ServiceView, entity: EntityView, field: FieldView) -> list[Scenario]:
    """That a field is unique: on creation, on change, and under concurrent requests."""
    reason = Reason(field.field.requirement, unique=field.key)
    statement = f"The {field.words} of {entity.one} is unique."
    slug = f"{entity.slug}_{field.field.name}_is_unique"

    def story(name: str, stage: Stage) -> Scenario:
        return Scenario(reason.requirement, f"{slug}_{name}", statement, stage.steps)

    found = []
    value = sample(entity, field, 1) if field.type is not FieldType.REFERENCE else Ref("parent")
    taken: Changes = {field.key: value}
    stage = Stage.empty(view)
    if isinstance(value, Ref) and not stage.make(view.target(field), {}, "parent"):
        return []
    if stage.make(entity, taken):
        again = stage.copy()
        if again.post(entity, taken, reason):
            found.append(story("on_creation", again))
        other = stage.copy()
        if other.make(entity, {}, "other") and other.patch("other", taken, reason):
            found.append(story("on_change", other))
    race = Stage.empty(view)
    if not isinstance(value, Ref) and race.race(entity, taken, 1, reason):
        found.append(story("under_concurrent_requests", race))
    return found


@dataclass
class _Teller:
    view: ServiceView
    entity: EntityView
    rule: Rule

    @property
    def reason(self) -> Reason:
        return Reason(self.rule.requirement, self.rule)

    def tell(self) -> Iterator[Scenario]:
        match self.rule:
            case CountLimit():
                yield from self._count_limit(self.rule)
            case SumLimit():
                yield from self._sum_limit(self.rule)
            case UniqueTogether():
                yield from self._unique_together(self.rule)
            case NoOverlap():
                yield from self._no_overlap(self.rule)
            case Comparison():
                yield from self._comparison(self.rule)
            case RelativeDate():
                yield from self._relative_date(self.rule)
            case Transitions():
                yield from self._transitions(self.rule)
            case Immutable():
                yield from self._immutable(self.rule)
            case ConditionalRequirement():
                yield from self._conditional(self.rule)
            case DeleteRestricted():
                yield from self._delete_restricted(self.rule)

    def _story(self, name: str, stage: Stage) -> Scenario:
        slug = f"{statement_slug(self.rule.statement)}_{name}"
        return Scenario(self.rule.requirement, slug, self.rule.statement, stage.steps)

    def _meets(self, tests: tuple[Condition, ...]) -> Goal:
        return lambda world, record: world.holds_all(self.entity, tests, record)

    def _fails(self, tests: tuple[Condition, ...]) -> Goal:
        return lambda world, record: not world.holds_all(self.entity, tests, record)

    def _group(self, per: tuple[str, ...], stage: Stage) -> Changes | None:
        """Values of keys that put records into one group; makes the records they point to."""
        group: Changes = {}
        for key in dict.fromkeys(name.partition(".")[0] for name in per):
            member = self.entity.field(key)
            if member.type is FieldType.REFERENCE:
                name = member.field.name
                if not stage.make(self.view.target(member), self._of_parent(member), name):
                    return None
                group[member.key] = Ref(name)
            else:
                constants = dict(stage.kitchen.recipes[self.entity.name].constants)
                group[member.key] = constants.get(member.key, sample(self.entity, member, 1))
        return group

    def _of_parent(self, member: FieldView) -> Changes:
        """What the record that a group shares must be, so that a limit of its own is small."""
        if not isinstance(self.rule, CountLimit | SumLimit) or not self.rule.maximum_field:
            return self._asked_of_parent(member)
        target = self.view.target(member)
        name = self.rule.maximum_field.rpartition(".")[2]
        for limit in target.fields:
            if name in (limit.key, limit.field.name):
                allowed = number_range(limit)
                small = max(Decimal(_SMALL_LIMIT), allowed.first)
                value: Value = int(small) if limit.type is FieldType.INTEGER else small
                return {limit.key: value, **self._asked_of_parent(member)}
        return {}

    def _asked_of_parent(self, member: FieldView) -> Changes:
        """What the recipe gives to the record that it makes for the reference."""
        stage = Stage.empty(self.view)
        given = dict(stage.kitchen.recipes[self.entity.name].constants).get(member.key)
        return dict(given.changes) if isinstance(given, Parent) else {}

    # Counting and adding

    def _count_limit(self, rule: CountLimit) -> Iterator[Scenario]:
        begun = Stage.empty(self.view)
        group = self._group(rule.per, begun)
        if group is None:
            return
        limit = _SMALL_LIMIT if rule.maximum_field else rule.maximum or 0
        if rule.maximum_field:
            limit = int(self._limit_of(begun, rule, group))
        if limit > _MOST_RECORDS:
            return
        almost = self._filled(begun, group, rule.where, limit - 1)
        if almost is None:
            return
        stage, counted = almost
        accepted = stage.copy()
        if limit and accepted.post(self.entity, {**group, **counted}):
            yield self._story("accepts_the_limit", accepted)
        full = self._filled(begun, group, rule.where, limit, name="first")
        if full is None:
            return
        stage, counted = full
        one_more: Changes = {**group, **counted}
        refused = stage.copy()
        if refused.post(self.entity, one_more, self.reason):
            yield self._story("refuses_one_more", refused)
        yield from self._not_counted(stage, group, rule.where)
        yield from self._freed(stage, one_more, rule.where)
        yield from self._moved(stage, group, counted, rule.where)
        yield from self._lowered(stage, rule, group, limit)
        race = self._raced(begun, one_more, limit)
        if race is not None:
            yield self._story("holds_under_concurrent_requests", race)

    def _raced(self, begun: Stage, changes: Changes, limit: int) -> Stage | None:
        """A race for all places, or for the last ones where they are many."""
        race = begun.copy()
        places = min(limit, 3)
        for _ in range(limit - places):
            if not race.make(self.entity, changes):
                return None
        return race if race.race(self.entity, changes, places, self.reason) else None

    def _filled(
        self,
        begun: Stage,
        group: Changes,
        where: tuple[Condition, ...],
        number: int,
        name: str = "",
    ) -> tuple[Stage, Changes] | None:
        stage = begun.copy()
        counted: Changes | None = None
        for at in range(number):
            known = name if at == 0 else ""
            if counted is None or not stage.make(self.entity, {**group, **counted}, known):
                counted = solve(stage.kitchen, self.entity, group, self._meets(where))
                if counted is None or not stage.make(self.entity, {**group, **counted}, known):
                    return None
        if counted is None:
            counted = solve(stage.kitchen, self.entity, group, self._meets(where)) or {}
        return stage, counted

    def _not_counted(
        self, full: Stage, group: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        if where:
            changes = solve(full.kitchen, self.entity, group, self._fails(where))
            stage = full.copy()
            if changes is not None and stage.post(self.entity, {**group, **changes}):
                yield self._story("counts_only_what_it_says", stage)
        if group:
            stage = full.copy()
            if stage.post(self.entity, {}):
                yield self._story("counts_each_group_alone", stage)

    def _freed(
        self, full: Stage, one_more: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        for key in dict.fromkeys(test.field for test in where if not looks_away(test)):
            for value in candidates(full.kitchen, self.entity, key):
                stage = full.copy()
                if not stage.patch("first", {key: value}):
                    continue
                outside = self._fails(where)(stage.kitchen.world, stage.record("first"))
                if outside and stage.post(self.entity, one_more):
                    yield self._story("frees_a_place_by_a_change", stage)
                    return
        stage = full.copy()
        if stage.delete("first") and stage.post(self.entity, one_more):
            yield self._story("frees_a_place_by_a_deletion", stage)

    def _moved(
        self, full: Stage, group: Changes, counted: Changes, where: tuple[Condition, ...]
    ) -> Iterator[Scenario]:
        apart = {key: value for key, value in counted.items() if key not in group}
        stage = full.copy()
        for key, value in group.items():
            trial = stage.copy()
            if trial.make(self.entity, apart, "other") and trial.patch(
                "other", {key: value}, self.reason
            ):
                yield self._story("refuses_a_move_into_a_full_group", trial)
                break
        for changes, patch in self._entrances(full, group, where):
            trial = full.copy()
            if trial.make(self.entity, {**group, **changes}, "other") and trial.patch(
                "other", patch, self.reason
            ):
                yield self._story("refuses_a_change_that_would_count", trial)
                return

    def _entrances(
        self, full: Stage, group: Changes, where: tuple[Condition, ...]
    ) -> Iterator[tuple[Changes, Changes]]:
        """Records that do not count, and the changes by which they would."""
        if not where:
            return
        changes = solve(full.kitchen, self.entity, group, self._fails(where))
        if changes is None:
            return
        for key in dict.fromkeys(test.field for test in where if not looks_away(test)):
            for value in candidates(full.kitchen, self.entity, key):
                yield changes, {key: value}

    def _limit_of(self, stage: Stage, rule: CountLimit | SumLimit, group: Changes) -> Decimal:
        if rule.maximum_field is None:
            return Decimal(str(rule.maximum))
        name = rule.maximum_field.rpartition(".")[2]
        for value in group.values():
            if isinstance(value, Ref):
                record = stage.record(value.name)
                for key in (name, f"{name}_id"):
                    if record.get(key) is not None:
                        return Decimal(str(record[key]))
        return Decimal(0)

    def _lowered(
        self, full: Stage, rule: CountLimit | SumLimit, group: Changes, limit: int | Decimal
    ) -> Iterator[Scenario]:
        if not rule.maximum_field:
            return
        name = rule.maximum_field.rpartition(".")[2]
        for key, value in group.items():
            if not isinstance(value, Ref):
                continue
            target = self.view.target(self.entity.field(key))
            if name not in {f.field.name for f in target.fields} | {f.key for f in target.fields}:
                continue
            highest = target.field(name)
            lower = shifted(highest, _number(highest, Decimal(limit)), -1)
            higher = shifted(highest, _number(highest, Decimal(limit)), 1)
            raised = full.copy()
            if is_valid(highest, higher) and raised.patch(value.name, {highest.key: higher}):
                yield self._story("accepts_a_higher_limit", raised)
            if is_valid(highest, lower):
                stage = full.copy()
                if stage.patch(value.name, {highest.key: lower}, self.reason):
                    yield self._story("refuses_a_limit_below_what_is_there", stage)

    def _sum_limit(self, rule: SumLimit) -> Iterator[Scenario]:
        begun = Stage.empty(self.view)
        group = self._group(rule.per, begun)
        if group is None:
            return
        summed = self.entity.field(rule.field)
        limit = self._limit_of(begun, rule, group)
        allowed = number_range(summed)
        largest = min(allowed.last, limit)
        least = max(allowed.first, allowed.step)
        if largest <= 0 or limit / largest > _MOST_RECORDS:
            return
        fixed: Changes = {**group, summed.key: _number(summed, least)}
        counted = solve(begun.kitchen, self.entity, fixed, self._meets(rule.where))
        if counted is None:
            return
        shared: Changes = {**group, **counted}
        parts = _parts(limit, largest, least)
        full = begun.copy()
        for at, part in enumerate(parts[:-1]):
            if not full.make(
                self.entity,
                {**shared, summed.key: _number(summed, part)},
                "first" if at == 0 else "",
            ):
                return
        accepted = full.copy()
        last: Changes = {**shared, summed.key: _number(summed, parts[-1])}
        if accepted.post(self.entity, last):
            yield self._story("accepts_the_limit", accepted)
        name = "first" if len(parts) == 1 else ""
        if not full.make(self.entity, last, name):
            return
        one_more: Changes = {**shared, summed.key: _number(summed, least)}
        refused = full.copy()
        if refused.post(self.entity, one_more, self.reason):
            yield self._story("refuses_more", refused)
        yield from self._not_counted(
            full, {**group, summed.key: _number(summed, least)}, rule.where
        )
        yield from self._raised(full, summed)
        freed = full.copy()
        if freed.delete("first") and freed.post(self.entity, one_more):
            yield self._story("frees_room_by_a_deletion", freed)
        yield from self._lowered(full, rule, group, limit)
        half = (limit / 2 // allowed.step + 1) * allowed.step
        race = begun.copy()
        raced: Changes = {**shared, summed.key: _number(summed, half)}
        if least <= half <= largest and race.race(self.entity, raced, 1, self.reason):
            yield self._story("holds_under_concurrent_requests", race)

    def _raised(self, full: Stage, summed: FieldView) -> Iterator[Scenario]:
        raised = shifted(summed, full.record("first")[summed.key], 1)
        stage = full.copy()
        if is_valid(summed, raised) and stage.patch("first", {summed.key: raised}, self.reason):
            yield self._story("refuses_a_change_that_adds", stage)

    # Uniqueness and intervals

    def _unique_together(self, rule: UniqueTogether) -> Iterator[Scenario]:
        begun = Stage.empty(self.view)
        group = self._group(rule.fields, begun)
        if group is None:
            return
        full = self._filled(begun, group, rule.where, 1, name="first")
        if full is None:
            return
        stage, counted = full
        same: Changes = {**group, **counted}
        refused = stage.copy()
        if refused.post(self.entity, same, self.reason):
            yield self._story("refuses_the_same_again", refused)
        for key in group:
            differs = stage.copy()
            without = {k: v for k, v in same.items() if k != key}
            if len(group) > 1 and differs.post(self.entity, without):
                member = self.entity.field(key).field.name
                yield self._story(f"accepts_another_{member}", differs)
        yield from self._not_counted(stage, group, rule.where)
        yield from self._freed(stage, same, rule.where)
        yield from self._moved(stage, group, counted, rule.where)
        race = begun.copy()
        if race.race(self.entity, same, 1, self.reason):
            yield self._story("holds_under_concurrent_requests", race)

    def _no_overlap(self, rule: NoOverlap) -> Iterator[Scenario]:
        begun = Stage.empty(self.view)
        group = self._group(rule.per, begun)
        if group is None:
            return
        start, end = self.entity.field(rule.start), self.entity.field(rule.end)
        first = sample(self.entity, start, 4)
        times = [shifted(start, first, steps) for steps in (-20, -10, 0, 10, 20, 30)]

        def between(one: int, other: int) -> Changes:
            return {**group, start.key: times[one], end.key: times[other]}

        counted = solve(begun.kitchen, self.entity, between(2, 4), self._meets(rule.where))
        if counted is None or not begun.make(self.entity, {**between(2, 4), **counted}, "first"):
            return
        for name, one, other in (
            ("refuses_the_same_interval", 2, 4),
            ("refuses_one_that_begins_inside", 3, 5),
            ("refuses_one_that_ends_inside", 1, 3),
            ("refuses_one_around_it", 1, 5),
        ):
            stage = begun.copy()
            if stage.post(self.entity, {**between(one, other), **counted}, self.reason):
                yield self._story(name, stage)
        for name, one, other in (
            ("accepts_one_right_after", 4, 5),
            ("accepts_one_right_before", 1, 2),
        ):
            stage = begun.copy()
            if stage.post(self.entity, {**between(one, other), **counted}):
                yield self._story(name, stage)
        yield from self._elsewhere(begun, group, between(2, 4), counted, rule)
        stage = begun.copy()
        if stage.make(self.entity, {**between(4, 5), **counted}, "other") and stage.patch(
            "other", {start.key: times[3]}, self.reason
        ):
            yield self._story("refuses_a_change_into_another", stage)
        inverted = Stage.empty(self.view)
        if inverted.post(self.entity, {start.key: times[4], end.key: times[2]}, self.reason):
            yield self._story("refuses_an_end_before_the_start", inverted)
        race = Stage.empty(self.view)
        if self._group(rule.per, race) is not None and race.race(
            self.entity, {**between(2, 4), **counted}, 1, self.reason
        ):
            yield self._story("holds_under_concurrent_requests", race)

    def _elsewhere(
        self, begun: Stage, group: Changes, same: Changes, counted: Changes, rule: NoOverlap
    ) -> Iterator[Scenario]:
        for key in group:
            stage = begun.copy()
            elsewhere = {k: v for k, v in {**same, **counted}.items() if k != key}
            if stage.post(self.entity, elsewhere):
                yield self._story(
                    f"accepts_it_for_another_{self.entity.field(key).field.name}", stage
                )
        if rule.where:
            stage = begun.copy()
            apart = solve(begun.kitchen, self.entity, same, self._fails(rule.where))
            if apart is not None and stage.post(self.entity, {**same, **apart}):
                yield self._story("counts_only_what_it_says", stage)

    # Within one record

    def _comparison(self, rule: Comparison) -> Iterator[Scenario]:
        left = self.entity.field(rule.left.partition(".")[0])
        accepted = self._boundary(rule, holds=True)
        refused = self._boundary(rule, holds=False)
        if accepted is not None:
            stage = Stage.empty(self.view)
            if stage.post(self.entity, accepted):
                yield self._story("accepts_the_boundary", stage)
        if refused is None:
            return
        stage = Stage.empty(self.view)
        if stage.post(self.entity, refused, self.reason):
            yield self._story("refuses_what_is_beyond", stage)
        if accepted is None:
            return
        stage = Stage.empty(self.view)
        if stage.make(self.entity, accepted, "stored"):
            change = {left.key: refused[left.key]}
            if stage.patch("stored", change, self.reason):
                yield self._story("refuses_a_change_beyond", stage)
        yield from self._comparison_of_parent(rule, accepted)

    def _boundary(self, rule: Comparison, *, holds: bool) -> Changes | None:
        """Values just inside, or just beyond, what the rule allows."""
        kitchen = Stage.empty(self.view).kitchen
        left = self.entity.field(rule.left.partition(".")[0])
        right_field, reference, _ = resolve(self.view, self.entity, rule.right)
        recipe = kitchen.copy()
        made = recipe.make(self.entity, {})
        base = recipe.world.value(
            self.entity, recipe.world.tables[self.entity.name][made], rule.right
        )
        if base is None:
            base = sample(self.entity, right_field, 1)
        anchor = _as_kind(left, base)
        for steps in (0, 1, -1):
            value = shifted(left, anchor, steps)
            given: Changes = {left.key: value}
            if reference is None:
                given[right_field.key] = base
            elif not isinstance(
                dict(kitchen.recipes[self.entity.name].constants).get(reference.key), Parent
            ):
                given[reference.key] = Parent(self.view.target(reference).name)
            if not is_valid(left, value):
                continue
            stage = Stage.empty(self.view)
            if stage.post(self.entity, given, None if holds else self.reason):
                return given
        return None

    def _comparison_of_parent(self, rule: Comparison, accepted: Changes) -> Iterator[Scenario]:
        seen, reference, target = resolve(self.view, self.entity, rule.right)
        if reference is None:
            return
        stage = Stage.empty(self.view)
        name = reference.field.name
        if not stage.make(target, self._asked_of_parent(reference), name):
            return
        if not stage.make(self.entity, {**accepted, reference.key: Ref(name)}):
            return
        for steps in (1, -1):
            moved = shifted(seen, stage.record(name)[seen.key], steps)
            trial = stage.copy()
            if is_valid(seen, moved) and trial.patch(name, {seen.key: moved}, self.reason):
                yield self._story(f"refuses_a_change_of_the_{target.slug}", trial)
                return

    def _relative_date(self, rule: RelativeDate) -> Iterator[Scenario]:
        dated = self.entity.field(rule.field)
        for value in _around_now(self.view, self.entity, dated):
            inside, outside = Stage.empty(self.view), Stage.empty(self.view)
            when = {-1: "just_before", 0: "now", 1: "just_after"}[value[0]]
            given: Changes = {dated.key: value[1]}
            fitting = solve(
                inside.kitchen, self.entity, given, lambda _world, _record: True, settle=1
            )
            if fitting is not None and inside.post(self.entity, {**given, **fitting}):
                yield self._story(f"accepts_{when}", inside)
            elif self._refused_with_fit(outside, given):
                yield self._story(f"refuses_{when}", outside)
                stage = Stage.empty(self.view)
                changed: Changes = dict(outside.steps[-1].changes)  # type: ignore[union-attr]
                if stage.make(self.entity, {}, "stored") and stage.patch(
                    "stored", changed, self.reason
                ):
                    yield self._story(f"refuses_a_change_to_{when}", stage)

    def _refused_with_fit(self, stage: Stage, given: Changes) -> bool:
        """Ask for a record that only this rule refuses, helped by one more change if need be."""
        if stage.post(self.entity, given, self.reason):
            return True
        for member in self.entity.fields:
            if member.key in given or member.type is FieldType.REFERENCE:
                continue
            for value in candidates(stage.kitchen, self.entity, member.key):
                if stage.post(self.entity, {**given, member.key: value}, self.reason):
                    return True
        return False

    # Changes

    def _transitions(self, rule: Transitions) -> Iterator[Scenario]:
        member = self.entity.field(rule.field)
        start = rule.initial or str(sample(self.entity, member, 0))
        for choice in member.field.choices:
            stage = Stage.empty(self.view)
            if (
                choice != rule.initial
                and rule.initial
                and stage.post(self.entity, {member.key: choice}, self.reason)
            ):
                yield self._story(f"does_not_start_{statement_slug(choice)}", stage)
        stage = Stage.empty(self.view)
        if rule.initial and stage.post(self.entity, {member.key: rule.initial}):
            yield self._story(f"starts_{statement_slug(rule.initial)}", stage)
        for state in member.field.choices:
            begun = self._arrived(member, start, state)
            if begun is None:
                continue
            for target in member.field.choices:
                if target != state:
                    yield from self._move(rule, begun, member, state, target)

    def _arrived(self, member: FieldView, start: str, state: str) -> Stage | None:
        """A stage whose record "stored" has come to the state by allowed moves."""
        stage = Stage.empty(self.view)
        fixed: Changes = (
            {} if isinstance(self.rule, Transitions) and self.rule.initial else {member.key: start}
        )
        way = (
            reach(
                stage.kitchen,
                self.entity,
                lambda _world, record: record[member.key] == state,
                fixed,
                5,
            )
            if state != start
            else (fixed, [])
        )
        if way is None or not stage.make(self.entity, {**fixed, **way[0]}, "stored"):
            return None
        return stage if all(stage.patch("stored", patch) for patch in way[1]) else None

    def _move(
        self, rule: Transitions, begun: Stage, member: FieldView, state: str, target: str
    ) -> Iterator[Scenario]:
        name = f"from_{statement_slug(state)}_to_{statement_slug(target)}"
        change: Changes = {member.key: target}
        if (state, target) not in rule.allowed:
            stage = begun.copy()
            if stage.patch("stored", change, self.reason):
                yield self._story(f"refuses_{name}", stage)
            return
        for extra in self._extras(begun, member):
            stage = begun.copy()
            if stage.patch("stored", {**change, **extra}):
                yield self._story(f"accepts_{name}", stage)
                return

    def _extras(self, begun: Stage, member: FieldView) -> Iterator[Changes]:
        yield {}
        for other in self.entity.fields:
            if other.key != member.key:
                for value in candidates(begun.kitchen, self.entity, other.key):
                    if not isinstance(value, Parent):
                        yield {other.key: value}

    def _immutable(self, rule: Immutable) -> Iterator[Scenario]:
        way = reach(Stage.empty(self.view).kitchen, self.entity, self._meets(rule.where))
        if way is None:
            return
        frozen = Stage.empty(self.view)
        if not frozen.make(self.entity, way[0], "stored") or not all(
            frozen.patch("stored", patch) for patch in way[1]
        ):
            return
        names = rule.fields or tuple(f.key for f in self.entity.fields)
        for member in (self.entity.field(name) for name in names):
            yield from self._frozen_field(rule, frozen, member)
        gone = frozen.copy()
        if not rule.deletable and gone.delete("stored", self.reason):
            yield self._story("refuses_a_deletion", gone)
        kept = frozen.copy()
        if rule.deletable and kept.delete("stored"):
            yield self._story("still_allows_a_deletion", kept)
        yield from self._not_yet_frozen(rule)

    def _frozen_field(
        self, rule: Immutable, frozen: Stage, member: FieldView
    ) -> Iterator[Scenario]:
        for value in _other_values(frozen, self.entity, member):
            stage = frozen.copy()
            if stage.patch("stored", {member.key: value}, self.reason):
                yield self._story(f"refuses_a_change_of_{member.field.name}", stage)
                same = frozen.copy()
                if rule.fields and same.patch(
                    "stored", {member.key: same.record("stored")[member.key]}
                ):
                    pass
                return

    def _not_yet_frozen(self, rule: Immutable) -> Iterator[Scenario]:
        if not rule.where:
            return
        way = reach(Stage.empty(self.view).kitchen, self.entity, self._fails(rule.where))
        stage = Stage.empty(self.view)
        if way is None or not stage.make(self.entity, way[0], "stored"):
            return
        if not all(stage.patch("stored", patch) for patch in way[1]):
            return
        names = rule.fields or tuple(f.key for f in self.entity.fields)
        for member in (self.entity.field(name) for name in names):
            for value in _other_values(stage, self.entity, member):
                trial = stage.copy()
                if trial.patch("stored", {member.key: value}):
                    yield self._story("allows_changes_before", trial)
                    return
        gone = stage.copy()
        if not rule.deletable and gone.delete("stored"):
            yield self._story("allows_a_deletion_before", gone)

    def _conditional(self, rule: ConditionalRequirement) -> Iterator[Scenario]:
        accepted = solve(
            Stage.empty(self.view).kitchen, self.entity, {}, self._meets((*rule.where, *rule.then))
        )
        stage = Stage.empty(self.view)
        if accepted is not None and stage.post(self.entity, accepted):
            yield self._story("accepts_what_it_asks", stage)
        unmet = self._unmet_body(rule)
        if unmet is not None:
            stage = Stage.empty(self.view)
            if stage.post(self.entity, unmet, self.reason):
                yield self._story("refuses_what_it_forbids", stage)
        if rule.where:
            apart = solve(Stage.empty(self.view).kitchen, self.entity, {}, self._fails(rule.where))
            stage = Stage.empty(self.view)
            if apart is not None and stage.post(self.entity, apart):
                yield self._story("asks_nothing_else", stage)
        yield from self._conditional_change(rule)
        yield from self._conditional_parent(rule)

    def _unmet_body(self, rule: ConditionalRequirement) -> Changes | None:
        """A body that this rule alone refuses."""
        free = _without(self.view, self.entity, rule)
        stage = Stage.empty(self.view)
        unmet: Goal = lambda world, record: (  # noqa: E731
            world.holds_all(self.entity, rule.where, record)
            and not world.holds_all(self.entity, rule.then, record)
        )
        del free
        return _solve_refused(stage, self.entity, self.reason, unmet)

    def _conditional_change(self, rule: ConditionalRequirement) -> Iterator[Scenario]:
        met = self._meets((*rule.where, *rule.then))
        for goal in (met, self._fails(rule.where)):
            begun = Stage.empty(self.view)
            way = reach(begun.kitchen, self.entity, goal)
            if way is None or not begun.make(self.entity, way[0], "stored"):
                continue
            if not all(begun.patch("stored", patch) for patch in way[1]):
                continue
            keys = dict.fromkeys(t.field.partition(".")[0] for t in (*rule.then, *rule.where))
            for key in keys:
                for value in candidates(begun.kitchen, self.entity, key):
                    stage = begun.copy()
                    if stage.patch("stored", {key: value}, self.reason):
                        yield self._story("refuses_a_change_against_it", stage)
                        return

    def _conditional_parent(self, rule: ConditionalRequirement) -> Iterator[Scenario]:
        if rule.on != "always":
            return
        for test in (*rule.then, *rule.where):
            seen, reference, target = resolve(self.view, self.entity, test.field)
            if reference is None:
                continue
            name = reference.field.name
            begun = Stage.empty(self.view)
            accepted = solve(begun.kitchen, self.entity, {}, self._meets((*rule.where, *rule.then)))
            if accepted is None:
                return
            parent = accepted.get(reference.key) or dict(
                begun.kitchen.recipes[self.entity.name].constants
            ).get(reference.key)
            if not isinstance(parent, Parent) or not begun.make(target, dict(parent.changes), name):
                continue
            for patch in parent.patches:
                begun.patch(name, dict(patch))
            rest = {k: v for k, v in accepted.items() if k != reference.key}
            if not begun.make(self.entity, {**rest, reference.key: Ref(name)}):
                continue
            for value in candidates(begun.kitchen, target, seen.key):
                stage = begun.copy()
                if stage.patch(name, {seen.key: value}, self.reason):
                    yield self._story(f"refuses_a_change_of_the_{target.slug}", stage)
                    return

    def _delete_restricted(self, rule: DeleteRestricted) -> Iterator[Scenario]:
        by = self.view.entity(rule.by)
        reference = by.field(rule.by_field)
        owner = self.entity.slug

        def with_user(goal: Goal) -> Stage | None:
            stage = Stage.empty(self.view)
            if not stage.make(self.entity, {}, owner):
                return None
            way = reach(stage.kitchen, by, goal, {reference.key: Ref(owner)})
            if way is None or not stage.make(by, {reference.key: Ref(owner), **way[0]}, "user"):
                return None
            return stage if all(stage.patch("user", patch) for patch in way[1]) else None

        blocked = with_user(lambda world, record: world.holds_all(by, rule.where, record))
        if blocked is not None and blocked.delete(owner, self.reason):
            yield self._story("refuses_a_deletion", blocked)
        if rule.where:
            free = with_user(lambda world, record: not world.holds_all(by, rule.where, record))
            if free is not None and free.delete(owner, gone="user"):
                yield self._story("deletes_what_does_not_block_too", free)
        alone = Stage.empty(self.view)
        if alone.make(self.entity, {}, owner) and alone.delete(owner):
            yield self._story("allows_a_deletion_otherwise", alone)


def _solve_refused(stage: Stage, entity: EntityView, reason: Reason, goal: Goal) -> Changes | None:
    """The fewest changes with which a new record is refused for this reason alone."""
    keys = [f.key for f in entity.fields]
    options = {key: candidates(stage.kitchen, entity, key) for key in keys}
    singles: list[Changes] = [{}] + [{k: v} for k in keys for v in options[k]]
    for changes in singles:
        if stage.copy().post(entity, changes, reason):
            return changes
    for one, first in ((k, v) for k in keys for v in options[k]):
        for other, second in ((k, v) for k in keys for v in options[k] if k > one):
            if stage.copy().post(entity, {one: first, other: second}, reason):
                return {one: first, other: second}
    del goal
    return None


def _without(view: ServiceView, entity: EntityView, rule: Rule) -> None:
    del view, entity, rule


def _number(member: FieldView, value: Decimal) -> Value:
    return int(value) if member.type is FieldType.INTEGER else value


def _parts(limit: Decimal, largest: Decimal, least: Decimal) -> list[Decimal]:
    """Numbers between `least` and `largest` whose sum is the limit."""
    whole, rest = divmod(limit, largest)
    parts = [largest] * int(whole)
    if rest:
        if rest < least:
            parts[-1] -= least - rest
            rest = least
        parts.append(rest)
    return parts


def _as_kind(member: FieldView, value: Value) -> Value:
    """A value as one of the field's kind: a moment for a day, a decimal for an integer."""
    if member.type is FieldType.DECIMAL and isinstance(value, int):
        return Decimal(value)
    if member.type is FieldType.INTEGER and isinstance(value, Decimal):
        return int(value)
    return value


def _around_now(
    view: ServiceView, entity: EntityView, dated: FieldView
) -> Iterator[tuple[int, Value]]:
    from quantumlayer.agents.builtin.writing.python_service.samples import NOW, TODAY

    del view, entity
    base: Value = NOW if dated.type is FieldType.DATETIME else TODAY
    for steps in (-1, 0, 1):
        value = shifted(dated, base, steps)
        if is_valid(dated, value):
            yield steps, value


def _other_values(stage: Stage, entity: EntityView, member: FieldView) -> list[Given]:
    current = stage.record("stored")[member.key]
    values = candidates(stage.kitchen, entity, member.key)
    extra: list[Given] = [] if member.type is FieldType.REFERENCE else [sample(entity, member, 7)]
    return [value for value in (*values, *extra) if value != current and value is not None]


__all__ = ["NUMBERS", "World", "is_date_part", "rule_scenarios", "unique_scenarios", "Record"]
