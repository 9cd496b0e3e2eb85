"""Budgets that all processes share, in Redis.

Each step is one Lua script over keys of one organisation. Windows and leases go by the server's
clock.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from redis.asyncio import Redis

from quantumlayer.router.money import keys
from quantumlayer.router.money.budgets import (
    MOST_LEASE_SECONDS,
    SpentSource,
    checked_lease,
    organisation_of,
)
from quantumlayer.router.money.errors import BudgetsUnavailable, ReservationConflict
from quantumlayer.router.money.holdings import Holding, Holdings
from quantumlayer.router.money.keys import Account
from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, Standing
from quantumlayer.router.money.openings import Openings
from quantumlayer.router.money.picodollars import allowed, charged
from quantumlayer.router.money.standings import refusal, standing
from quantumlayer.router.money.windows import window
from quantumlayer.router.redis_scripts import SERVER_CLOCK, RedisAway, RedisScripts

# A call may be settled so long after its reservation was made or renewed for the last time.
_OPEN_SECONDS = 2 * int(MOST_LEASE_SECONDS)
# A window may close between asking what was spent in it and writing that down, but not for ever.
_OPENINGS = 4


class RedisBudgets:
    """Budgets in Redis; `spent_source` is asked about scopes of which Redis knows nothing.

    Without a source such scopes begin with nothing spent. No step waits longer than
    `patience_seconds` for Redis; after an outage the next one connects again.

    A Redis that has lost an organisation's money knows neither what was spent nor what is held
    back for calls in flight. Whoever finds it so sets a mark, and for `grace_seconds` no scope is
    opened: every process says again what it holds back (`attend`), and rows that are on their way
    arrive. Then a scope begins with what the rows say without the calls that are held back; these
    are settled like all others. Reservations wait for it.
    """

    def __init__(
        self,
        redis: "Redis",
        *,
        spent_source: SpentSource | None = None,
        patience_seconds: float = 2.0,
        grace_seconds: float = 5.0,
        clock: str = SERVER_CLOCK,
    ) -> None:
        self._scripts = RedisScripts(
            redis, __package__, patience_seconds=patience_seconds, clock=clock
        )
        self._source = spent_source
        self._grace = int(grace_seconds * 1000)
        self._own = Holdings()
        self._marks: dict[str, str] = {}
        """When Redis was found empty, as it stood when all that is held back was said last."""
        self._closed: set[Scope] = set()
        """Scopes that are to be opened because calls ended while they were lost."""
        self._openings = Openings()
        self._saying = asyncio.Lock()

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
                case [_, *numbers]:
                    scopes = tuple(limit.scope for limit in limits)
                    amount = charged(usd)
                    holding = Holding(reservation_id, amount, lease, scopes, tuple(numbers))
                    self._own.add(record, holding)
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

    async def attend(self, organisation_ids: Iterable[str]) -> None:
        """Says again what this process holds back, wherever Redis was found empty since."""
        if self._source is None:
            return
        unseen = {name for name in organisation_ids if name not in self._marks}
        for organisation_id in unseen | self._own.organisations():
            if await self._grace_left(organisation_id) == 0:
                for scope in tuple(self._closed):
                    if scope.organisation_id == organisation_id:
                        await self.standing(scope)
                        self._closed.discard(scope)

    async def _end(self, organisation_id: str, reservation_id: str, cost: int, state: str) -> bool:
        record = keys.reservation(organisation_id, reservation_id)
        accounts = await self._accounts_of(record)
        holding = self._own.pop(record)
        async with self._saying:  # or it might be held back again behind its end
            pass
        arguments = [reservation_id, cost, state, *(account.period for account in accounts)]
        try:
            answer = await self._run("settle", [record, *keys.of_accounts(accounts)], arguments)
        except BudgetsUnavailable:
            self._put_back(record, holding)
            raise
        if answer == ["closed"]:
            self._put_back(record, holding)
            raise BudgetsUnavailable(_CLOSED, retry_after=1.0)
        return answer == ["done"]

    def _put_back(self, record: str, holding: Holding | None) -> None:
        """What could not be settled is held back until it can be."""
        if holding is not None:
            self._own.add(record, holding)
            self._closed |= set(holding.scopes)

    async def _accounts_of(self, record: str) -> list[Account]:
        # A cluster wants every key of a step named. They never change, so who reserved knows them.
        if known := self._own.get(record):
            return known.accounts
        [names] = await self._run("scopes", [record], [])
        return [Account.named(name) for name in names.split()]

    async def _open(self, scope: Scope, number: int) -> None:
        if self._source is not None:
            await self._openings.once(scope, partial(self._opened, self._source, scope, number))

    async def _opened(self, source: SpentSource, scope: Scope, number: int) -> None:
        """Has a scope begin with what the rows say, once everybody has said what is held back."""
        while left := await self._grace_left(scope.organisation_id):  # noqa: ASYNC110 - it is Redis that tells
            await asyncio.sleep(left)
        match await self._run("held", keys.of_accounts([Account.of(scope)]), []):
            case ["unknown", *held]:
                spent = await source(scope, window(scope.period, number), held)
                await self._restore(scope, spent, expected=number)

    async def _grace_left(self, organisation_id: str) -> float:
        """Seconds for which no scope may be opened; says what is held back when they begin."""
        mark, left = await self._run("grace", [keys.mark(organisation_id)], [self._grace])
        if mark != self._marks.get(organisation_id):
            async with self._saying:
                for record, holding in self._own.of(organisation_id):
                    await self._run("reclaim", *holding.said(record, _OPEN_SECONDS))
            self._marks[organisation_id] = mark
        return int(left) / 1000

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
_CLOSED = "Redis has lost how the money stands, and it is not known again yet"


def _milliseconds(lease_seconds: float) -> int:
    return max(1, int(checked_lease(lease_seconds) * 1000))


def _rows(flat: Sequence[str], width: int) -> Iterator[tuple[int, ...]]:
    numbers = [int(digits) for digits in flat]
    return (tuple(numbers[at : at + width]) for at in range(0, len(numbers), width))
