"""Rules about how a record may change, and whether it may be deleted."""

from collections.abc import Iterator

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import DeleteRestricted, FieldType, Immutable, Transitions
from quantumlayer.builtin.writing.naming import statement_slug
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes, Parent, Ref
from quantumlayer.builtin.writing.service.search import candidates, holding, reach
from quantumlayer.builtin.writing.service.stage import Stage
from quantumlayer.builtin.writing.service.stories.telling import Story, Teller

_MOST_MOVES = 5


def transition_stories(teller: Teller, rule: Transitions) -> Iterator[Story]:
    """Each beginning and each move, whether allowed or not."""
    member = teller.entity.field(rule.field)
    for choice in member.field.choices if rule.initial else ():
        starts = choice == rule.initial
        name = f"{'starts' if starts else 'does_not_start'}_{statement_slug(choice)}"
        yield name, teller.posted({member.key: choice}, None if starts else teller.reason)
    for state in member.field.choices:
        begun = _arrived(teller, rule, member, state)
        for target in member.field.choices if begun else ():
            allowed = (state, target) in rule.allowed
            reason = None if allowed else teller.reason
            extras = _extras(teller, begun, member) if allowed else ({},)
            moved = (begun.patch("stored", {member.key: target, **each}, reason) for each in extras)
            move = f"from_{statement_slug(state)}_to_{statement_slug(target)}"
            if target != state:
                yield f"{'accepts' if allowed else 'refuses'}_{move}", moved


def _arrived(teller: Teller, rule: Transitions, member: FieldView, state: str) -> Stage:
    """A stage whose record "stored" has come to the state by allowed moves."""
    stage, entity = teller.stage, teller.entity
    if state == (rule.initial or sample(entity, member, 0)):
        return stage.make(entity, {} if rule.initial else {member.key: state}, "stored")
    arrived = Condition(field=member.key, operator=Operator.EQUAL, values=(state,))
    way = reach(stage, entity, holding(entity, (arrived,)), {}, _MOST_MOVES)
    return stage.arrive(way or Parent(entity.name), "stored")


def _extras(teller: Teller, begun: Stage, member: FieldView) -> Iterator[Changes]:
    """Nothing, or one more change, that other rules may ask for."""
    yield {}
    for other in teller.entity.fields:
        for value in candidates(begun, teller.entity, other.key):
            if other.key != member.key and not isinstance(value, Parent):
                yield {other.key: value}


def immutable_stories(teller: Teller, rule: Immutable) -> Iterator[Story]:
    """Each frozen field, deletion, and the time before the record freezes."""
    names = rule.fields or tuple(field.key for field in teller.entity.fields)
    members = [teller.entity.field(name) for name in names]
    frozen = teller.arrived(teller.meets(rule.where))
    if frozen is not None and rule.changeable:
        yield "still_allows_changes", _changed(teller, frozen, members)
    elif frozen is not None:
        for member in members:
            refused = _changed(teller, frozen, [member], refused=True)
            yield f"refuses_a_change_of_{member.field.name}", refused
    if frozen is not None:
        gone = frozen.delete("stored", None if rule.deletable else teller.reason)
        yield f"{'still_allows' if rule.deletable else 'refuses'}_a_deletion", [gone]
    before = teller.arrived(teller.fails(rule.where)) if rule.where else None
    if before is not None:
        yield "allows_changes_before", _changed(teller, before, members)
        yield "allows_a_deletion_before", [] if rule.deletable else [before.delete("stored")]


def _changed(
    teller: Teller, begun: Stage, members: list[FieldView], *, refused: bool = False
) -> Iterator[Stage]:
    """The stages after each change of one member."""
    for member in members:
        values = candidates(begun, teller.entity, member.key)
        if member.type is not FieldType.REFERENCE:
            values = (*values, sample(teller.entity, member, 7))
        for value in values:
            if value is not None and value != begun.record("stored")[member.key]:
                yield begun.patch("stored", {member.key: value}, teller.reason if refused else None)


def deletion_stories(teller: Teller, rule: DeleteRestricted) -> Iterator[Story]:
    """What keeps a record from being deleted, what goes with it, and what does not matter."""
    by, owner = teller.view.entity(rule.by), teller.entity.slug
    alone = teller.stage.make(teller.entity, {}, owner)
    fixed: Changes = {by.field(rule.by_field).key: Ref(owner)}
    goals = [holding(by, rule.where, wanted=blocking) for blocking in (True, False)]
    ways = [reach(alone, by, goal, fixed) or Parent(by.name, fixed) for goal in goals]
    used, free = (alone.arrive(way, "user") for way in ways)
    yield "refuses_a_deletion", [used.delete(owner, teller.reason)]
    if rule.where:
        yield "deletes_what_does_not_block_too", [free.delete(owner).gone("user")]
    yield "allows_a_deletion_otherwise", [alone.delete(owner)]
