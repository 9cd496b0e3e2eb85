"""That the values of a field are unique."""

from collections.abc import Iterator

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.recipes import Changes, Parent, Ref
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import (
    Reason,
    Scenario,
    Stage,
)


def unique_stories(view: ServiceView, entity: EntityView, field: FieldView) -> list[Scenario]:
    """On creation, on change, and under concurrent requests."""
    return list(_stories(view, entity, field))


def _stories(view: ServiceView, entity: EntityView, field: FieldView) -> Iterator[Scenario]:
    reason = Reason(entity.requirement_of(field), unique=field.key)
    slug = f"{entity.slug}_{field.field.name}_is_unique"

    def story(name: str, stage: Stage) -> Scenario:
        statement = f"The {field.words} of {entity.one} is unique."
        return Scenario(reason.requirement, f"{slug}_{name}", statement, stage.steps)

    begun = Stage.empty(view)
    taken = _taken(view, entity, field, begun)
    if taken is None:
        return
    stage = begun.copy()
    if stage.make(entity, taken):
        again = stage.copy()
        if again.post(entity, taken, reason):
            yield story("on_creation", again)
        other = stage.copy()
        if other.make(entity, {}, "other") and other.patch("other", taken, reason):
            yield story("on_change", other)
    race = begun.copy()
    if race.race(entity, taken, 1, reason):
        yield story("under_concurrent_requests", race)


def _taken(view: ServiceView, entity: EntityView, field: FieldView, stage: Stage) -> Changes | None:
    """A value that two records cannot both have; makes the record that a reference points to."""
    if field.type is not FieldType.REFERENCE:
        return {field.key: sample(entity, field, 1)}
    recipe = dict(stage.kitchen.recipes[entity.name].constants).get(field.key)
    parent = recipe if isinstance(recipe, Parent) else Parent(view.target(field).name)
    name = field.field.name
    if not stage.make(view.target(field), dict(parent.changes), name):
        return None
    if not all(stage.patch(name, dict(patch)) for patch in parent.patches):
        return None
    return {field.key: Ref(name)}
