"""What a run used models for: in all, by agent, and by file."""

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

if TYPE_CHECKING:
    from quantumlayer.router.run_usage import CallTotals, RunUsage


@strawberry.interface(description="What some calls of models took together.")
class ModelCalls:
    """What some calls of models took together."""

    calls: int = strawberry.field(description="All tries, those that go on just now included.")
    completed: int = strawberry.field(description="Of these, those whose reply came to its end.")
    broken: int = strawberry.field(description="Those that broke off, and are paid for.")
    failed: int = strawberry.field(description="Those that gave no reply.")
    input_tokens: int = strawberry.field(description="What was sent, cached tokens included.")
    cached_tokens: int = strawberry.field(description="Of the input, read from a cache.")
    cache_written_tokens: int = strawberry.field(description="Of the input, written into one.")
    cached_share: float | None = strawberry.field(
        description="Which part of the input was read from a cache, 0 to 1; null without input."
    )
    output_tokens: int = strawberry.field(description="What came back, thoughts included.")
    reasoning_tokens: int = strawberry.field(description="Of the output, thoughts.")
    cost_usd: str | None = strawberry.field(
        description="An exact decimal number; null where the price of a call is not known."
    )
    priced_usd: str = strawberry.field(
        description="What those cost whose price is known, as an exact decimal number."
    )
    unpriced_calls: int = strawberry.field(description="How many took something of no known price.")
    seconds: float = strawberry.field(
        description="How long providers worked; what they did at once counts for each."
    )
    first_token_seconds: float | None = strawberry.field(
        description="The median of the times to the first piece of a reply."
    )


@strawberry.type(description="What all calls of a run took.")
class RunCalls(ModelCalls):
    """What all calls of a run took."""


@strawberry.type(description="What the calls of one agent took.")
class AgentCalls(ModelCalls):
    """What the calls of one agent took."""

    agent: str | None = strawberry.field(description="Null of calls before agents were recorded.")


@strawberry.type(description="What the calls about one file took.")
class FileCalls(ModelCalls):
    """What the calls about one file took."""

    path: str | None = strawberry.field(description="Null of calls that were about no single file.")


@strawberry.type(description="What a run used models for.")
class ModelUsage:
    """What a run used models for; the parts are in the order of their first calls."""

    total: RunCalls
    by_agent: list[AgentCalls]
    by_file: list[FileCalls]

    @classmethod
    def of(cls, usage: "RunUsage") -> "ModelUsage":
        """The usage as clients see it."""
        return cls(
            total=RunCalls(**_members(usage.total)),
            by_agent=[
                AgentCalls(agent=agent, **_members(totals))
                for agent, totals in usage.by_agent.items()
            ],
            by_file=[
                FileCalls(path=path, **_members(totals)) for path, totals in usage.by_file.items()
            ],
        )


def exact(usd: Decimal) -> str:
    """An amount with all of its digits and without an exponent: `0.0000015`."""
    return f"{usd.normalize():f}"


def _members(totals: "CallTotals") -> dict[str, Any]:
    """The members of `ModelCalls`."""
    return {
        **asdict(totals),
        "cached_share": totals.cached_share,
        "cost_usd": None if totals.cost_usd is None else exact(totals.cost_usd),
        "priced_usd": exact(totals.priced_usd),
    }
