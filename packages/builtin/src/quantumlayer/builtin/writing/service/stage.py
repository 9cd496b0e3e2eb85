"""Where tests are made up: records as the factories of generated tests make them, step by step."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from quantumlayer.builtin.writing.service import scenarios
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Action, Changes, Given, Parent, Step
from quantumlayer.builtin.writing.service.values import Record, Value
from quantumlayer.builtin.writing.service.world import Reason, Refused, World

_MORE_THAN_PLACES = 3
Goal = Callable[[World, Record], bool]


@dataclass(frozen=True)
class Recipe:
    """The body that the factory of an entity makes: constants, other records, varied fields."""

    constants: Changes
    varied: tuple[str, ...]


@dataclass
class Stage:
    """A world, and the steps that led there; `well` if each came out as it should.

    Each step gives the next stage and leaves this one as it is; after one that did not go well
    there are no more. The record made last without a name has the name "".
    """

    view: ServiceView
    recipes: dict[str, Recipe]
    world: World
    numbers: int = 0
    named: dict[str, tuple[EntityView, int]] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    well: bool = True

    def __bool__(self) -> bool:
        return self.well

    def record(self, name: str = "") -> Record:
        """A named record as it now is."""
        entity, made = self.named[name]
        return self.world.tables[entity.name][made]

    def make(self, entity: EntityView, changes: Changes, name: str = "") -> "Stage":
        """Make a record, that must be accepted."""

        def make(stage: Stage) -> None:
            stage.named[name] = (entity, stage.create(entity, changes))

        return self._after(Step("make", entity, changes, name), make)

    def arrive(self, parent: Parent, name: str = "", **more: Given) -> "Stage":
        """Make a record and change it step by step; all must be accepted."""
        stage = self.make(self.view.entity(parent.entity), {**parent.changes, **more}, name)
        for patch in parent.patches:
            stage = stage.patch(name, patch)
        return stage

    def post(self, entity: EntityView, changes: Changes, refused: Reason | None = None) -> "Stage":
        """Ask for a record, which must be accepted, or refused for that reason alone."""
        step = Step("post", entity, changes, refused=refused)
        return self._after(step, lambda stage: stage.create(entity, changes))

    def patch(self, name: str, changes: Changes, refused: Reason | None = None) -> "Stage":
        """Ask for a change of a named record."""

        def change(stage: Stage, entity: EntityView, made: int) -> None:
            stage.world.update(entity, made, stage.settled(changes))

        return self._with(name, "patch", change, refused, changes)

    def delete(self, name: str, refused: Reason | None = None) -> "Stage":
        """Ask to delete a named record."""
        return self._with(name, "delete", lambda to, *its: to.world.delete(*its), refused)

    def gone(self, name: str) -> "Stage":
        """See that a named record is there no longer."""
        return self._with(name, "gone", lambda to, of, made: made not in to.world.tables[of.name])

    def found(self, entity: EntityView, query: Changes, *names: str) -> "Stage":
        """See that a query finds these named records, in this order, and no others."""

        def find(stage: Stage) -> bool:
            found = stage.world.select(entity, stage.settled(query))
            return found == [stage.named[name][1] for name in names]

        return self._after(Step("list", entity, query=query, found=names), find)

    def race(self, entity: EntityView, changes: Changes, places: int, reason: Reason) -> "Stage":
        """Ask for a few more records at once than there are places for."""
        times, stage = places + _MORE_THAN_PLACES, self
        for number in range(times):
            stage = stage.post(entity, changes, None if number < places else reason)
        step = Step("race", entity, changes, times=times, accepted=places, refused=reason)
        return replace(stage, steps=(*self.steps, step))

    def copy(self, *steps: Step) -> "Stage":
        """A stage after more steps, whose world changes on its own."""
        world, named = self.world.copy(), dict(self.named)
        return replace(self, world=world, named=named, steps=(*self.steps, *steps))

    def create(self, entity: EntityView, changes: Changes) -> int:
        """Make a record right here; raises Refused."""
        return self.world.create(entity, self.body(entity, changes))

    def body(self, entity: EntityView, changes: Changes) -> Record:
        """The body that the factory makes; makes the records it points to right here."""
        settled, recipe = self.settled(changes), self.recipes[entity.name]
        self.numbers += bool(recipe.varied)
        varied = {key: sample(entity, entity.field(key), self.numbers) for key in recipe.varied}
        constants = {k: given for k, given in recipe.constants.items() if k not in changes}
        return {**varied, **self.settled(constants), **settled}

    def settled(self, given: Changes) -> Record:
        """The changes with references to records as ids."""
        return {key: self._settle(value) for key, value in given.items()}

    def _settle(self, value: Given) -> Value:
        match value:
            case scenarios.Parameter():
                raise TypeError(f"{value.name} differs from case to case")
            case scenarios.Ref():
                return self.named[value.name][1]
            case Parent():
                entity = self.view.entity(value.entity)
                made = self.create(entity, value.changes)
                for patch in value.patches:
                    self.world.update(entity, made, self.settled(patch))
                return made
            case _:
                return value

    def _with(
        self,
        name: str,
        action: Action,
        act: Callable[["Stage", EntityView, int], object],
        refused: Reason | None = None,
        changes: Changes | None = None,
    ) -> "Stage":
        """The stage after a step with a named record."""
        if not self.well:
            return self
        entity, made = self.named[name]
        step = Step(action, entity, changes or {}, name, refused=refused)
        return self._after(step, lambda stage: act(stage, entity, made))

    def _after(self, step: Step, act: Callable[["Stage"], object]) -> "Stage":
        """The stage after a step; what it does may be refused, or say that it is not so."""
        if not self.well:
            return self
        stage = self.copy(step)
        try:
            stage.well = act(stage) is not False and step.refused is None
        except Refused as refusal:
            stage.well = all(reason == step.refused for reason in refusal.reasons)
        return stage
