"""Making records in a world exactly as the factories of generated tests make them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.values import Record, Value
from quantumlayer.builtin.writing.service.world import World


@dataclass(frozen=True)
class Ref:
    """The id of a record that the test has made under a name."""

    name: str


@dataclass(frozen=True)
class Parent:
    """The id of a record that is made on the spot, and then changed step by step."""

    entity: str
    changes: tuple[tuple[str, "Given"], ...] = ()
    patches: tuple[tuple[tuple[str, "Given"], ...], ...] = ()


@dataclass(frozen=True)
class Parameter:
    """What differs from case to case of a test."""

    name: str


Given = Value | Ref | Parent | Parameter
Changes = dict[str, Given]
Goal = Callable[[World, Record], bool]


@dataclass(frozen=True)
class Recipe:
    """The body that the factory of an entity makes: constants, other records, varied fields."""

    constants: tuple[tuple[str, Given], ...]
    varied: tuple[str, ...]


@dataclass
class Kitchen:
    """Makes records in a world exactly as the generated factories make them over HTTP."""

    view: ServiceView
    recipes: dict[str, Recipe]
    world: World
    numbers: int = 0
    named: dict[str, tuple[str, int]] = field(default_factory=dict)

    def copy(self) -> "Kitchen":
        """A kitchen with a world of its own."""
        return Kitchen(self.view, self.recipes, self.world.copy(), self.numbers, dict(self.named))

    def body(self, entity: EntityView, changes: Changes) -> Record:
        """The body that the factory makes; makes the records it points to."""
        settled = self.settled(changes)
        recipe = self.recipes[entity.name]
        self.numbers += bool(recipe.varied)
        number = self.numbers
        made = {key: sample(entity, entity.field(key), number) for key in recipe.varied}
        constants = {key: value for key, value in recipe.constants if key not in changes}
        return {**made, **self.settled(constants), **settled}

    def settled(self, given: Changes) -> Record:
        """The changes with references to records as ids."""
        return {key: self._settle(value) for key, value in given.items()}

    def make(self, entity: EntityView, changes: Changes) -> int:
        """Make a record; raises Refused."""
        return self.world.create(entity, self.body(entity, changes))

    def _settle(self, value: Given) -> Value:
        if isinstance(value, Parameter):
            raise TypeError(f"{value.name} differs from case to case")
        if isinstance(value, Ref):
            return self.named[value.name][1]
        if isinstance(value, Parent):
            entity = self.view.entity(value.entity)
            made = self.make(entity, dict(value.changes))
            for patch in value.patches:
                self.world.update(entity, made, self.settled(dict(patch)))
            return made
        return value
