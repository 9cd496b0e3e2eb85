"""What to say when a call is not made because it could cost too much."""

from decimal import Decimal

from quantumlayer.router.errors import BudgetExceeded, BudgetMissing, RouterError
from quantumlayer.router.store import Budget, Claim


def over_call_limit(claim: Claim, spent: Decimal, limit: Decimal) -> RouterError:
    """The question's own limit does not allow one more reply."""
    return BudgetExceeded(
        f"the call for {claim.task!r} could cost {_dollars(spent + claim.reserve.usd)} USD in all "
        f"and is limited to {_dollars(limit)} USD; allow fewer output tokens "
        "(QL_MODEL_MAX_OUTPUT_TOKENS) or more cost (QL_MODEL_MAX_COST_USD)",
        scope="call",
        limit_usd=limit,
    )


def over_run_budget(claim: Claim, budget: Budget | None) -> RouterError:
    """The run's budget does not allow the call, or there is none."""
    if budget is None:
        return BudgetMissing(
            f"run {claim.run_id} has no budget for models: open one before its first call"
        )
    usd = "any" if budget.limit_usd is None else _dollars(budget.limit_usd)
    tokens = "any number of" if budget.limit_tokens is None else budget.limit_tokens
    return BudgetExceeded(
        f"the call for {claim.task!r} could take {_dollars(claim.reserve.usd)} USD and "
        f"{claim.reserve.tokens} tokens; the run has spent {_dollars(budget.spent.usd)} USD and "
        f"{budget.spent.tokens} tokens, holds back {_dollars(budget.reserved.usd)} USD and "
        f"{budget.reserved.tokens} tokens for calls in flight, and is limited to "
        f"{usd} USD and {tokens} tokens",
        scope="run",
        limit_usd=budget.limit_usd,
        limit_tokens=budget.limit_tokens,
    )


def _dollars(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
