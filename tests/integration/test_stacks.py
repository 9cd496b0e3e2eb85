"""From a sentence to a project on a stack: plan, interfaces that compile, bodies, delivery.

`QL_STACKS` names the stacks that are tried: `all`, or some of them; else two.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from quantumlayer.core.events import EventType
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.stacks import Stack, ground, is_fixed, stack, stacks
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import MODEL
from tests.support.model_server import ModelServer
from tests.support.pipeline import Pipeline, StartedRun, open_pipeline
from tests.support.platform import PostgresUrls
from tests.support.stack_model import StackModel

SAMPLES = "python-service typescript-service"
ASKED = os.environ.get("QL_STACKS", SAMPLES)
TRIED = [one for one in stacks() if ASKED == "all" or one.name in ASKED.split()]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
of_each = pytest.mark.parametrize("model", TRIED, ids=lambda one: one.name, indirect=True)


@pytest.fixture
def model(request: pytest.FixtureRequest) -> StackModel:
    one: Stack = request.param
    return StackModel(one)


@pytest.fixture
async def building(
    migrated_urls: PostgresUrls,
    redis_url: str,
    temporal_address: str,
    tmp_path_factory: pytest.TempPathFactory,
    model: StackModel,
) -> AsyncIterator[Pipeline]:
    """A worker whose language model builds what the stack's own example is."""
    async with (
        ModelServer(model) as server,
        open_pipeline(
            database_url=migrated_urls.application,
            redis_url=redis_url,
            temporal_address=temporal_address,
            folder=tmp_path_factory.mktemp("pipeline"),
            cache=PlatformSettings(_env_file=None).cache_dir,
            model_base_url=server.base_url,
        ) as opened,
    ):
        yield opened


async def told(pipeline: Pipeline, run: StartedRun, kind: EventType) -> list[dict[str, Any]]:
    return [dict(event.data) for event in await pipeline.events(run.id) if event.type is kind]


@of_each
async def test_a_sentence_becomes_a_project_on_its_stack(
    building: Pipeline, model: StackModel
) -> None:
    # when
    run = await building.start(f"{model.stack.title}, for night orders", model=MODEL)
    ending = await run.handle.result()
    # then: it is whole, and holds as it is delivered
    assert ending.verdict is Verdict.PASSED, ending.reason
    files = await building.files(run.id)
    assert model.files.keys() <= files.keys()
    assert {path: files[path] for path in model.sources} == model.sources
    # and: what the stack fixes stands as the starter has it
    starter = {file.path: file.text for file in ground(model.stack)}
    fixed = {path: text for path, text in starter.items() if is_fixed(model.stack, path)}
    assert {path: files[path] for path in fixed} == fixed
    # and: the plan names it, the interfaces compiled at once
    row = await building.run(run.id)
    assert row.blueprint_object is not None
    blueprint = Blueprint.model_validate_json(await building.objects.get(row.blueprint_object))
    assert blueprint.stack == model.stack.name
    (checked,) = await told(building, run, EventType.SKELETON_CHECKED)
    assert (checked["complaints"], checked["unknown"]) == ([], "")


async def checks(pipeline: Pipeline, run: StartedRun, number: int) -> list[dict[str, Any]]:
    """What the type checker said, once it was asked so often."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        found = await told(pipeline, run, EventType.SKELETON_CHECKED)
        await asyncio.sleep(0.2)
    return found


@pytest.mark.parametrize("model", [stack("python-tool")], ids=["python-tool"], indirect=True)
async def test_what_does_not_compile_goes_back_to_the_architect_before_any_body_is_bought(
    building: Pipeline, model: StackModel
) -> None:
    # given: an interface that leans on what is not there
    path = "src/night_orders/counting.py"
    model.spoilt = {path: model.interface(path).replace("import ", "import nowhere, ", 1)}
    # when
    run = await building.start("A tool that counts words, in Python", model=MODEL)
    first, second = await checks(building, run, 2)
    await run.handle.cancel()
    # then
    assert any(str(one).startswith(f"{path}:") for one in first["complaints"])
    assert second["complaints"] == []
    (mended,) = (item for item in model.asked if item.startswith("The interfaces do not compile"))
    assert f"{path}:" in mended
