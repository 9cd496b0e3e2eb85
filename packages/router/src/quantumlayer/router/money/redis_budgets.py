"""Budgets that all processes share, in Redis.

Each step is one Lua script over keys of one organisation. Windows and leases go by the server's
clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from redis.asyncio import Redis

from quantumlayer.router.money import keys
from quantumlayer.router.money.budgets import (
    MOST_LEASE_SECONDS,
    SpentSource,
    checked_lease,
    organisation_of,
)
from quantumlayer.router.money.errors import BudgetsUnavailable, ReservationConflict
from quantumlayer.router.money.keys import Account
from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, Standing
from quantumlayer.router.money.picodollars import allowed, charged
from quantumlayer.router.money.standings import refusal, standing
from quantumlayer.router.money.windows import window
from quantumlayer.router.redis_scripts import SERVER_CLOCK, RedisAway, RedisScripts

# A call may be settled so long after its reservation was made or renewed for the last time.
_OPEN_SECONDS = 2 * int(MOST_LEASE_SECONDS)
# So many reservations of its own a process knows the scopes of, without asking Redis.
_OWN = 10_000
# A window may close between asking what was spent in it and writing that down, but not for ever.
_OPENINGS = 4


class RedisBudgets:
    """Budgets in Redis; `spent_source` is asked about scopes of which Redis knows nothing.

    Without a source such scopes begin with nothing spent. No step waits longer than
    `patience_seconds` for Redis; after an outage the next one connects again.
    """

    def __init__(
        self,
        redis: "Redis",
        *,
        spent_source: SpentSource | None = None,
        patience_seconds: float = 2.0,
        clock: str = SERVER_CLOCK,
    ) -> None:
        self._scripts = RedisScripts(
            redis, __package__, patience_seconds=patience_seconds, clock=clock
        )
        self._source = spent_source
        self._own: dict[str, list[Account]] = {}

    async def reserve(
        self, limits: Sequence[Limit], usd: Decimal, reservation_id: str, *, lease_seconds: float
    ) -> Reserved | Refused:
        """Holds the amount back in every scope or in none."""
        record = keys.reservation(organisation_of(limits), reservation_id)
        accounts = [Account.of(limit.scope) for limit in limits]
        lease = _milliseconds(lease_seconds)
        names = " ".join(account.name for account in accounts)
        arguments: list[object] = [reservation_id, charged(usd), lease, _OPEN_SECONDS]
        arguments += [int(self._source is None), names]
        for account, limit in zip(accounts, limits, strict=True):
            most = "" if limit.usd is None else allowed(limit.usd)
            arguments += [account.period, account.keep_seconds, most]
        for _ in range(_OPENINGS):
            match await self._run("reserve", [record, *keys.of_accounts(accounts)], arguments):
                case ["unknown", *unknown]:
                    for place, number in _rows(unknown, 2):
                        await self._open(limits[place].scope, number)
                case ["refused", *full]:
                    return refusal(
                        (limits[place], number, spent, committed)
                        for place, number, spent, committed in _rows(full, 4)
                    )
                case ["conflict"]:
                    raise ReservationConflict(f"another call had the reservation {reservation_id}")
                case _:
                    self._remember(record, accounts)
                    return Reserved(reservation_id)
        raise BudgetsUnavailable(_FORGETFUL)

    async def renew(
        self, organisation_id: str, reservation_id: str, *, lease_seconds: float
    ) -> bool:
        """Keeps the reservation for another lease."""
        record = keys.reservation(organisation_id, reservation_id)
        accounts = await self._accounts_of(record)
        arguments = [reservation_id, _milliseconds(lease_seconds), _OPEN_SECONDS]
        answer = await self._run("renew", [record, *keys.of_accounts(accounts)], arguments)
        return answer == ["renewed"]

    async def settle(self, organisation_id: str, reservation_id: str, usd: Decimal) -> bool:
        """Counts what the call cost, once; False when Redis does not know of it."""
        return await self._end(organisation_id, reservation_id, charged(usd), "settled")

    async def release(self, organisation_id: str, reservation_id: str) -> None:
        """Holds nothing back any more for a call that cost nothing."""
        await self._end(organisation_id, reservation_id, 0, "released")

    async def restore(self, scope: Scope, spent_usd: Decimal) -> None:
        """Raises what is spent in the scope's present window."""
        await self._restore(scope, spent_usd, expected="")

    async def standing(self, scope: Scope) -> Standing:
        """How the scope stands, by the server's clock."""
        account = Account.of(scope)
        arguments = [account.period, account.keep_seconds]
        for _ in range(_OPENINGS):
            match await self._run("standing", keys.of_accounts([account]), arguments):
                case ["known", number, spent, committed]:
                    return standing(scope, int(number), int(spent), int(committed))
                case [_, number] if self._source is None:
                    return standing(scope, int(number), 0, 0)
                case [_, number]:
                    await self._open(scope, int(number))
        raise BudgetsUnavailable(_FORGETFUL)

    async def _end(self, organisation_id: str, reservation_id: str, cost: int, state: str) -> bool:
        record = keys.reservation(organisation_id, reservation_id)
        accounts = await self._accounts_of(record)
        arguments = [reservation_id, cost, state, *(account.period for account in accounts)]
        answer = await self._run("settle", [record, *keys.of_accounts(accounts)], arguments)
        self._own.pop(record, None)
        return answer == ["done"]

    def _remember(self, record: str, accounts: list[Account]) -> None:
        self._own[record] = accounts
        if len(self._own) > _OWN:
            del self._own[next(iter(self._own))]

    async def _accounts_of(self, record: str) -> list[Account]:
        # A cluster wants every key of a step named. They never change, so who reserved knows them.
        if known := self._own.get(record):
            return known
        [names] = await self._run("scopes", [record], [])
        return [Account.named(name) for name in names.split()]

    async def _open(self, scope: Scope, number: int) -> None:
        if self._source is not None:
            spent = await self._source(scope, window(scope.period, number))
            await self._restore(scope, spent, expected=number)

    async def _restore(self, scope: Scope, spent_usd: Decimal, *, expected: int | str) -> None:
        account = Account.of(scope)
        arguments = [account.period, account.keep_seconds, charged(spent_usd), expected]
        await self._run("restore", keys.of_accounts([account]), arguments)

    async def _run(self, step: str, names: Sequence[str], arguments: Iterable[object]) -> list[str]:
        try:
            return await self._scripts.run(step, names, arguments)
        except RedisAway as error:
            raise BudgetsUnavailable(
                f"budgets cannot be asked, so nothing may be spent: {error}", retry_after=1.0
            ) from error


_FORGETFUL = "budgets cannot be asked, so nothing may be spent: Redis forgets what it is told"


def _milliseconds(lease_seconds: float) -> int:
    return max(1, int(checked_lease(lease_seconds) * 1000))


def _rows(flat: Sequence[str], width: int) -> Iterator[tuple[int, ...]]:
    numbers = [int(digits) for digits in flat]
    return (tuple(numbers[at : at + width]) for at in range(0, len(numbers), width))
