"""How test data are made: a valid body for each entity."""

from functools import lru_cache
from itertools import islice

from quantumlayer.builtin.domain import CountLimit, FieldType, NoOverlap, SumLimit, UniqueTogether
from quantumlayer.builtin.writing.service.kitchen import Changes, Given, Kitchen, Parent, Recipe
from quantumlayer.builtin.writing.service.model import EntityView, FieldView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.search import solutions
from quantumlayer.builtin.writing.service.world import Refused, World

_MOST_TRIES = 50


@lru_cache(maxsize=8)
def kitchen(view: ServiceView) -> Kitchen:
    """An empty kitchen with a recipe for each entity; copy it before use."""
    empty = Kitchen(view, {}, World(view))
    for entity in view.entities:
        first = empty.recipes[entity.name] = _first_recipe(view, entity)
        fitting = solutions(empty, entity, {}, lambda _world, _record: True, 3)
        for found in islice(fitting, _MOST_TRIES):
            empty.recipes[entity.name] = _with_constants(first, found) if found else first
            if _stands(empty, entity):
                break
        else:
            empty.recipes[entity.name] = first
    return empty


def usual_parent(
    view: ServiceView, entity: EntityView, reference: FieldView, changes: Changes | None = None
) -> Parent:
    """The record that a reference points to: as in some changes, or as the factory makes it."""
    constants = dict(kitchen(view).recipes[entity.name].constants)
    given = {**constants, **(changes or {})}.get(reference.key)
    return given if isinstance(given, Parent) else Parent(view.target(reference).name)


def _stands(start: Kitchen, entity: EntityView) -> bool:
    """Whether the recipe makes one record after the other, as tests do."""
    trial = start.copy()
    try:
        trial.make(entity, {})
        trial.make(entity, {})
    except Refused:
        return False
    return True


def _first_recipe(view: ServiceView, entity: EntityView) -> Recipe:
    must_vary = _varying(entity)
    constants: dict[str, Given] = {}
    varied = []
    for member in entity.fields:
        if member.type is FieldType.REFERENCE:
            needed = member.must_be_given and member.field.references != entity.name
            if needed:
                constants[member.key] = Parent(view.target(member).name)
        elif member.key in must_vary:
            varied.append(member.key)
        elif member.must_be_given:
            constants[member.key] = sample(entity, member, 0)
    return Recipe(tuple(constants.items()), tuple(varied))


def _varying(entity: EntityView) -> frozenset[str]:
    """Fields that must differ from record to record, so that many records can stand together."""
    keys = {f.key for f in entity.fields if f.field.unique}
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
    few = {FieldType.REFERENCE, FieldType.BOOLEAN, FieldType.CHOICE}
    unique = {f.key for f in entity.fields if f.field.unique and f.type is FieldType.CHOICE}
    return frozenset(keys & ({f.key for f in entity.fields if f.type not in few} | unique))


def _with_constants(recipe: Recipe, found: Changes) -> Recipe:
    varied = tuple(key for key in recipe.varied if key not in found)
    return Recipe(tuple({**dict(recipe.constants), **found}.items()), varied)
