"""One task renews what all calls of a process have leased, and nothing that is over."""

import asyncio

from quantumlayer.router.leases import LEASE_SECONDS, Leases
from tests.support.clocks import Clock


class Renewals:
    """Counts how often it was renewed; fails as often as it was told to."""

    def __init__(self, failures: int = 0) -> None:
        self.count = 0
        self._failures = failures
        self._more = asyncio.Condition()

    async def have_been(self, count: int) -> None:
        """Waits until it was renewed so often."""
        async with asyncio.timeout(20), self._more:
            await self._more.wait_for(lambda: self.count >= count)

    async def __call__(self) -> None:
        async with self._more:
            self.count += 1
            self._more.notify_all()
        if self.count <= self._failures:
            raise OSError("away")


async def passing(leases: Leases, clock: Clock, seconds: float) -> None:
    """As much time, looked at every second."""
    for _ in range(round(seconds)):
        clock.passes(1)
        leases.renew_due()
        await asyncio.sleep(0)


async def test_a_lease_is_renewed_three_times_in_its_life_while_its_call_runs() -> None:
    clock, renewals = Clock(), Renewals()
    leases = Leases(clock)
    with leases.kept(renewals):
        await passing(leases, clock, LEASE_SECONDS)
        assert renewals.count == 3
    await passing(leases, clock, LEASE_SECONDS)
    assert renewals.count == 3


async def test_one_that_cannot_be_renewed_is_tried_again_and_keeps_no_other_waiting() -> None:
    clock, failing, other = Clock(), Renewals(failures=1), Renewals()
    leases = Leases(clock)
    with leases.kept(failing), leases.kept(other):
        await passing(leases, clock, LEASE_SECONDS)
    assert (failing.count, other.count) == (3, 3)


async def test_leases_are_renewed_by_themselves_each_by_its_own_length() -> None:
    leases, short, long = Leases(), Renewals(), Renewals()
    with leases.kept(long, seconds=300), leases.kept(short, seconds=0.03):
        await short.have_been(4)
    assert long.count == 0


async def test_where_the_last_call_is_over_the_next_one_is_renewed_all_the_same() -> None:
    leases, renewals = Leases(), Renewals()
    with leases.kept(Renewals(), seconds=0.03):
        pass
    await asyncio.sleep(0.05)
    with leases.kept(renewals, seconds=0.03):
        await renewals.have_been(2)


async def test_no_renewal_is_under_way_when_a_lease_was_left() -> None:
    leases, begun, ended = Leases(), asyncio.Event(), asyncio.Event()

    async def renewal() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    lease = leases.kept(renewal, seconds=0.03)
    await begun.wait()
    await lease.left()
    assert ended.is_set()


async def test_what_is_settled_beside_the_calls_is_waited_for_at_the_end() -> None:
    leases, settled = Leases(), asyncio.Event()

    async def settling() -> None:
        await asyncio.sleep(0.05)
        settled.set()

    leases.end(settling())
    assert not settled.is_set()
    await leases.close()
    assert settled.is_set()
