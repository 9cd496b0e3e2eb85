"""Random walks: a generated service does what the described domain does, step by step."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from quantumlayer.agents.builtin.writing.python_service.model import (
    EntityView,
    FieldView,
    service_view,
)
from quantumlayer.agents.builtin.writing.python_service.recipes import (
    Parent,
    Ref,
    candidates,
    kitchen,
)
from quantumlayer.agents.builtin.writing.python_service.samples import Value, to_json
from quantumlayer.agents.builtin.writing.python_service.world import (
    Record,
    Refused,
    World,
    default_value,
)
from quantumlayer.qlayer.requirements import FieldType
from tests.support.generated_tree import run, write_tree
from tests.support.service_domains import DOMAINS

pytestmark = pytest.mark.slow

STEPS = 250
WALK = '''"""Walks along recorded steps."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

STEPS = json.loads((Path(__file__).parent / "walk.json").read_text())


def test_walk(client: TestClient) -> None:
    for number, step in enumerate(STEPS):
        response = client.request(step["method"], step["path"], json=step["body"])
        assert response.status_code == step["status"], (number, step, response.text)
        if step["by"]:
            assert response.json().get("requirement") in step["by"], (number, step, response.text)
'''


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
            change: Callable[[], object] = lambda: self.world.create(entity, body)  # noqa: E731
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
        values = candidates(kitchen(self.world.view), entity, member.key)
        return self.chance.choice([v for v in values if not isinstance(v, Parent | Ref)])

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
                by = [
                    reason.rule.requirement
                    if reason.rule
                    else entity.requirement_of(entity.field(reason.unique or ""))
                    for reason in refused.reasons
                    if not reason.in_use
                ]
        sent = None if body is None else {key: to_json(value) for key, value in body.items()}
        self.steps.append(
            {"method": method, "path": path, "body": sent, "status": status, "by": by}
        )


@pytest.mark.parametrize("name", DOMAINS)
def test_the_service_and_the_description_agree(name: str, tmp_path: Path) -> None:
    root = write_tree(DOMAINS[name](), tmp_path)
    walker = Walker(World(service_view(DOMAINS[name]())), random.Random(name))  # noqa: S311
    for _ in range(STEPS):
        walker.step()
    (root / "tests" / "test_walk.py").write_text(WALK, encoding="utf-8")
    (root / "tests" / "walk.json").write_text(json.dumps(walker.steps), encoding="utf-8")
    done = run(root, "pytest", "-p", "no:cacheprovider", "tests/test_walk.py")
    assert done.returncode == 0, done.stdout[-3000:]
    statuses = {step["status"] for step in walker.steps}
    assert {200, 201, 409} & statuses
