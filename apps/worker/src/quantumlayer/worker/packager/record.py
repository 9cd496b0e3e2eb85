"""The record of the run, as the capsule keeps it: its times, and what it used models for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from quantumlayer.core.runs.tables import Run
from quantumlayer.qlayer.capsule import ModelUsage, RunRecord
from quantumlayer.router import CallRecord


def record_of(run: Run, calls: Iterable[CallRecord], *, finished_at: datetime) -> RunRecord:
    """What is to be remembered of `run`, which made these calls of models."""
    groups: dict[tuple[str, str, str], list[CallRecord]] = {}
    for call in calls:
        groups.setdefault((call.agent or "", call.task, call.model), []).append(call)
    usage = tuple(_used(groups[name]) for name in sorted(groups))
    return RunRecord(
        run_id=str(run.id),
        started_at=run.started_at or run.created_at,
        finished_at=finished_at,
        parent=str(run.parent_id) if run.parent_id else None,
        cost_usd=sum((one.cost_usd for one in usage), Decimal(0)),
        usage=usage,
    )


def _used(calls: Sequence[CallRecord]) -> ModelUsage:
    """What calls of one agent, task and model took together."""
    return ModelUsage(
        agent=calls[0].agent,
        task=calls[0].task,
        model=calls[0].model,
        calls=len(calls),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        cached_tokens=sum(call.cached_tokens for call in calls),
        cache_written_tokens=sum(call.cache_written_tokens for call in calls),
        reasoning_tokens=sum(call.reasoning_tokens for call in calls),
        cost_usd=sum((call.cost_usd for call in calls), Decimal(0)),
        unpriced_calls=sum(call.of_unknown_price for call in calls),
        seconds=sum(call.duration_ms or 0 for call in calls) / 1000,
    )
