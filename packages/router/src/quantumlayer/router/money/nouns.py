"""What is limited, by how much, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from quantumlayer.router.money.windows import Period


class ScopeKind(StrEnum):
    """Whose money it is."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    RUN = "run"
    KEY = "key"

    __hash__ = str.__hash__  # an enumeration's own is written in Python, and asked for all the time


@dataclass(frozen=True, slots=True)
class Scope:
    """The money of one owner within one kind of window; an organisation owns all of its scopes."""

    organisation_id: str
    kind: ScopeKind
    id: str
    period: Period

    def __str__(self) -> str:
        return f"{self.kind} {self.id}, {self.period}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `usd` in a scope's window; None: counted, never refused."""

    scope: Scope
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A scope in its present window, which closes at `closes_at` (None: never)."""

    scope: Scope
    spent_usd: Decimal
    held_usd: Decimal
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reserved:
    """The amount is held back in every scope until it is settled, released or its lease is over."""

    reservation_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The amount does not fit into `scope`, and nothing is held back anywhere.

    Of several scopes that have no room, the one that opens last. Room may come earlier than
    `opens_at` (None: never) when calls in flight cost less than is held back for them.
    """

    scope: Scope
    limit_usd: Decimal
    spent_usd: Decimal
    held_usd: Decimal
    opens_at: datetime | None

    def __str__(self) -> str:
        opens = (
            f"opens again at {self.opens_at:%Y-%m-%d %H:%M} UTC" if self.opens_at else "is final"
        )
        return (
            f"the budget of {self.scope} is {self.limit_usd:f} USD, of which {self.spent_usd:f} "
            f"are spent and {self.held_usd:f} held back for calls in flight; it {opens}"
        )
