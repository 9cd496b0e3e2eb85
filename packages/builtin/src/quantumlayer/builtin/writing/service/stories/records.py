"""Rules within one record: comparisons, dates beside the clock, conditions."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from quantumlayer.builtin.domain import (
    Comparison,
    ConditionalRequirement,
    FieldType,
    Operator,
    RelativeDate,
)
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Parent,
    Ref,
    candidates,
    is_valid,
    shifted,
    solve,
)
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.samples import (
    NOW,
    TODAY,
    Value,
    sample,
)
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.stories.telling import Teller, anything


def comparison_stories(teller: Teller, rule: Comparison) -> Iterator[Scenario]:
    """Just inside is accepted, just outside refused, on creation and on change."""
    left = teller.entity.field(rule.left.partition(".")[0])
    if left.type is FieldType.REFERENCE:
        yield from _pointer_stories(teller, rule, left)
        return
    accepted = _boundary(teller, rule, holds=True)
    refused = _boundary(teller, rule, holds=False)
    for name, body, reason in (
        ("accepts_the_boundary", accepted, None),
        ("refuses_what_is_beyond", refused, teller.reason),
    ):
        stage = teller.stage()
        if body is not None and stage.post(teller.entity, body, reason):
            yield teller.story(name, stage)
    if accepted is None or refused is None:
        return
    stage = teller.stage()
    change: Changes = {left.key: refused[left.key]}
    if stage.make(teller.entity, accepted, "stored") and stage.patch(
        "stored", change, teller.reason
    ):
        yield teller.story("refuses_a_change_beyond", stage)
    _, reference, _ = resolve(teller.view, teller.entity, rule.right)
    if reference is not None:
        yield from _parent_changes(teller, rule.right, reference, accepted)


def _pointer_stories(teller: Teller, rule: Comparison, left: FieldView) -> Iterator[Scenario]:
    """Two references of a record: to one record and another, to the same record twice."""
    right = teller.entity.field(rule.right)
    target = teller.view.target(left)
    differ = rule.operator is Operator.NOT_EQUAL
    begun = teller.stage()
    if not begun.make(target, {}, "one") or not begun.make(target, {}, "other"):
        return
    apart: Changes = {left.key: Ref("one"), right.key: Ref("other")}
    same: Changes = {left.key: Ref("one"), right.key: Ref("one")}
    fitting, breaking = (apart, same) if differ else (same, apart)
    for name, body, reason in (
        ("accepts_two_records" if differ else "accepts_one_record", fitting, None),
        ("refuses_the_same_record" if differ else "refuses_two_records", breaking, teller.reason),
    ):
        stage = begun.copy()
        if stage.post(teller.entity, body, reason):
            yield teller.story(name, stage)
    stage = begun.copy()
    change: Changes = {left.key: Ref("other")}
    if stage.make(teller.entity, fitting, "stored") and stage.patch(
        "stored", change, teller.reason
    ):
        yield teller.story("refuses_such_a_change", stage)


def _boundary(teller: Teller, rule: Comparison, *, holds: bool) -> Changes | None:
    """Values just inside, or just beyond, what the rule allows."""
    left = teller.entity.field(rule.left.partition(".")[0])
    right, reference, target = resolve(teller.view, teller.entity, rule.right)
    tried = teller.stage()
    made = tried.kitchen.make(teller.entity, {})
    record = tried.kitchen.world.tables[teller.entity.name][made]
    base = tried.kitchen.world.value(teller.entity, record, rule.right)
    if base is None:
        base = sample(teller.entity if reference is None else target, right, 1)
    for steps in (0, 1, -1):
        value = shifted(left, _as_kind(left, base), steps)
        given: Changes = {left.key: value}
        if reference is None:
            given[right.key] = base
        elif reference.nullable:
            given[reference.key] = Parent(target.name)
        reason = None if holds else teller.reason
        if is_valid(left, value) and teller.stage().post(teller.entity, given, reason):
            return given
    return None


def _as_kind(member: FieldView, value: Value) -> Value:
    """A value as one of the field's kind: a decimal for an integer, and the reverse."""
    if member.type is FieldType.DECIMAL and isinstance(value, int):
        return Decimal(value)
    if member.type is FieldType.INTEGER and isinstance(value, Decimal):
        return int(value)
    return value


def _parent_changes(
    teller: Teller, looked_at: str, reference: FieldView, accepted: Changes
) -> Iterator[Scenario]:
    """A change of the record at which the rule looks, refused where it would break the rule."""
    seen, _, target = resolve(teller.view, teller.entity, looked_at)
    name = reference.field.name
    stage = teller.stage()
    given = accepted.get(reference.key)
    parent = given if isinstance(given, Parent) else teller.base_parent(reference)
    body: Changes = {**accepted, reference.key: Ref(name)}
    if not teller.make_parent(stage, reference, name, parent) or not stage.make(
        teller.entity, body
    ):
        return
    current = stage.record(name)[seen.key]
    options = [*candidates(stage.kitchen, target, seen.key)]
    options += [shifted(seen, current, 1), shifted(seen, current, -1)]
    for value in options:
        trial = stage.copy()
        valid = not isinstance(value, Parent | Ref) and is_valid(seen, value)
        if valid and trial.patch(name, {seen.key: value}, teller.reason):
            yield teller.story(f"refuses_a_change_of_the_{target.slug}", trial)
            alone = teller.stage()
            if teller.make_parent(alone, reference, name, parent) and alone.patch(
                name, {seen.key: value}
            ):
                yield teller.story(f"allows_that_change_of_another_{target.slug}", alone)
            return


def relative_date_stories(teller: Teller, rule: RelativeDate) -> Iterator[Scenario]:
    """Just before, at, and just after the moment of writing."""
    dated = teller.entity.field(rule.field)
    for when, value in _around_now(dated, by_day=rule.direction.endswith("today")):
        given: Changes = {dated.key: value}
        inside = teller.stage()
        fitting = solve(inside.kitchen, teller.entity, given, anything, settle=1)
        if fitting is not None and inside.post(teller.entity, {**given, **fitting}):
            yield teller.story(f"accepts_{when}", inside)
            continue
        refused = _refused_alone(teller, given)
        if refused is None:
            continue
        outside = teller.stage()
        if outside.post(teller.entity, refused, teller.reason):
            yield teller.story(f"refuses_{when}", outside)
        stage = teller.stage()
        if stage.make(teller.entity, {}, "stored") and stage.patch(
            "stored", refused, teller.reason
        ):
            yield teller.story(f"refuses_a_change_to_{when}", stage)


def _around_now(dated: FieldView, *, by_day: bool) -> Iterator[tuple[str, Value]]:
    moment = dated.type is FieldType.DATETIME
    base: Value = NOW if moment else TODAY
    names = ("just_before", "now", "just_after")
    if by_day or not moment:
        names = ("yesterday", "today", "tomorrow")
    for name, steps in zip(names, (-1, 0, 1), strict=True):
        value = NOW + timedelta(days=steps) if moment and by_day else shifted(dated, base, steps)
        if is_valid(dated, value):
            yield name, value


def _refused_alone(teller: Teller, given: Changes) -> Changes | None:
    """A body that this rule alone refuses, helped by one more change where others object."""
    if teller.stage().post(teller.entity, given, teller.reason):
        return given
    for member in teller.entity.fields:
        if member.key in given or member.type is FieldType.REFERENCE:
            continue
        for value in candidates(teller.stage().kitchen, teller.entity, member.key):
            body: Changes = {**given, member.key: value}
            if teller.stage().post(teller.entity, body, teller.reason):
                return body
    return None


def conditional_stories(teller: Teller, rule: ConditionalRequirement) -> Iterator[Scenario]:
    """What the rule asks is accepted, what it forbids refused, and it asks nothing else."""
    met = teller.meets((*rule.where, *rule.then))
    accepted = solve(teller.stage().kitchen, teller.entity, {}, met)
    stage = teller.stage()
    if accepted is not None and stage.post(teller.entity, accepted):
        yield teller.story("accepts_what_it_asks", stage)
    refused = _refused_by_two(teller)
    stage = teller.stage()
    if refused is not None and stage.post(teller.entity, refused, teller.reason):
        yield teller.story("refuses_what_it_forbids", stage)
    if rule.where:
        apart = solve(teller.stage().kitchen, teller.entity, {}, teller.fails(rule.where))
        stage = teller.stage()
        if apart is not None and stage.post(teller.entity, apart):
            yield teller.story("asks_nothing_else", stage)
    yield from _changes_against(teller, rule)
    if rule.on == "always" and accepted is not None:
        yield from _changes_of_others(teller, rule, accepted)


def _refused_by_two(teller: Teller) -> Changes | None:
    """A body with at most two changes that this rule alone refuses."""
    kitchen = teller.stage().kitchen
    options: list[Changes] = [
        {field.key: value}
        for field in teller.entity.fields
        for value in candidates(kitchen, teller.entity, field.key)
    ]
    singles = ({}, *options)
    doubles = ({**one, **two} for at, one in enumerate(options) for two in options[at + 1 :])
    for bodies in (singles, doubles):
        for body in bodies:
            if Stage.empty(teller.view).post(teller.entity, body, teller.reason):
                return body
    return None


def _changes_against(teller: Teller, rule: ConditionalRequirement) -> Iterator[Scenario]:
    """A stored record cannot be changed against the rule."""
    keys = dict.fromkeys(test.field.partition(".")[0] for test in (*rule.then, *rule.where))
    for goal in (teller.meets((*rule.where, *rule.then)), teller.fails(rule.where)):
        begun = teller.arrive(goal)
        if begun is None:
            continue
        for key in keys:
            for value in candidates(begun.kitchen, teller.entity, key):
                stage = begun.copy()
                if stage.patch("stored", {key: value}, teller.reason):
                    yield teller.story("refuses_a_change_against_it", stage)
                    return


def _changes_of_others(
    teller: Teller, rule: ConditionalRequirement, accepted: Changes
) -> Iterator[Scenario]:
    for test in (*rule.then, *rule.where):
        _, reference, _ = resolve(teller.view, teller.entity, test.field)
        if reference is not None:
            yield from _parent_changes(teller, test.field, reference, accepted)
            return
