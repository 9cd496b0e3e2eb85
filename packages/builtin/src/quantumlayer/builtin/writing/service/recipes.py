"""How test data are made: a valid body for each entity."""

from functools import lru_cache
from itertools import islice

from quantumlayer.builtin.domain import CountLimit, FieldType, NoOverlap, SumLimit, UniqueTogether
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Changes, Parent
from quantumlayer.builtin.writing.service.search import solutions
from quantumlayer.builtin.writing.service.stage import Recipe, Stage
from quantumlayer.builtin.writing.service.world import World

_MOST_TRIES = 50
_FEW = frozenset({FieldType.REFERENCE, FieldType.BOOLEAN, FieldType.CHOICE})


@lru_cache(maxsize=8)
def empty_stage(view: ServiceView) -> Stage:
    """A stage without records, with a recipe for each entity."""
    stage = Stage(view, {}, World(view))
    for entity in view.entities:
        first = stage.recipes[entity.name] = _first_recipe(view, entity)
        for found in islice(solutions(stage, entity, {}), _MOST_TRIES):
            varied = tuple(key for key in first.varied if key not in found)
            stage.recipes[entity.name] = Recipe({**first.constants, **found}, varied)
            # One record after the other, as tests make them.
            if stage.make(entity, {}).make(entity, {}):
                break
        else:
            stage.recipes[entity.name] = first
    return stage


def usual_parent(
    view: ServiceView, entity: EntityView, reference: FieldView, changes: Changes | None = None
) -> Parent:
    """The record that a reference points to: as in some changes, or as the factory makes it."""
    constants = empty_stage(view).recipes[entity.name].constants
    given = {**constants, **(changes or {})}.get(reference.key)
    return given if isinstance(given, Parent) else Parent(view.target(reference).name)


def _first_recipe(view: ServiceView, entity: EntityView) -> Recipe:
    varying = _varying(entity)
    constants: Changes = {}
    for member in (each for each in entity.fields if each.must_be_given):
        if member.type is FieldType.REFERENCE:
            if member.field.references != entity.name:
                constants[member.key] = Parent(view.target(member).name)
        elif member.key not in varying:
            constants[member.key] = sample(entity, member, 0)
    return Recipe(constants, varying)


def _varying(entity: EntityView) -> tuple[str, ...]:
    """Fields that must differ from record to record, so that many records can stand together."""
    keys = {field.key for field in entity.fields if field.field.unique}
    for rule in entity.rules:
        match rule:
            case UniqueTogether():
                keys |= {key.partition(".")[0] for key in rule.fields}
            case NoOverlap():
                keys |= {rule.start, rule.end}
            case CountLimit() | SumLimit():
                keys |= {key.partition(".")[0] for key in rule.per}
            case _:
                pass
    return tuple(
        field.key
        for field in entity.fields
        if field.key in keys
        and (field.type not in _FEW or (field.field.unique and field.type is FieldType.CHOICE))
    )
