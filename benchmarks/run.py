"""The platform's own cost of a run: without the model's time and without the tests' processes.

Real PostgreSQL, Redis and Temporal; a model inside the process that answers at once; tests that
are taken as passed. What is left is ours: workflow, activities, database, objects, parsing,
linting, packaging and signing. Beside it, in the same session and on the same server, a workflow
that runs as many activities which do nothing, in as many children.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import uuid4

from temporalio.api.enums.v1 import EventType as HistoryEvent
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

from benchmarks.figures import Figure, report
from benchmarks.plain_temporal import Plain, PlainChild, nothing
from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.core.database import migrate
from quantumlayer.qlayer import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
)
from quantumlayer.qtest import (
    CaseOutcome,
    Coverage,
    TestCase,
    TestReport,
    TracedReport,
    Verdict,
)
from quantumlayer.router import ProviderReply, ProviderRequest, ProviderTraits, written
from quantumlayer.worker.composition import build_worker, open_runtime
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import running

MODEL = "bench"
SIZES = (1, 10, 100)
RUNS_AT_ONCE = 10
FILES_OF_EACH = 10


class BenchModel:
    """Answers at once: a library of as many modules as the prompt says."""

    name = MODEL
    traits = ProviderTraits(metered=False)

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """The answer to a task."""
        return ProviderReply(
            text=_answer(request),
            finish_reason="stop",
            input_tokens=0,
            output_tokens=0,
            model=MODEL,
        )


def _answer(request: ProviderRequest) -> str:
    if request.task == "analyse":
        prompt = str(request.input["prompt"])
        return AnalystAnswer(requirements=_requirements(prompt)).model_dump_json()
    if request.task == "design":
        requirements = Requirements.model_validate(request.input["requirements"])
        return _blueprint(requirements).model_dump_json()
    module = '"""One module."""\n\n\ndef value() -> int:\n    return 1\n'
    return written(dict.fromkeys(cast("list[str]", request.input["paths"]), module))


def _requirements(prompt: str) -> Requirements:
    statement = Requirement(id="R1", category=RequirementCategory.OPERATION, statement="Has values")
    return Requirements(
        name=prompt,
        title=prompt,
        summary="",
        kind=ApplicationKind.LIBRARY,
        language=Language.PYTHON,
        items=(statement,),
    )


def _blueprint(requirements: Requirements) -> Blueprint:
    count = int(requirements.name.rsplit("-", 1)[1])
    files = [
        PlannedFile(
            path=f"library/module_{n}.py",
            role=FileRole.SOURCE,
            purpose="One module.",
            requirements=("R1",),
        )
        for n in range(count - 1)
    ]
    test = PlannedFile(
        path="tests/test_r1_values.py",
        role=FileRole.TEST if files else FileRole.SOURCE,
        purpose="Tests.",
        requirements=("R1",),
    )
    return Blueprint(
        name="library", kind=requirements.kind, language=Language.PYTHON, files=(*files, test)
    )


async def _taken_as_passed(_: Path) -> TracedReport:
    case = TestCase(name="test_r1", path="tests/test_r1_values.py", outcome=CaseOutcome.PASSED)
    report = TestReport(
        verdict=Verdict.PASSED,
        reason="taken as passed",
        runner="none",
        language="python",
        executed=1,
        passed=1,
        cases=(case,),
        coverage=Coverage(lines_percent=100.0),
    )
    return TracedReport(report, {})


async def _no_mutation(_: Path, __: asyncio.Future[TracedReport]) -> None:
    return None


@asynccontextmanager
async def _pipeline(folder: Path) -> AsyncIterator[Pipeline]:
    with running(["postgres", "roles", "redis", "temporal"]) as platform:
        await asyncio.to_thread(migrate, platform.roles.owner_url)
        async with open_pipeline(
            database_url=platform.roles.application_url,
            redis_url=platform.redis.client_url,
            temporal_address=platform.temporal.address,
            folder=folder,
            cache=folder / "cache",
            working=False,
        ) as pipeline:
            yield pipeline


async def _seconds_of_a_run(pipeline: Pipeline, files: int) -> float:
    begun = time.perf_counter()
    started = await pipeline.start(f"library-{files}", model=MODEL)
    ending = await started.handle.result()
    if ending.verdict is not Verdict.PASSED:
        raise RuntimeError(f"the run of {files} files did not pass: {ending.reason}")
    return time.perf_counter() - begun


async def _count_activities(pipeline: Pipeline, files: int) -> tuple[int, int]:
    """Children and own activities of one run, read from its history."""
    started = await pipeline.start(f"library-{files}", model=MODEL)
    await started.handle.result()
    children = own = 0
    async for event in started.handle.fetch_history_events():
        started_child = HistoryEvent.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
        children += event.event_type == started_child
        own += event.event_type == HistoryEvent.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    return children, own


async def _runs_a_second(pipeline: Pipeline) -> float:
    begun = time.perf_counter()
    await asyncio.gather(*(_seconds_of_a_run(pipeline, FILES_OF_EACH) for _ in range(RUNS_AT_ONCE)))
    return RUNS_AT_ONCE / (time.perf_counter() - begun)


async def _plain_a_second(client: Client, counts: tuple[int, int]) -> float:
    begun = time.perf_counter()
    await asyncio.gather(
        *(
            client.execute_workflow(Plain.run, counts, id=f"plain-{uuid4()}", task_queue="plain")
            for _ in range(RUNS_AT_ONCE)
        )
    )
    return RUNS_AT_ONCE / (time.perf_counter() - begun)


async def measure() -> list[Figure]:
    """Every figure of this benchmark."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as name:
        async with (
            _pipeline(Path(name)) as pipeline,
            open_runtime(pipeline.settings, {MODEL: BenchModel()}) as opened,
        ):
            runtime = replace(opened, run_tests=_taken_as_passed, measure_mutation=_no_mutation)
            plain = await Client.connect(
                pipeline.settings.temporal_address, data_converter=pydantic_data_converter
            )
            plain_worker = Worker(
                plain,
                task_queue="plain",
                workflows=[Plain, PlainChild],
                activities=[nothing],
                max_concurrent_activities=32,
            )
            async with (
                build_worker(pipeline.client, runtime, task_queue=pipeline.task_queue),
                plain_worker,
            ):
                await _seconds_of_a_run(pipeline, 1)
                for size in SIZES:
                    print(f"a run of {size} files …", file=sys.stderr)
                    seconds = min([await _seconds_of_a_run(pipeline, size) for _ in range(3)])
                    figures.append(Figure(f"platform time of a run, {size} files", seconds, "s"))
                counts = await _count_activities(pipeline, FILES_OF_EACH)
                print("ours beside plain Temporal …", file=sys.stderr)
                pairs = [
                    (await _runs_a_second(pipeline), await _plain_a_second(plain, counts))
                    for _ in range(3)
                ]
    ours, bare = max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    figures += [
        Figure(f"runs of {FILES_OF_EACH} files, {RUNS_AT_ONCE} at once", ours, "runs/s"),
        Figure("plain Temporal, as many children and activities", bare, "workflows/s"),
        Figure("plain Temporal over ours", bare / ours, "x"),
    ]
    return figures


if __name__ == "__main__":
    report("run", asyncio.run(measure()))
