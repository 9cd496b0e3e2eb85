"""Random walks through a described domain: steps, and what a service must answer to each."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, service_view
from quantumlayer.builtin.writing.service.search import plain_candidates
from quantumlayer.builtin.writing.service.values import Record, Value, default_value, to_json
from quantumlayer.builtin.writing.service.world import Reason, Refused, World
from quantumlayer.qlayer.requirements import Requirements

STEPS = 250


def walk(requirements: Requirements) -> list[dict[str, object]]:
    """Steps with method, path, body, the status, and the rules that may refuse them."""
    chance = random.Random(requirements.name)  # noqa: S311 - the same ones each time
    walker = Walker(World(service_view(requirements)), chance)
    for _ in range(STEPS):
        walker.step()
    assert {200, 201, 409} & {step["status"] for step in walker.steps}
    return walker.steps


@dataclass
class Walker:
    """Does random things in a world, and writes down what came of each."""

    world: World
    chance: random.Random
    steps: list[dict[str, object]] = field(default_factory=list)

    def step(self) -> None:
        entity = self.chance.choice(self.world.view.entities)
        existing = list(self.world.tables[entity.name])
        action = self.chance.choice(["POST", "POST", "POST", "PATCH", "PATCH", "PUT", "DELETE"])
        if not existing or action == "POST":
            body = self._body(entity)
            change: Callable[[], object] = lambda: self.world.create(entity, body)  # noqa: E731 - one of several, chosen below
            self._do(entity, "POST", entity.path, body, 201, change)
            return
        chosen = self.chance.choice(existing)
        path = f"{entity.path}/{chosen}"
        if action == "DELETE":
            self._do(entity, action, path, None, 204, lambda: self.world.delete(entity, chosen))
            return
        body = self._body(entity) if action == "PUT" else self._some(entity)
        kept = {f.key for f in entity.fields if f.computed} | set(body)
        defaults = {f.key: default_value(f) for f in entity.fields if f.key not in kept}
        whole = {**defaults, **body} if action == "PUT" else body
        self._do(entity, action, path, body, 200, lambda: self.world.update(entity, chosen, whole))

    def _body(self, entity: EntityView) -> Record:
        given = [f for f in entity.fields if f.must_be_given or self.chance.random() < 0.5]
        return {f.key: self._value(entity, f) for f in given}

    def _some(self, entity: EntityView) -> Record:
        number = min(self.chance.choice((1, 1, 2)), len(entity.fields))
        return {f.key: self._value(entity, f) for f in self.chance.sample(entity.fields, k=number)}

    def _value(self, entity: EntityView, member: FieldView) -> Value:
        if member.type is FieldType.REFERENCE:
            existing = list(self.world.tables[self.world.view.target(member).name])
            return self.chance.choice([*existing[-4:], 999] if existing else [999])
        return self.chance.choice(plain_candidates(entity, member.key))

    def _do(
        self,
        entity: EntityView,
        method: str,
        path: str,
        body: Record | None,
        status: int,
        change: Callable[[], object],
    ) -> None:
        by: list[str | None] = []
        if body is not None and any(body.get(f.key) == 999 for f in entity.references):
            status = 422
        else:
            try:
                change()
            except Refused as refused:
                status = 409
                by = [reason.requirement for reason in refused.reasons if reason != Reason()]
        sent = None if body is None else {key: to_json(value) for key, value in body.items()}
        self.steps.append(
            {"method": method, "path": path, "body": sent, "status": status, "by": by}
        )
