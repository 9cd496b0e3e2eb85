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
    MODEL,
    TESTS,
    WRONG_SOURCE,
    file,
    opening,
    repair,
)
from tests.support.model_server import JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun, open_pipeline
from tests.support.platform import running

FOLDER = Path(__file__).parent.parent / "apps" / "worker" / "histories"
PROMPT = "A library that converts celsius to fahrenheit"

# What no stack serves is asked about, and nobody answers.
PROMPTS = {"asked": f"{PROMPT}, written in Ruby"}

# The tester's own history too: `passed` is from before it tidied, and only worth keeping as such.
# `tidied` is from before what is imported was declared.
WITH_TESTER = frozenset({"passed", "tidied", "declared"})

SCRIPTS: dict[str, list[Reply]] = {
    "passed": [
        *opening(),
        JsonReply(task="write", value=file(GOOD_SOURCE)),
        JsonReply(task="test", value=file(TESTS)),
    ],
    "repaired": [
        *opening(),
        JsonReply(task="write", value=file(WRONG_SOURCE)),
        JsonReply(task="test", value=file(TESTS)),
        JsonReply(task="repair", value=repair(GOOD_SOURCE)),
    ],
    "failed": [
        *opening(),
        JsonReply(task="write", value=file(WRONG_SOURCE)),
        JsonReply(task="test", value=file(TESTS)),
        JsonReply(task="repair", value=repair(WRONG_SOURCE)),
    ],
    "asked": [
        *opening(),
        JsonReply(task="write", value=file(GOOD_SOURCE)),
        JsonReply(task="test", value=file(TESTS)),
    ],
    # Untidy, so that what is tested is not what was written.
    "tidied": [
        *opening(),
        JsonReply(task="write", value=file(GOOD_SOURCE.replace(" * ", "*"))),
        JsonReply(task="test", value=file(TESTS)),
    ],
    # A plan that may change is carried through two rounds.
    "declared": [
        *opening(),
        JsonReply(task="write", value=file(WRONG_SOURCE)),
        JsonReply(task="test", value=file(TESTS)),
        JsonReply(task="repair", value=repair(GOOD_SOURCE)),
    ],
    "refused": [JsonReply(task="analyse", value={"refusal": "no", "requirements": None})],
    "cancelled": [*opening(), JsonReply(task="write", value=file(GOOD_SOURCE), delay_seconds=60)],
}


async def _record(pipeline: Pipeline, server: ModelServer, name: str, replies: list[Reply]) -> None:
    server.script(replies)
    limits = RunLimits(repair_rounds=1)
    prompt = PROMPTS.get(name, PROMPT)
    started: StartedRun = await pipeline.start(prompt, model=MODEL, limits=limits)
    if name == "cancelled":
        await server.received(len(server.requests) + 3)
        await started.handle.cancel()
    await asyncio.wait([asyncio.create_task(started.handle.result())])
    await _keep(name, await started.handle.fetch_history())
    if name in WITH_TESTER:
        tester = pipeline.client.get_workflow_handle(f"{started.handle.id}/tester")
        await _keep(f"{name}-tester", await tester.fetch_history())


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
                ) as pipeline,
            ):
                await _record(pipeline, server, name, replies)


if __name__ == "__main__":
    asyncio.run(_record_all())
