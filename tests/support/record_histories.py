"""Records the histories that `tests/apps/worker/test_replay.py` replays.

    python -m tests.support.record_histories [NAME …]

Only for a new version of a workflow: recorded histories are what keeps runs in flight alive.
"""

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from quantumlayer.core.database import migrate
from quantumlayer.core.runs import RunLimits
from quantumlayer.core.settings import PlatformSettings
from tests.integration.test_language_model import (
    GOOD_SOURCE,
    HOLLOW_SOURCE,
    MODEL,
    TESTS,
    WEAK_TESTS,
    WRONG_SOURCE,
    better_tests,
    opening,
    proving,
    wrote,
)
from tests.support.integrating import edit, finish, mended
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun, open_pipeline
from tests.support.platform import running
from tests.support.revising import begin_on_run, change

FOLDER = Path(__file__).parent.parent / "apps" / "worker" / "histories"
PROMPT = "A library that converts celsius to fahrenheit"

# What no stack serves is asked about, and nobody answers.
PROMPTS = {"asked": f"{PROMPT}, written in Ruby"}

# The tester's own history too: `passed` is from before it tidied, and only worth keeping as such.
# `tidied` is from before what is imported was declared.
WITH_TESTER = frozenset({"passed", "tidied", "declared"})
# The integrator's own history, too.
WITH_INTEGRATOR = frozenset({"integrated"})
# `repaired`, `failed` and `declared` are from before it, and only worth keeping as such.
# A generator's own, of one file (`passed`) and of drafts.
WITH_GENERATOR = frozenset({"passed", "drafted"})

# Runs that change what another has made.
REVISING = frozenset({"revised"})
TRIPLES = {"category": "operation", "statement": "Triples a number", "source": "triple"}
TRIPLE = "\n\ndef triple(number: float) -> float:\n    return number * 3\n"
TRIPLES_TESTS = """from temperature import triple


def test_r2_triples() -> None:
    assert triple(2) == 6
"""
# An earlier run of the same script is what these are shown.
WITH_MEMORY = frozenset({"remembered"})


def repair(content: str) -> dict[str, Any]:
    """A repairer's answer, before there was an integrator, that writes the source anew."""
    edit = {"path": "temperature/__init__.py", "action": "write", "content": content}
    return {"explanation": "", "edits": [edit]}


SCRIPTS: dict[str, list[Reply]] = {
    "remembered": [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(TESTS),
    ],
    "passed": [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(TESTS),
    ],
    "repaired": [
        *opening(),
        wrote(WRONG_SOURCE),
        proving(TESTS),
        JsonReply(task="repair", value=repair(GOOD_SOURCE)),
    ],
    "failed": [
        *opening(),
        wrote(WRONG_SOURCE),
        proving(TESTS),
        JsonReply(task="repair", value=repair(WRONG_SOURCE)),
    ],
    "asked": [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(TESTS),
    ],
    # A file is refused once, so that all three waves are seen.
    "drafted": [*opening(), wrote(HOLLOW_SOURCE), proving(TESTS), wrote(GOOD_SOURCE)],
    # Untidy, so that what is tested is not what was written.
    "tidied": [
        *opening(),
        wrote(GOOD_SOURCE.replace(" * ", "*")),
        proving(TESTS),
    ],
    # A plan that may change is carried through two rounds.
    "declared": [
        *opening(),
        wrote(WRONG_SOURCE),
        proving(TESTS),
        JsonReply(task="repair", value=repair(GOOD_SOURCE)),
    ],
    # One look that is not granted, and one that is.
    "integrated": [
        *opening(),
        wrote(WRONG_SOURCE),
        proving(TESTS),
        finish(),
        edit("5 + 30", "5 + 32"),
        finish(),
    ],
    # The better tests do not pass, so that what was there before is gone back to.
    "strengthened": [
        *opening(),
        wrote(GOOD_SOURCE),
        proving(WEAK_TESTS),
        better_tests(TESTS.replace("212", "213")),
    ],
    # Changes what `passed` has made.
    "revised": [
        change(added=[TRIPLES]),
        FilesReply(task="test", files={"tests/test_r2.py": TRIPLES_TESTS}),
        mended(GOOD_SOURCE + TRIPLE),
    ],
    "refused": [JsonReply(task="analyse", value={"refusal": "no", "requirements": None})],
    "cancelled": [*opening(), wrote(GOOD_SOURCE, delay_seconds=60)],
}


async def _record(pipeline: Pipeline, server: ModelServer, name: str, replies: list[Reply]) -> None:
    if name in REVISING:
        server.script(SCRIPTS["passed"])
        first = await pipeline.start(PROMPT, model=MODEL)
        await first.handle.result()
    if name in WITH_MEMORY:
        server.script(replies)
        await (await pipeline.start(PROMPT, model=MODEL)).handle.result()
    server.script(replies)
    limits = RunLimits(repair_rounds=2 if name in WITH_INTEGRATOR else 1)
    prompt = PROMPTS.get(name, PROMPT)
    started: StartedRun
    if name in REVISING:
        started = await begin_on_run(pipeline, first.id, "It triples, too.")
    else:
        started = await pipeline.start(prompt, model=MODEL, limits=limits)
    if name == "cancelled":
        await server.received(len(server.requests) + 3)
        await started.handle.cancel()
    await asyncio.wait([asyncio.create_task(started.handle.result())])
    await _keep(name, await started.handle.fetch_history())
    if name in WITH_GENERATOR:
        path = f"{started.handle.id}/generator/temperature-init-py"
        generator = pipeline.client.get_workflow_handle(path)
        await _keep(f"{name}-generator", await generator.fetch_history())
    if name in WITH_TESTER:
        tester = pipeline.client.get_workflow_handle(f"{started.handle.id}/tester")
        await _keep(f"{name}-tester", await tester.fetch_history())
    if name in WITH_INTEGRATOR:
        loop = pipeline.client.get_workflow_handle(f"{started.handle.id}/integrator")
        await _keep(f"{name}-integrator", await loop.fetch_history())


async def _keep(name: str, history: WorkflowHistory) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    events: dict[str, Any] = json.loads(history.to_json())
    text = json.dumps(events, indent=1)
    # Which process on which machine did it is nobody's business.
    text = re.sub(r'"identity": "[^"]*"', '"identity": "recorded"', text)
    text = re.sub(r'"stackTrace": "(?:[^"\\\\]|\\\\.)*"', '"stackTrace": ""', text)
    (FOLDER / f"{name}.json").write_text(text + "\n")


async def _record_all() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="ql-histories-") as folder,
        running(["postgres", "roles", "redis", "temporal"]) as platform,
    ):
        await asyncio.to_thread(migrate, platform.roles.owner_url)
        for name in sys.argv[1:] or SCRIPTS:
            replies = SCRIPTS[name]
            async with (
                ModelServer([]) as server,
                open_pipeline(
                    database_url=platform.roles.application_url,
                    redis_url=platform.redis.client_url,
                    temporal_address=platform.temporal.address,
                    folder=Path(folder),
                    cache=PlatformSettings(_env_file=None).cache_dir,
                    model_base_url=server.base_url,
                    wish_wait_seconds=1,
                    memory=name in WITH_MEMORY,
                ) as pipeline,
            ):
                await _record(pipeline, server, name, replies)


if __name__ == "__main__":
    asyncio.run(_record_all())
