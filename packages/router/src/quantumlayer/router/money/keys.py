"""Where Redis keeps what: the names of accounts and reservations, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from quantumlayer.router.money.nouns import Scope, ScopeKind
from quantumlayer.router.money.windows import Period

# Counted from when an account was last touched, so that it outlives its window.
_KEEP_SECONDS = {Period.DAY: 90_000, Period.MONTH: 32 * 86_400, Period.LIFETIME: 0}
# A run is over within hours, and nobody would ever take its account away.
_KEEP_RUN_SECONDS = 90 * 86_400


@dataclass(frozen=True, slots=True)
class Account:
    """The name under which Redis keeps what a scope has spent."""

    name: str
    period: Period
    keep_seconds: int
    """Seconds until Redis forgets an account that nobody touches; 0: never."""

    @classmethod
    @lru_cache(maxsize=4_096)
    def of(cls, scope: Scope) -> "Account":
        owner = f"{_tagged(scope.organisation_id)}:{scope.kind}:{quote(scope.id, safe='')}"
        return cls.named(f"ql:money:{owner}:{scope.period}")

    @classmethod
    def named(cls, name: str) -> "Account":
        kind, _, period = name.rsplit(":", 2)
        kept = _KEEP_SECONDS[Period(period)]
        if Period(period) is Period.LIFETIME and kind.endswith(f":{ScopeKind.RUN}"):
            kept = _KEEP_RUN_SECONDS
        return cls(name, Period(period), kept)


def reservation(organisation_id: str, reservation_id: str) -> str:
    """The key of a reservation."""
    return f"ql:money:{_tagged(organisation_id)}:reservation:{quote(reservation_id, safe='')}"


def mark(organisation_id: str) -> str:
    """The key that is there for as long as Redis has lost nothing of the organisation."""
    return f"ql:money:{_tagged(organisation_id)}:known"


def of_accounts(accounts: Iterable[Account]) -> list[str]:
    """Two keys each: the account, and the leases of what is held back in it."""
    return [key for each in accounts for key in (each.name, f"{each.name}:leases")]


def _tagged(organisation_id: str) -> str:
    # The braces are a hash tag: all of an organisation's keys lie in one slot of a cluster.
    return f"{{{quote(organisation_id, safe='')}}}"
