"""Runs: what was asked, what came out, and what the API shows of it."""

from quantumlayer.core.runs.contract import (
    MAX_PROMPT_CHARACTERS,
    ORGANISATION_ATTRIBUTE,
    PROJECT_ATTRIBUTE,
    TASK_QUEUE,
    VERDICT_ATTRIBUTE,
    WORKFLOW,
    GenerationRequest,
    RunLimits,
    workflow_id,
)

__all__ = [
    "MAX_PROMPT_CHARACTERS",
    "ORGANISATION_ATTRIBUTE",
    "PROJECT_ATTRIBUTE",
    "TASK_QUEUE",
    "VERDICT_ATTRIBUTE",
    "WORKFLOW",
    "GenerationRequest",
    "RunLimits",
    "workflow_id",
]
