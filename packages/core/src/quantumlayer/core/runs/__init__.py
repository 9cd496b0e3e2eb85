"""Runs: what was asked, what came out, and what the API shows of it."""

from quantumlayer.core.runs.contract import (
    DECIDE_WISH,
    ORGANISATION_ATTRIBUTE,
    PROJECT_ATTRIBUTE,
    TASK_QUEUE,
    VERDICT_ATTRIBUTE,
    WORKFLOW,
    GenerationRequest,
    RunLimits,
    WishDecision,
    workflow_id,
)
from quantumlayer.core.runs.prompts import MAX_PROMPT_CHARACTERS, prompt_problem

__all__ = [
    "DECIDE_WISH",
    "MAX_PROMPT_CHARACTERS",
    "ORGANISATION_ATTRIBUTE",
    "PROJECT_ATTRIBUTE",
    "TASK_QUEUE",
    "VERDICT_ATTRIBUTE",
    "WORKFLOW",
    "GenerationRequest",
    "RunLimits",
    "WishDecision",
    "prompt_problem",
    "workflow_id",
]
