"""Telling a run's story: an agent's start and end, and the model calls in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from pydantic import JsonValue

from quantumlayer.agents import Conversation, PromptRefused
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording, TestRow
from quantumlayer.qlayer import SourceFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import TestReport
from quantumlayer.worker.nouns import Scope
from quantumlayer.worker.runtime import Runtime


async def agent_started(runtime: Runtime, scope: Scope, agent: str, item: str) -> None:
    """Says that an agent has begun to work on `item`."""
    async with runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording:
        await recording.tell(
            f"agent.started/{agent}/{item}",
            EventType.AGENT_STARTED,
            {"agent": agent, "item": item},
        )


@asynccontextmanager
async def agent_finished(
    runtime: Runtime,
    scope: Scope,
    agent: str,
    item: str,
    conversation: Conversation | None = None,
) -> AsyncIterator[Recording]:
    """One transaction for what an agent did: its model calls, its result, and its end."""
    async with runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording:
        if conversation is not None:
            await model_calls(recording, conversation, f"{agent}/{item}")
        yield recording
        await recording.tell(
            f"agent.finished/{agent}/{item}",
            EventType.AGENT_FINISHED,
            {"agent": agent, "item": item},
        )


async def model_calls(recording: Recording, conversation: Conversation, step: str) -> None:
    """Tells of the answers that a step took, and adds their cost to the run's."""
    for ordinal, usage in enumerate(conversation.usages):
        told = await recording.tell(
            f"model.called/{step}/{ordinal}",
            EventType.MODEL_CALLED,
            {
                "step": step,
                "model": usage.model,
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "cachedTokens": usage.cached_tokens,
                "cacheWrittenTokens": usage.cache_written_tokens,
                "reasoningTokens": usage.reasoning_tokens,
                "seconds": round(usage.seconds, 3),
                "firstTokenSeconds": usage.first_token_seconds,
                "costUsd": float(usage.cost_usd),
                "priced": usage.priced,
            },
        )
        if told:
            recording.run.cost_usd = Decimal(recording.run.cost_usd) + usage.cost_usd


async def file_written(recording: Recording, file: SourceFile, **more: JsonValue) -> None:
    """Says that a file is there, with whatever `more` is known of it."""
    await recording.tell(
        f"file.written/{file.path}",
        EventType.FILE_WRITTEN,
        {
            "path": file.path,
            "size": file.size,
            "role": file.role.value,
            "origin": file.origin,
            **more,
        },
    )


async def requirements_ready(recording: Recording, requirements: Requirements) -> None:
    """Says what is to hold, what was decided of it, and what was not understood."""
    await recording.tell(
        "requirements.ready",
        EventType.REQUIREMENTS_READY,
        {
            "title": requirements.title,
            "kind": requirements.kind.value,
            "language": requirements.language.value,
            "requirements": [
                {"id": one.id, "statement": one.statement} for one in requirements.items
            ],
            "assumptions": list(requirements.assumptions),
            "notUnderstood": [part.model_dump() for part in requirements.not_understood],
        },
    )


async def prompt_refused(recording: Recording, refusal: PromptRefused) -> None:
    """Says what was not understood."""
    await recording.tell(
        "prompt.refused",
        EventType.PROMPT_REFUSED,
        {
            "reason": str(refusal),
            "notUnderstood": [part.model_dump() for part in refusal.not_understood],
        },
    )


def rows_of_tests(report: TestReport) -> list[TestRow]:
    """The tests of a report, as the API shows them."""
    return [
        TestRow(
            name=case.name,
            path=case.path,
            line=case.line,
            outcome=case.outcome.value,
            message=case.message,
            duration_seconds=case.duration_seconds,
        )
        for case in report.cases
    ]
