"""Runs: what was asked, what came out, and what the API shows of it."""

from quantumlayer.core.runs.contract import (
    ORGANISATION_ATTRIBUTE,
    PROJECT_ATTRIBUTE,
    TASK_QUEUE,
    VERDICT_ATTRIBUTE,
    WORKFLOW,
    GenerationRequest,
    RunLimits,
    workflow_id,
)
from quantumlayer.core.runs.prompts import MAX_PROMPT_CHARACTERS, prompt_problem

__all__ = [
    "MAX_PROMPT_CHARACTERS",
    "ORGANISATION_ATTRIBUTE",
    "PROJECT_ATTRIBUTE",
    "TASK_QUEUE",
    "VERDICT_ATTRIBUTE",
    "WORKFLOW",
    "GenerationRequest",
    "RunLimits",
    "prompt_problem",
    "workflow_id",
]
