"""What this process holds back, so that it can be held back again in a Redis that has lost it."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.router.money.keys import Account, of_accounts
from quantumlayer.router.money.nouns import Scope

# So many reservations of its own a process remembers.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Holding:
    """A reservation as it was made; `numbers` are the windows of its scopes."""

    reservation_id: str
    amount: int
    """In picodollars."""
    lease: int
    """In milliseconds."""
    scopes: tuple[Scope, ...]
    numbers: tuple[str, ...]

    @property
    def organisation_id(self) -> str:
        return self.scopes[0].organisation_id

    @property
    def accounts(self) -> list[Account]:
        return [Account.of(scope) for scope in self.scopes]

    def said(self, record: str, remember_seconds: int) -> tuple[list[str], list[object]]:
        """Keys and arguments of the step that holds it back again."""
        accounts = self.accounts
        names = " ".join(account.name for account in accounts)
        arguments: list[object] = [self.reservation_id, self.amount, self.lease]
        arguments += [remember_seconds, names, " ".join(self.numbers)]
        for account, number in zip(accounts, self.numbers, strict=True):
            arguments += [account.period, account.keep_seconds, number]
        return [record, *of_accounts(accounts)], arguments


class Holdings:
    """Open reservations of this process, by the names of their records."""

    def __init__(self) -> None:
        self._open: dict[str, Holding] = {}

    def add(self, record: str, holding: Holding) -> None:
        """Remembers one; of too many the oldest is forgotten."""
        self._open[record] = holding
        if len(self._open) > _MOST:
            del self._open[next(iter(self._open))]

    def get(self, record: str) -> Holding | None:
        return self._open.get(record)

    def pop(self, record: str) -> Holding | None:
        """Forgets one."""
        return self._open.pop(record, None)

    def organisations(self) -> set[str]:
        """Whose money is held back."""
        return {holding.organisation_id for holding in self._open.values()}

    def of(self, organisation_id: str) -> Iterator[tuple[str, Holding]]:
        """An organisation's, as far as they are still open when they come up."""
        for record, holding in tuple(self._open.items()):
            if holding.organisation_id == organisation_id and record in self._open:
                yield record, holding
