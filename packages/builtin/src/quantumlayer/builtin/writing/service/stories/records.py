"""Rules within one record: comparisons, dates beside the clock, conditions."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import chain, combinations

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import NUMBERS, FieldView
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes, Parent, Ref
from quantumlayer.builtin.writing.service.search import candidates, solve
from quantumlayer.builtin.writing.service.stories.telling import Story, Teller, number
from quantumlayer.builtin.writing.service.values import NOW, TODAY, Value, is_valid, shifted
from quantumlayer.builtin.writing.service.world import Reason


def comparison_stories(teller: Teller, rule: domain.Comparison) -> Iterator[Story]:
    """Just inside is accepted, just outside refused, on creation and on change."""
    left = teller.entity.field(rule.left.partition(".")[0])
    if left.type is FieldType.REFERENCE:
        yield from _pointer_stories(teller, rule, left)
        return
    accepted = _boundary(teller, rule, left, None)
    refused = _boundary(teller, rule, left, teller.reason)
    yield "accepts_the_boundary", teller.posted(accepted)
    yield "refuses_what_is_beyond", teller.posted(refused, teller.reason)
    if accepted is not None and refused is not None:
        stored = teller.stage.make(teller.entity, accepted, "stored")
        change = stored.patch("stored", {left.key: refused[left.key]}, teller.reason)
        yield "refuses_a_change_beyond", [change]
        yield from _parent_changes(teller, rule.right, accepted)


def _pointer_stories(teller: Teller, rule: domain.Comparison, left: FieldView) -> Iterator[Story]:
    """Two references of a record: to one record and another, to the same record twice."""
    entity, target = teller.entity, teller.view.target(left)
    begun = teller.stage.make(target, {}, "one").make(target, {}, "other")
    right = entity.field(rule.right).key
    fitting: Changes = {left.key: Ref("one"), right: Ref("other")}
    breaking: Changes = {left.key: Ref("one"), right: Ref("one")}
    names = ("accepts_two_records", "refuses_the_same_record")
    if rule.operator is not Operator.NOT_EQUAL:
        fitting, breaking = breaking, fitting
        names = ("accepts_one_record", "refuses_two_records")
    yield names[0], [begun.post(entity, fitting)]
    yield names[1], [begun.post(entity, breaking, teller.reason)]
    stored = begun.make(entity, fitting, "stored")
    yield "refuses_such_a_change", [stored.patch("stored", {left.key: Ref("other")}, teller.reason)]


def _boundary(
    teller: Teller, rule: domain.Comparison, left: FieldView, reason: Reason | None
) -> Changes | None:
    """Values just inside, or just beyond, what the rule allows."""
    right, reference, target = resolve(teller.view, teller.entity, rule.right)
    made = teller.stage.make(teller.entity, {})
    base = made.world.value(teller.entity, made.record(), rule.right)
    if base is None:
        base = sample(teller.entity if reference is None else target, right, 1)
    if left.type in NUMBERS:
        base = number(left, Decimal(str(base)))
    for steps in (0, 1, -1):
        value = shifted(left, base, steps)
        given: Changes = {left.key: value}
        if reference is None:
            given[right.key] = base
        elif reference.nullable:
            given[reference.key] = Parent(target.name)
        if is_valid(left, value) and teller.stage.post(teller.entity, given, reason):
            return given
    return None


def _parent_changes(teller: Teller, looked_at: str, accepted: Changes) -> Iterator[Story]:
    """A change of the record at which the rule looks, refused where it would break the rule."""
    seen, reference, target = resolve(teller.view, teller.entity, looked_at)
    if reference is None:
        return
    name, given = reference.field.name, accepted.get(reference.key)
    parent = given if isinstance(given, Parent) else teller.parent(reference)
    stage = teller.stage.arrive(parent, name)
    stage = stage.make(teller.entity, {**accepted, reference.key: Ref(name)})
    if not stage:
        return
    current = stage.record(name)[seen.key]
    near = (shifted(seen, current, 1), shifted(seen, current, -1))
    for value in (*candidates(stage, target, seen.key), *near):
        valid = isinstance(value, Parent) or is_valid(seen, value)
        refused = stage.patch(name, {seen.key: value}, teller.reason)
        if valid and refused:
            yield f"refuses_a_change_of_the_{target.slug}", [refused]
            return


def relative_date_stories(teller: Teller, rule: domain.RelativeDate) -> Iterator[Story]:
    """Just before, at, and just after the moment of writing."""
    dated = teller.entity.field(rule.field)
    stored = teller.stage.make(teller.entity, {}, "stored")
    for when, value in _around_now(dated, by_day=rule.direction.endswith("today")):
        given: Changes = {dated.key: value}
        fitting = solve(teller.stage, teller.entity, given, settle=1)
        if fitting is not None:
            yield f"accepts_{when}", teller.posted({**given, **fitting})
            continue
        refused = _refused_alone(teller, given)
        if refused is not None:
            yield f"refuses_{when}", teller.posted(refused, teller.reason)
            yield f"refuses_a_change_to_{when}", [stored.patch("stored", refused, teller.reason)]


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


def _refused_alone(teller: Teller, given: Changes, most: int = 1) -> Changes | None:
    """A body that this rule alone refuses, helped by a few changes where others object."""
    options: list[Changes] = [
        {field.key: value}
        for field in teller.entity.fields
        if field.key not in given and (most > 1 or field.type is not FieldType.REFERENCE)
        for value in candidates(teller.stage, teller.entity, field.key)
    ]
    helped = chain.from_iterable(combinations(options, size) for size in range(most + 1))
    for changes in helped:
        body = dict(chain(given.items(), *(change.items() for change in changes)))
        if teller.stage.post(teller.entity, body, teller.reason):
            return body
    return None


def conditional_stories(teller: Teller, rule: domain.ConditionalRequirement) -> Iterator[Story]:
    """What the rule asks is accepted, what it forbids refused, and it asks nothing else."""
    kept, apart = teller.meets((*rule.where, *rule.then)), teller.fails(rule.where)
    accepted = solve(teller.stage, teller.entity, {}, kept)
    yield "accepts_what_it_asks", teller.posted(accepted)
    refused = _refused_alone(teller, {}, most=2)
    yield "refuses_what_it_forbids", teller.posted(refused, teller.reason)
    yield "asks_nothing_else", teller.posted(solve(teller.stage, teller.entity, {}, apart))
    keys = [test.field for test in (*rule.then, *rule.where)]
    against = (
        begun.patch("stored", {key: value}, teller.reason)
        for begun in map(teller.arrived, (kept, apart))
        if begun is not None
        for key in dict.fromkeys(key.partition(".")[0] for key in keys)
        for value in candidates(teller.stage, teller.entity, key)
    )
    yield "refuses_a_change_against_it", against
    away = [key for key in keys if resolve(teller.view, teller.entity, key)[1] is not None]
    if away and rule.on == "always" and accepted is not None:
        yield from _parent_changes(teller, away[0], accepted)
