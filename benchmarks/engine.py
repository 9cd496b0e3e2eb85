"""What the engine sends to a language model for whole projects, and how much of it a cache serves.

A project's requirements, plan and files are taken as data: the scripted model server answers with
them, so what is counted is what the engine asks, not how good a model is. Real workflow, database
and Temporal; the run is ended when all is drafted. `QL_PROJECTS` names a folder of projects, each
with `capsule/requirements.json`, `capsule/blueprint.json` and the files that are planned there.

A provider's cache is taken as OpenAI describes its own: what begins like an earlier request whose
reply had begun is read from it, from 1,024 tokens on, in steps of 128; a token is four characters.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType as HistoryEvent
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError

from benchmarks.figures import Figure, report
from quantumlayer.core.database import migrate
from quantumlayer.core.runs import RunLimits
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.router import installed_models
from quantumlayer.worker.composition import build_worker, open_runtime
from tests.support.model_server import FilesReply, JsonReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import running

FOLDER = "QL_PROJECTS"
MODEL = "openai/scripted"
CHARACTERS_A_TOKEN, FEWEST, STEP = 4, 1_024, 128
DELAY_SECONDS = 0.3
# What the engine of November 2026 sent for the same projects, of which 3 % could be cached.
BEFORE = {"bookmark-manager": 901_172, "kanban-board": 881_583}
# What is asked last of a writer, behind who it is.
_TASK = re.compile(
    r"^Write (?:the|these) (?:test )?files? .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL
)
_ASKED_FILE = re.compile(r"^Write the (?:test )?file `([^`]+)` whole|^- `([^`]+)`: ", re.MULTILINE)


@dataclass
class Answering:
    """A model that answers with a project that exists, and remembers what it was asked."""

    folder: Path
    asked: list[tuple[float, str]] = field(default_factory=list)

    def __call__(self, body: dict[str, Any]) -> Reply:
        """The reply to a request."""
        texts = [str(message["content"]) for message in body["messages"]]
        schema = json.dumps(body.get("response_format") or "")
        self.asked.append((time.perf_counter(), "\n".join((schema, *texts))))
        if task := _TASK.search(texts[-1]):
            return self._files(task[0])
        if any("Turn this description into requirements" in text for text in texts):
            own = self.requirements.model_dump(mode="json", exclude={"domain", "schema_version"})
            return JsonReply(value={"refusal": None, "requirements": own})
        return JsonReply(value=self.blueprint.model_dump(mode="json"))

    @property
    def requirements(self) -> Requirements:
        """What the analyst answers."""
        return Requirements.model_validate_json(self._document("requirements"))

    @property
    def blueprint(self) -> Blueprint:
        """What the architect answers."""
        return Blueprint.model_validate_json(self._document("blueprint"))

    def _files(self, task: str) -> FilesReply:
        paths = [first or second for first, second in _ASKED_FILE.findall(task)]
        files = {path: (self.folder / path).read_text("utf-8") for path in paths}
        return FilesReply(files=files, delay_seconds=DELAY_SECONDS)

    def _document(self, name: str) -> bytes:
        return (self.folder / "capsule" / f"{name}.json").read_bytes()


def cached_characters(asked: Sequence[tuple[float, str]]) -> int:
    """How much of all requests (when each was asked, and its text) a cache serves."""
    served = 0
    for place, (moment, text) in enumerate(asked):
        known = [other for begun, other in asked[:place] if begun + DELAY_SECONDS <= moment]
        longest = max((_shared(text, other) for other in known), default=0)
        tokens = longest // CHARACTERS_A_TOKEN
        if tokens >= FEWEST:
            served += tokens // STEP * STEP * CHARACTERS_A_TOKEN
    return served


def _shared(one: str, other: str) -> int:
    """With how many equal characters two texts begin."""
    same, most = 0, min(len(one), len(other))
    while same < most:
        middle = (same + most + 1) // 2
        same, most = (middle, most) if one[:middle] == other[:middle] else (same, middle - 1)
    return same


async def waves_of(handle: WorkflowHandle[Any, Any]) -> int:
    """How often drafts were begun when none was on its way, read from a run's history."""
    waves, open_drafts = 0, set[int]()
    async for event in handle.fetch_history_events():
        if event.event_type == HistoryEvent.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
            begun = event.start_child_workflow_execution_initiated_event_attributes
            if begun.workflow_type.name == "Generator":
                waves += not open_drafts
                open_drafts.add(event.event_id)
        elif event.event_type == HistoryEvent.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
            ended = event.child_workflow_execution_completed_event_attributes
            open_drafts.discard(ended.initiated_event_id)
    return waves


async def _nothing_resolved(_: str, __: Sequence[str]) -> tuple[int, str]:
    return 0, "# nothing is locked here\n"


@asynccontextmanager
async def _pipeline(folder: Path, server: ModelServer) -> AsyncIterator[Pipeline]:
    with running(["postgres", "roles", "redis", "temporal"]) as platform:
        await asyncio.to_thread(migrate, platform.roles.owner_url)
        async with open_pipeline(
            database_url=platform.roles.application_url,
            redis_url=platform.redis.client_url,
            temporal_address=platform.temporal.address,
            folder=folder,
            cache=folder / "cache",
            model_base_url=server.base_url,
            working=False,
        ) as pipeline:
            yield pipeline


async def _drafted(pipeline: Pipeline, prompt: str) -> WorkflowHandle[Any, Any]:
    """A run that was ended when the tester began to run what was drafted."""
    started = await pipeline.start(prompt, model=MODEL, limits=RunLimits(repair_rounds=0))
    tester = pipeline.client.get_workflow_handle(f"{started.handle.id}/tester")
    ending = asyncio.ensure_future(started.handle.result())
    while not ending.done():
        try:
            await tester.describe()
        except RPCError:
            await asyncio.wait([ending], timeout=0.2)
        else:
            await started.handle.cancel()
            break
    await asyncio.gather(ending, return_exceptions=True)
    return started.handle


async def measure(project: Path) -> list[Figure]:
    """The figures of one project."""
    name, answering = project.name, Answering(project)
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as folder:
        async with (
            ModelServer(answering) as server,
            _pipeline(Path(folder), server) as pipeline,
            open_runtime(pipeline.settings, installed_models()) as opened,
            build_worker(
                pipeline.client,
                replace(opened, resolve=_nothing_resolved),
                task_queue=pipeline.task_queue,
            ),
        ):
            handle = await _drafted(pipeline, answering.requirements.summary)
            waves = await waves_of(handle)
    sent = sum(len(text) for _, text in answering.asked)
    drafts = [text for _, text in answering.asked if "\nWrite " in text]
    before = BEFORE.get(name)
    share = 100 * cached_characters(answering.asked) / sent
    return [
        Figure(f"{name}: characters sent", sent, "characters", aim=before and before / 3),
        Figure(f"{name}: characters sent for drafts", sum(map(len, drafts)), "characters"),
        Figure(f"{name}: share that a cache serves", share, "%", aim=80, at_most=False),
        Figure(f"{name}: calls", len(answering.asked), "calls"),
        Figure(f"{name}: calls for drafts", len(drafts), "calls"),
        Figure(f"{name}: waves of drafts", waves, "waves", aim=3),
    ]


async def measured(projects: Sequence[Path]) -> list[Figure]:
    """The figures of all projects."""
    figures = []
    for project in projects:
        print(f"{project.name} …", file=sys.stderr)
        figures += await measure(project)
    return figures


def main() -> None:
    """Measures every project of the folder, or says that there is none."""
    folder = Path(os.environ.get(FOLDER, ""))
    projects = sorted(plan.parent.parent for plan in folder.glob("*/capsule/blueprint.json"))
    if not os.environ.get(FOLDER) or not projects:
        print(
            f"skipped: {FOLDER} names no folder of delivered projects, each with "
            "capsule/requirements.json, capsule/blueprint.json and its files",
            file=sys.stderr,
        )
        return
    report("engine", asyncio.run(measured(projects)))


if __name__ == "__main__":
    main()
