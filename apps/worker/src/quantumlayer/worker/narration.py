"""Telling a run's story: an agent's start and end, and the model calls in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from quantumlayer.agents import Conversation
from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
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
                "reasoningTokens": usage.reasoning_tokens,
                "seconds": round(usage.seconds, 3),
                "costUsd": float(usage.cost_usd),
                "priced": usage.priced,
            },
        )
        if told:
            recording.run.cost_usd = Decimal(recording.run.cost_usd) + usage.cost_usd
