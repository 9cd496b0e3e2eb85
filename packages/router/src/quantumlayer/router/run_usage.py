"""What runs used models for: the tokens, money and time of each agent, of each file, and in all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Row,
    Select,
    cast,
    func,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.router.tables import CALLS

_TOKENS = (
    "input_tokens",
    "cached_tokens",
    "cache_written_tokens",
    "output_tokens",
    "reasoning_tokens",
)


@dataclass(frozen=True, slots=True)
class CallTotals:
    """What some calls took together, those that failed and those that go on just now included.

    `input_tokens` includes `cached_tokens` and `cache_written_tokens`, `output_tokens` includes
    `reasoning_tokens`. `priced_usd` is what those cost whose price is known, and `unpriced_calls`
    is how many there are beside them that took something. `seconds` is how long providers worked,
    which is more than passed where they did at once; `first_token_seconds` is the median.
    """

    calls: int
    completed: int
    broken: int
    failed: int
    input_tokens: int
    cached_tokens: int
    cache_written_tokens: int
    output_tokens: int
    reasoning_tokens: int
    priced_usd: Decimal
    unpriced_calls: int
    seconds: float
    first_token_seconds: float | None

    @property
    def cost_usd(self) -> Decimal | None:
        """What all of them cost; None as soon as nobody knows the price of one."""
        return None if self.unpriced_calls else self.priced_usd

    @property
    def cached_share(self) -> float | None:
        """Which part of the input came from a cache, 0 to 1; None where there was no input."""
        return self.cached_tokens / self.input_tokens if self.input_tokens else None


@dataclass(frozen=True, slots=True)
class RunUsage:
    """What one run used models for, in all and in its parts, each in the order of its first call.

    The agent is None of calls that were made before agents were written down, and the path of
    those that were about no single file.
    """

    total: CallTotals
    by_agent: Mapping[str | None, CallTotals]
    by_file: Mapping[str | None, CallTotals]


async def usages_of(
    session: AsyncSession, organisation_id: UUID, run_ids: Collection[UUID]
) -> dict[UUID, RunUsage]:
    """What each run used models for, by one statement; nothing of a run that asked none."""
    rows: dict[UUID, list[Row[Any]]] = {}
    for row in await session.execute(_grouped(organisation_id, run_ids)):
        rows.setdefault(row.run_id, []).append(row)
    return {run_id: _usage(of_run) for run_id, of_run in rows.items()}


def _grouped(organisation_id: UUID, run_ids: Collection[UUID]) -> Select[Any]:
    run, agent, path = CALLS.c.run_id, CALLS.c.agent, CALLS.c.path
    return (
        select(
            run,
            agent,
            path,
            func.grouping(agent).label("over_agents"),
            func.grouping(path).label("over_files"),
            *_columns(),
        )
        .where(CALLS.c.organisation_id == organisation_id, run.in_(run_ids))
        .group_by(func.grouping_sets(tuple_(run), tuple_(run, agent), tuple_(run, path)))
        .order_by(func.min(CALLS.c.created_at), agent, path)
    )


def _columns() -> Iterator[ColumnElement[Any]]:
    """The columns of `CallTotals`, by their names."""
    state = CALLS.c.state
    answered = state.in_(("completed", "broken"))
    took = CALLS.c.input_tokens + CALLS.c.output_tokens > 0
    yield func.count().label("calls")
    for name in ("completed", "broken", "failed"):
        yield func.count().filter(state == name).label(name)
    for name in _TOKENS:
        yield cast(func.sum(CALLS.c[name]), BigInteger).label(name)
    yield func.coalesce(func.sum(CALLS.c.cost_usd).filter(CALLS.c.priced), 0).label("priced_usd")
    yield func.count().filter(not_(CALLS.c.priced), or_(answered, took)).label("unpriced_calls")
    yield func.coalesce(_seconds(func.sum(CALLS.c.duration_ms)), 0.0).label("seconds")
    median = func.percentile_cont(0.5).within_group(CALLS.c.first_token_ms)
    yield _seconds(median).label("first_token_seconds")


def _seconds(milliseconds: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(milliseconds, Double) / 1000


def _usage(rows: Sequence[Row[Any]]) -> RunUsage:
    """What one run's rows say: the one over all, those of an agent each, and those of a file."""
    (total,) = (row for row in rows if row.over_agents and row.over_files)
    return RunUsage(
        total=_totals(total),
        by_agent={row.agent: _totals(row) for row in rows if not row.over_agents},
        by_file={row.path: _totals(row) for row in rows if not row.over_files},
    )


def _totals(row: Row[Any]) -> CallTotals:
    return CallTotals(**{one.name: getattr(row, one.name) for one in fields(CallTotals)})
