"""Rules about how a record may change, and whether it may be deleted."""

from collections.abc import Iterator

from quantumlayer.builtin.domain import DeleteRestricted, FieldType, Immutable, Transitions
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Given,
    Goal,
    Parent,
    Ref,
    candidates,
    reach,
)
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.stories.telling import Teller

_MOST_MOVES = 5


def transition_stories(teller: Teller, rule: Transitions) -> Iterator[Scenario]:
    """Each beginning and each move, whether allowed or not."""
    member = teller.entity.field(rule.field)
    yield from _beginnings(teller, rule, member)
    start = rule.initial or str(sample(teller.entity, member, 0))
    for state in member.field.choices:
        begun = _arrived(teller, rule, member, start, state)
        if begun is None:
            continue
        for target in member.field.choices:
            if target != state:
                yield from _move(teller, rule, begun, member, state, target)


def _beginnings(teller: Teller, rule: Transitions, member: FieldView) -> Iterator[Scenario]:
    for choice in member.field.choices if rule.initial else ():
        reason = None if choice == rule.initial else teller.reason
        name = "starts" if choice == rule.initial else "does_not_start"
        stage = teller.stage()
        if stage.post(teller.entity, {member.key: choice}, reason):
            yield teller.story(f"{name}_{statement_slug(choice)}", stage)


def _arrived(
    teller: Teller, rule: Transitions, member: FieldView, start: str, state: str
) -> Stage | None:
    """A stage whose record "stored" has come to the state by allowed moves."""
    stage = teller.stage()
    fixed: Changes = {} if rule.initial else {member.key: start}
    way: tuple[Changes, list[Changes]] | None = ({}, [])
    if state != start:
        goal: Goal = lambda _world, record: record[member.key] == state  # noqa: E731
        way = reach(stage.kitchen, teller.entity, goal, {}, _MOST_MOVES)
        fixed = {}
    if way is None or not stage.make(teller.entity, {**fixed, **way[0]}, "stored"):
        return None
    return stage if all(stage.patch("stored", patch) for patch in way[1]) else None


def _move(
    teller: Teller, rule: Transitions, begun: Stage, member: FieldView, state: str, target: str
) -> Iterator[Scenario]:
    name = f"from_{statement_slug(state)}_to_{statement_slug(target)}"
    allowed = (state, target) in rule.allowed
    for extra in _extras(teller, begun, member) if allowed else ({},):
        stage = begun.copy()
        change: Changes = {member.key: target, **extra}
        if stage.patch("stored", change, None if allowed else teller.reason):
            yield teller.story(f"{'accepts' if allowed else 'refuses'}_{name}", stage)
            return


def _extras(teller: Teller, begun: Stage, member: FieldView) -> Iterator[Changes]:
    """Nothing, or one more change, that other rules may ask for."""
    yield {}
    for other in teller.entity.fields:
        if other.key != member.key:
            for value in candidates(begun.kitchen, teller.entity, other.key):
                if not isinstance(value, Parent):
                    yield {other.key: value}


def immutable_stories(teller: Teller, rule: Immutable) -> Iterator[Scenario]:
    """Each frozen field, deletion, and the time before the record freezes."""
    names = rule.fields or tuple(field.key for field in teller.entity.fields)
    members = [teller.entity.field(name) for name in names]
    frozen = teller.arrive(teller.meets(rule.where))
    if frozen is not None:
        if rule.changeable:
            yield from _changed(teller, frozen, members, "still_allows_changes")
        else:
            for member in members:
                yield from _frozen(teller, frozen, member)
        gone = frozen.copy()
        if gone.delete("stored", None if rule.deletable else teller.reason):
            name = "still_allows" if rule.deletable else "refuses"
            yield teller.story(f"{name}_a_deletion", gone)
    before = teller.arrive(teller.fails(rule.where)) if rule.where else None
    if before is not None:
        yield from _not_yet_frozen(teller, rule, before, members)


def _frozen(teller: Teller, frozen: Stage, member: FieldView) -> Iterator[Scenario]:
    for value in _other_values(teller, frozen, member):
        stage = frozen.copy()
        if stage.patch("stored", {member.key: value}, teller.reason):
            yield teller.story(f"refuses_a_change_of_{member.field.name}", stage)
            return


def _not_yet_frozen(
    teller: Teller, rule: Immutable, before: Stage, members: list[FieldView]
) -> Iterator[Scenario]:
    yield from _changed(teller, before, members, "allows_changes_before")
    gone = before.copy()
    if not rule.deletable and gone.delete("stored"):
        yield teller.story("allows_a_deletion_before", gone)


def _changed(
    teller: Teller, begun: Stage, members: list[FieldView], name: str
) -> Iterator[Scenario]:
    """The first change that every rule allows."""
    for member in members:
        for value in _other_values(teller, begun, member):
            stage = begun.copy()
            if stage.patch("stored", {member.key: value}):
                yield teller.story(name, stage)
                return


def _other_values(teller: Teller, stage: Stage, member: FieldView) -> list[Given]:
    current = stage.record("stored")[member.key]
    values = list(candidates(stage.kitchen, teller.entity, member.key))
    if member.type is not FieldType.REFERENCE:
        values.append(sample(teller.entity, member, 7))
    return [value for value in values if value is not None and value != current]


def deletion_stories(teller: Teller, rule: DeleteRestricted) -> Iterator[Scenario]:
    """What keeps a record from being deleted, what goes with it, and what does not matter."""
    by = teller.view.entity(rule.by)
    owner = teller.entity.slug

    def with_user(goal: Goal) -> Stage | None:
        stage = teller.stage()
        if not stage.make(teller.entity, {}, owner):
            return None
        fixed: Changes = {by.field(rule.by_field).key: Ref(owner)}
        way = reach(stage.kitchen, by, goal, fixed)
        if way is None or not stage.make(by, {**fixed, **way[0]}, "user"):
            return None
        return stage if all(stage.patch("user", patch) for patch in way[1]) else None

    blocked = with_user(lambda world, record: world.holds_all(by, rule.where, record))
    if blocked is not None and blocked.delete(owner, teller.reason):
        yield teller.story("refuses_a_deletion", blocked)
    if rule.where:
        free = with_user(lambda world, record: not world.holds_all(by, rule.where, record))
        if free is not None and free.delete(owner, gone="user"):
            yield teller.story("deletes_what_does_not_block_too", free)
    alone = teller.stage()
    if alone.make(teller.entity, {}, owner) and alone.delete(owner):
        yield teller.story("allows_a_deletion_otherwise", alone)
