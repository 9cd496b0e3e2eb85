"""A run's software is started as delivered: what does not answer its platform never passes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from quantumlayer.core.events import EventType
from quantumlayer.core.runs import RunLimits
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qtest import Verdict
from tests.support.integrating import mended
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline

MODEL = "openai/scripted"
REQUIREMENTS: dict[str, Any] = {
    "refusal": None,
    "requirements": {
        "name": "answers",
        "title": "Answers",
        "summary": "Answers over HTTP.",
        "kind": "service",
        "language": "javascript",
        "items": [{"id": "R1", "category": "operation", "statement": "Answers with 42 at /answer",
                   "source": "answers with 42"}],
        "assumptions": [],
        "not_understood": [],
    },
}  # fmt: skip
BLUEPRINT: dict[str, Any] = {
    "name": "answers",
    "kind": "service",
    "language": "javascript",
    "files": [
        {"path": "src/server.mjs", "role": "source", "purpose": "The service.",
         "interface": "answer(request, response)", "requirements": ["R1"]},
        {"path": "tests/server.test.mjs", "role": "test", "purpose": "Proof.",
         "depends_on": ["src/server.mjs"], "requirements": ["R1"]},
    ],
    "run_command": ["node", "src/server.mjs"],
    "test_command": ["node", "--test"],
    "port": 8000,
    "environment": [{"name": "LEVEL", "default": "info"}],
}  # fmt: skip
# Nothing of what was asked for says that a platform will ask for its health.
DEAF = """\
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

/** The routes, each with what it answers. */
const ROUTES = { '/answer': { answer: 42 } };

export function answer(request, response) {
  const found = ROUTES[request.url];
  response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(found ?? { detail: 'not found' }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer(answer).listen(Number(process.env.PORT), process.env.HOST);
  process.on('SIGTERM', () => server.close());
}
"""
HEALTH = "const ROUTES = { '/healthz': { status: 'ok' }, '/readyz': { status: 'ok' }, "
SOUND = DEAF.replace("const ROUTES = { ", HEALTH)
TEST = """\
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { answer } from '../src/server.mjs';

test('R1 answers with 42, and with nothing else', async () => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const place = `http://127.0.0.1:${server.address().port}`;
  const found = await fetch(`${place}/answer`);
  assert.equal(found.status, 200);
  assert.deepEqual(await found.json(), { answer: 42 });
  assert.equal((await fetch(`${place}/question`)).status, 404);
  server.close();
  server.closeAllConnections();
});
"""


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    """A model that forgets what its platform will ask."""
    opening: list[Reply] = [
        JsonReply(task="analyse", value=REQUIREMENTS),
        JsonReply(task="design", value=BLUEPRINT),
        FilesReply(task="write", files={"src/server.mjs": DEAF}),
        FilesReply(task="test", files={"tests/server.test.mjs": TEST}),
    ]
    async with ModelServer([*opening, mended(SOUND, "src/server.mjs")]) as started:
        yield started


async def outcomes(pipeline: Pipeline, address: str | None) -> dict[str, str]:
    report = QualityReport.model_validate_json(await pipeline.objects.get(address or ""))
    assert report.delivery is not None
    return {one.rung: one.outcome for one in report.delivery.rungs}


@pytest.mark.slow
async def test_a_service_that_its_platform_cannot_ask_never_passes_however_its_tests_do(
    pipeline: Pipeline,
) -> None:
    # given: a model that may not repair
    limits = RunLimits(repair_rounds=0)
    started = await pipeline.start("A service that answers with 42", model=MODEL, limits=limits)
    # when
    ending = await started.handle.result()
    # then
    assert ending.verdict is Verdict.FAILED, ending.reason
    assert ending.reason.startswith("As delivered, it does not answer its platform: `GET /healthz`")
    run = await pipeline.run(started.id)
    found = await outcomes(pipeline, run.quality_report_object)
    assert (found["start"], found["probes"], found["stop"]) == ("held", "broken", "skipped")


@pytest.mark.slow
async def test_what_is_broken_as_delivered_is_given_back_with_its_evidence_and_mended(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # given
    started = await pipeline.start("A service that answers with 42", model=MODEL)
    # when
    ending = await started.handle.result()
    # then
    assert ending.verdict is Verdict.PASSED, ending.reason
    (asking,) = (request for request in server.requests if request.task == "integrate")
    assert "`GET /healthz`, which the platform asks, answers 404" in json.dumps(asking.messages)
    told = [event.data for event in await pipeline.events(started.id)
            if event.type is EventType.DELIVERY_CLIMBED]  # fmt: skip
    assert [one["verdict"] for one in told] == ["failed", "passed"]
    assert [one["rung"] for one in told[0]["rungs"] if one["outcome"] == "broken"] == ["probes"]
    run = await pipeline.run(started.id)
    found = await outcomes(pipeline, run.quality_report_object)
    assert (found["probes"], found["start again"]) == ("held", "held")
