"""A tiny stand-in for the worker: the workflow's name and task queue, and a story told at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
from redis.asyncio import Redis
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from quantumlayer.core.caches import cache_folder
from quantumlayer.core.database import Database, now
from quantumlayer.core.events import EventLog, EventType
from quantumlayer.core.memories import TendRequest
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.runs import DECIDE_WISH, TASK_QUEUE, WORKFLOW, GenerationRequest
from quantumlayer.core.runs.recorder import (
    CapsuleRow,
    FileRow,
    FindingRow,
    RunRecorder,
    TestRow,
)
from quantumlayer.qlayer.capsule import build_capsule
from quantumlayer.worker.memory.workflow import TendMemory
from quantumlayer.worker.previewer.activities import PreviewerActivities
from quantumlayer.worker.previewer.workflow import ShowPreview
from tests.support import capsules
from tests.support import sample_project as sample

# A run whose prompt says so waits to be cancelled, fails, lacks something, asks, or has pictures.
WAITING = "wait until somebody cancels this"
ASKING = "in Ruby on Rails"
FAILING = "fail, please"
LACKING = "and let it fly"
MISSING = f"Missing, because it was not understood: “{LACKING}”."
SOURCE = "def answer() -> int:\n    return 42\n"
CAPSULE_NAME = 'bücher "1".zip'
PICTURED = "with pages"
REVISABLE = "to be changed later"
PROOFS = [
    {"id": "R1", "statement": "It answers.", "state": "tested", "reason": "Not measured.",
     "files": ["src/answer.py"], "tests": [{"name": "test_r1_answers"}], "changes": [
         {"path": "src/answer.py", "line": 2, "before": "return 42", "after": "return 43",
          "noticed_by": ""}]},
]  # fmt: skip
DELIVERY: dict[str, Any] = {
    "tier": "emulation",
    "notes": ["an older Node"],
    "rungs": [
        # As reports were before they had tests.
        {"rung": "build", "outcome": "held", "reason": "", "evidence": ""},
        {
            "rung": "browser tests",
            "outcome": "held",
            "reason": "",
            "evidence": "1 passed",
            "tests": [
                {
                    "name": "R1 answers",
                    "path": "tests/browser/answers.spec.ts",
                    "line": 3,
                    "outcome": "passed",
                    "message": "",
                    "requirements": ["R1"],
                }
            ],
        },
    ],
}
REVISION: dict[str, Any] = {
    "requirements": {
        "added": [{"id": "R2", "statement": "It answers twice."}],
        "changed": [
            {
                "before": {"id": "R1", "statement": "It answers."},
                "after": {"id": "R1", "statement": "It answers at once."},
            }
        ],
        "removed": [],
        "kept": [{"id": "R3", "statement": "It is quick."}],
    },
    "files": [
        {"path": "src/answer.py", "change": "changed", "lines_added": 2, "lines_removed": 1},
        {"path": "src/logo.bin", "change": "added", "lines_added": None, "lines_removed": None},
    ],
    "edits": {"added": [], "changed": ["src/answer.py"], "removed": []},
    "baseline": {"verdict": "failed", "reason": "", "executed": 1, "failing": ["test_old"]},
    "notes": [".env was left out: may hold secrets."],
}
SEEN = {"page": "/", "width": 360, "scheme": "dark", "file": "01-start-360-dark.png"}
_STEP = timedelta(seconds=20)


@workflow.defn(name=WORKFLOW, sandboxed=False)
class ScriptedRun:
    """Begins, perhaps waits, and ends."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self.decision = ""
        self.asks = False

    @workflow.update(name=DECIDE_WISH)
    async def decide_wish(self, decision: str) -> None:
        """Takes the answer."""
        self.decision = decision

    @decide_wish.validator
    def is_asked(self, decision: str) -> None:  # noqa: ARG002 - named as the update does
        """Refuses what answers nothing."""
        if not self.asks:
            raise ValueError("nothing is asked")

    @workflow.run
    async def run(self, request: GenerationRequest) -> None:
        waits: str = await workflow.execute_activity(
            "begin", request, start_to_close_timeout=_STEP, result_type=str
        )
        try:
            if waits == ASKING:
                self.asks = True
                await workflow.wait_condition(lambda: bool(self.decision))
                self.asks = False
                request = request.model_copy(update={"project": self.decision})
            elif waits:
                await workflow.wait_condition(lambda: False)
        except asyncio.CancelledError:
            await workflow.execute_activity("cancelled", request, start_to_close_timeout=_STEP)
            raise
        await workflow.execute_activity("finish", request, start_to_close_timeout=_STEP)


class ScriptedSteps:
    """What the story writes down."""

    def __init__(self, recorder: RunRecorder, objects: FolderObjectStore) -> None:
        self._recorder = recorder
        self._objects = objects

    @activity.defn(name="begin")
    async def begin(self, request: GenerationRequest) -> str:
        """Takes the run up; whether it is to wait."""
        source = await self._objects.put(SOURCE.encode())
        binary = await self._objects.put(b"\xff\xfe\x00")
        async with self._recorder.recording(request.organisation_id, request.run_id) as told:
            run = told.run
            run.status, run.started_at, run.first_file_at = "running", now(), now()
            run.title = "Answers"
            await told.tell("start", EventType.RUN_STARTED, {"prompt": run.prompt})
            await told.put_files(
                [
                    FileRow("src/answer.py", source, len(SOURCE), "source", "generator", ["R1"]),
                    FileRow("src/logo.bin", binary, 3, "source", "generator", []),
                ]
            )
            await told.tell("file", EventType.FILE_WRITTEN, {"path": "src/answer.py"})
            if ASKING in run.prompt:
                words = {"words": ["rails", "ruby"], "nearest": "python-service",
                         "title": "Python service", "waitSeconds": 60}  # fmt: skip
                await told.tell("wish.unserved", EventType.WISH_UNSERVED, words)
            return next((each for each in (ASKING, WAITING) if each in run.prompt), "")

    @activity.defn(name="finish")
    async def finish(self, request: GenerationRequest) -> None:
        """Writes everything down that a run has which has come to its end."""
        content = build_capsule(capsules.inputs())
        requirements = await self._objects.put(b'{"title":"Answers"}')
        rungs = [*DELIVERY["rungs"]]
        picture = await self._objects.put(capsules.PICTURE)
        async with self._recorder.recording(request.organisation_id, request.run_id) as told:
            run = told.run
            verdict = "failed" if FAILING in run.prompt else "passed"
            if PICTURED in run.prompt:
                seen = {**SEEN, "sha256": picture, "size": len(capsules.PICTURE)}
                rungs = [{**rungs[0], "pictures": [seen]}]
            delivery = {**DELIVERY, "rungs": rungs}
            quality: dict[str, object] = {"verdict": verdict, "delivery": delivery}
            if run.base_object is not None:
                quality["revision"] = REVISION
            if LACKING in run.prompt:
                verdict, run.reason = "incomplete", MISSING
                quality |= {"verdict": verdict, "missing": [MISSING], "requirements": PROOFS}
            report = await self._objects.put(orjson.dumps(quality))
            run.requirements_object = run.blueprint_object = requirements
            if REVISABLE in run.prompt:
                asked, planned = sample.requirements(), sample.blueprint()
                run.requirements_object = await self._objects.put(asked.model_dump_json().encode())
                run.blueprint_object = await self._objects.put(planned.model_dump_json().encode())
            run.quality_report_object = report
            if ASKING in run.prompt:
                # What was decided came with the request.
                run.reason = request.project
                decided = {"decision": request.project, "by": "somebody"}
                await told.tell("wish.decided", EventType.WISH_DECIDED, decided)
            await told.replace_tests(
                [
                    TestRow("test_answer", "tests/test_answer.py", 3, "passed", "", 0.01),
                    TestRow("test_later", "tests/test_answer.py", 9, "skipped", "later", 0.0),
                ]
            )
            await told.replace_findings(
                [FindingRow("W1", "warning", "src/answer.py", 1, 1, "Say why.", None, "ruff")]
            )
            await told.put_capsule(
                CapsuleRow(
                    await self._objects.put(content),
                    len(content),
                    CAPSULE_NAME,
                    verdict,
                    "a fingerprint",
                )
            )
            run.status, run.verdict, run.finished_at = "finished", verdict, now()
            if PICTURED in run.prompt:
                await told.tell("climbed", EventType.DELIVERY_CLIMBED, {"rungs": rungs})
            await told.tell("run.ended", EventType.RUN_FINISHED, {"verdict": verdict})

    @activity.defn(name="cancelled")
    async def cancelled(self, request: GenerationRequest) -> None:
        """Writes down that the run was cancelled."""
        async with self._recorder.recording(request.organisation_id, request.run_id) as told:
            told.run.status, told.run.finished_at = "cancelled", now()
            await told.tell("run.ended", EventType.RUN_CANCELLED, {"reason": "by request"})


@activity.defn(name="tend")
async def tended(request: TendRequest) -> None:
    """Takes it that there is no index."""


@asynccontextmanager
async def scripted_worker(
    temporal_address: str, database: Database, redis: Redis, objects: FolderObjectStore
) -> AsyncIterator[None]:
    """A worker that tells the story to every run of the API."""
    client = await Client.connect(temporal_address, data_converter=pydantic_data_converter)
    steps = ScriptedSteps(RunRecorder(database, EventLog(database, redis)), objects)
    previewer = PreviewerActivities(database, objects, cache_folder(), 6)
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ScriptedRun, ShowPreview, TendMemory],
        workflow_runner=UnsandboxedWorkflowRunner(),
        activities=[
            steps.begin,
            steps.finish,
            steps.cancelled,
            previewer.show_preview,
            tended,
        ],
        max_heartbeat_throttle_interval=timedelta(seconds=1),
    ):
        yield
