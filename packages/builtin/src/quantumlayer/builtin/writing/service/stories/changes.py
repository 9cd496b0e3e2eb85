"""Rules about how a record may change, and whether it may be deleted."""

from collections.abc import Iterator

from quantumlayer.builtin.domain import DeleteRestricted, FieldType, Immutable, Transitions
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Goal, Parent, Ref
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Scenario, Stage
from quantumlayer.builtin.writing.service.search import candidates, parent_of, reach
from quantumlayer.builtin.writing.service.stories.telling import Teller

_MOST_MOVES = 5


def transition_stories(teller: Teller, rule: Transitions) -> Iterator[Scenario]:
    """Each beginning and each move, whether allowed or not."""
    member = teller.entity.field(rule.field)
    for choice in member.field.choices if rule.initial else ():
        name = "starts" if choice == rule.initial else "does_not_start"
        reason = None if choice == rule.initial else teller.reason
        stage = teller.stage().post(teller.entity, {member.key: choice}, reason)
        yield from teller.told(f"{name}_{statement_slug(choice)}", [stage])
    for state in member.field.choices:
        begun = _arrived(teller, rule, member, state)
        for target in member.field.choices:
            if begun.well and target != state:
                yield from _move(teller, rule, begun, member, state, target)


def _arrived(teller: Teller, rule: Transitions, member: FieldView, state: str) -> Stage:
    """A stage whose record "stored" has come to the state by allowed moves."""
    stage = teller.stage()
    if state == (rule.initial or sample(teller.entity, member, 0)):
        return stage.make(teller.entity, {} if rule.initial else {member.key: state}, "stored")
    goal: Goal = lambda _world, record: record[member.key] == state  # noqa: E731
    way = reach(stage.kitchen, teller.entity, goal, {}, _MOST_MOVES)
    return stage.arrive(teller.entity, parent_of(teller.entity, *(way or ({}, []))), "stored")


def _move(
    teller: Teller, rule: Transitions, begun: Stage, member: FieldView, state: str, target: str
) -> Iterator[Scenario]:
    allowed = (state, target) in rule.allowed
    extras = _extras(teller, begun, member) if allowed else ({},)
    reason = None if allowed else teller.reason
    yield from teller.told(
        f"{'accepts' if allowed else 'refuses'}_from_{statement_slug(state)}"
        f"_to_{statement_slug(target)}",
        (begun.patch("stored", {member.key: target, **extra}, reason) for extra in extras),
    )


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
    frozen = teller.arrived(teller.meets(rule.where))
    if frozen is not None and rule.changeable:
        yield from teller.told("still_allows_changes", _changed(teller, frozen, members))
    elif frozen is not None:
        for member in members:
            refused = _changed(teller, frozen, [member], refused=True)
            yield from teller.told(f"refuses_a_change_of_{member.field.name}", refused)
    if frozen is not None:
        gone = frozen.delete("stored", None if rule.deletable else teller.reason)
        name = "still_allows" if rule.deletable else "refuses"
        yield from teller.told(f"{name}_a_deletion", [gone])
    before = teller.arrived(teller.fails(rule.where)) if rule.where else None
    if before is not None:
        yield from teller.told("allows_changes_before", _changed(teller, before, members))
        deleted = [] if rule.deletable else [before.delete("stored")]
        yield from teller.told("allows_a_deletion_before", deleted)


def _changed(
    teller: Teller, begun: Stage, members: list[FieldView], *, refused: bool = False
) -> Iterator[Stage]:
    """The stages after each change of one member."""
    for member in members:
        for value in _other_values(teller, begun, member):
            reason = teller.reason if refused else None
            yield begun.patch("stored", {member.key: value}, reason)


def _other_values(teller: Teller, stage: Stage, member: FieldView) -> list[Given]:
    values = list(candidates(stage.kitchen, teller.entity, member.key))
    if member.type is not FieldType.REFERENCE:
        values.append(sample(teller.entity, member, 7))
    current = stage.record("stored")[member.key]
    return [value for value in values if value is not None and value != current]


def deletion_stories(teller: Teller, rule: DeleteRestricted) -> Iterator[Scenario]:
    """What keeps a record from being deleted, what goes with it, and what does not matter."""
    by = teller.view.entity(rule.by)
    owner = teller.entity.slug
    alone = teller.stage().make(teller.entity, {}, owner)

    def with_user(goal: Goal) -> Stage:
        fixed: Changes = {by.field(rule.by_field).key: Ref(owner)}
        way = reach(alone.kitchen, by, goal, fixed) if alone else None
        changes, patches = way or ({}, [])
        return alone.arrive(by, parent_of(by, {**fixed, **changes}, patches), "user")

    blocked = with_user(lambda world, record: world.holds_all(by, rule.where, record))
    yield from teller.told("refuses_a_deletion", [blocked.delete(owner, teller.reason)])
    if rule.where:
        free = with_user(lambda world, record: not world.holds_all(by, rule.where, record))
        yield from teller.told("deletes_what_does_not_block_too", [free.delete(owner).gone("user")])
    yield from teller.told("allows_a_deletion_otherwise", [alone.delete(owner)])
