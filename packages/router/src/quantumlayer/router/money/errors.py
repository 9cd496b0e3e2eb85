"""Why budgets could not be asked."""
# ruff: noqa: N818 - the names say what happened, as in the router's other errors

from quantumlayer.router.errors import RouterError


class BudgetsUnavailable(RouterError):
    """Nobody knows whether there is money left, so nothing may be spent for now."""

    retryable = True


class ReservationConflict(RouterError):
    """The id was used before: for other scopes, for another amount, or for a call that ended."""
