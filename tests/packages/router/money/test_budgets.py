"""What both kinds of budgets must do, on a clock that stands until a test moves it."""

import asyncio
from collections.abc import Awaitable, Collection
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pytest

from quantumlayer.router.money import (
    Budgets,
    BudgetsUnavailable,
    Limit,
    Period,
    Refused,
    ReservationConflict,
    Reserved,
    Scope,
    ScopeKind,
    Window,
)
from tests.packages.router.money.conftest import Kind, Rows, Time, limit

IDS = (f"call-{number}" for number in count())


async def reserve(
    budgets: Budgets, *limits: Limit, usd: str, id_: str | None = None, lease: float = 60
) -> Reserved | Refused:
    return await budgets.reserve(limits, Decimal(usd), id_ or next(IDS), lease_seconds=lease)


async def reserved(budgets: Budgets, *limits: Limit, usd: str, lease: float = 60) -> str:
    outcome = await reserve(budgets, *limits, usd=usd, lease=lease)
    assert isinstance(outcome, Reserved)
    return outcome.reservation_id


async def figures(budgets: Budgets, scope: Scope) -> tuple[str, str]:
    """Spent and held back."""
    standing = await budgets.standing(scope)
    return f"{standing.spent_usd.normalize():f}", f"{standing.held_usd.normalize():f}"


async def test_a_reservation_is_held_back_until_it_is_settled(budgets: Budgets, day: Scope) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="4")
    assert await figures(budgets, day) == ("0", "4")

    assert await budgets.settle(day.organisation_id, call, Decimal("1.25"))

    assert await figures(budgets, day) == ("1.25", "0")


async def test_what_does_not_fit_is_refused_with_how_the_scope_stands(
    budgets: Budgets, day: Scope
) -> None:
    paid = await reserved(budgets, limit(day, "10"), usd="3")
    await budgets.settle(day.organisation_id, paid, Decimal("2.5"))
    await reserved(budgets, limit(day, "10"), usd="4")

    refused = await reserve(budgets, limit(day, "10"), usd="3.500000000001")

    assert refused == Refused(
        scope=day,
        limit_usd=Decimal(10),
        spent_usd=Decimal("2.5"),
        held_usd=Decimal(4),
        opens_at=datetime(2026, 11, 30, tzinfo=UTC),
    )
    assert "4.000000000000 held back" in str(refused)
    assert "opens again at 2026-11-30 00:00 UTC" in str(refused)
    assert isinstance(await reserve(budgets, limit(day, "10"), usd="3.5"), Reserved)


async def test_a_refusal_by_one_scope_holds_nothing_back_in_another(
    budgets: Budgets, day: Scope, run: Scope
) -> None:
    refused = await reserve(budgets, limit(day, "10"), limit(run, "1"), usd="2")

    assert isinstance(refused, Refused)
    assert refused.scope == run
    assert refused.opens_at is None
    assert await figures(budgets, day) == ("0", "0")


async def test_of_several_full_scopes_the_one_that_opens_last_is_named(
    budgets: Budgets, day: Scope, month: Scope, run: Scope
) -> None:
    refused = await reserve(budgets, limit(day, "1"), limit(month, "1"), limit(run, "5"), usd="2")

    assert isinstance(refused, Refused)
    assert refused.scope == month
    assert refused.opens_at == datetime(2026, 12, 1, tzinfo=UTC)


async def test_a_scope_without_a_limit_is_counted_and_refuses_nothing(
    budgets: Budgets, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, None), usd="4000000")
    await budgets.settle(day.organisation_id, call, Decimal(3))

    assert await figures(budgets, day) == ("3", "0")


async def test_money_for_nothing_lets_through_only_what_costs_nothing(
    budgets: Budgets, day: Scope
) -> None:
    assert isinstance(await reserve(budgets, limit(day, "0"), usd="0"), Reserved)
    assert isinstance(await reserve(budgets, limit(day, "0"), usd="0.000000000001"), Refused)


async def test_sums_are_exact_beyond_what_a_double_can_hold(budgets: Budgets, run: Scope) -> None:
    # 2^53 picodollars are 9,007 USD: from there on a double would lose single ones.
    call = await reserved(budgets, limit(run, "1000000"), usd="999999.999999999998")
    await budgets.settle(run.organisation_id, call, Decimal("999999.999999999998"))

    assert isinstance(await reserve(budgets, limit(run, "1000000"), usd="0.000000000003"), Refused)
    assert isinstance(await reserve(budgets, limit(run, "1000000"), usd="0.000000000002"), Reserved)
    assert await figures(budgets, run) == ("999999.999999999998", "0.000000000002")


async def test_amounts_finer_than_a_picodollar_are_rounded_against_the_spender(
    budgets: Budgets, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, "1"), usd="0.0000000000001")
    assert await figures(budgets, day) == ("0", "0.000000000001")
    await budgets.settle(day.organisation_id, call, Decimal("0.3333333333333333333333333333333333"))
    assert await figures(budgets, day) == ("0.333333333334", "0")


@pytest.mark.parametrize("usd", ["-0.01", "NaN", "Infinity", "4000001"])
async def test_what_is_no_amount_of_money_is_an_error(
    budgets: Budgets, day: Scope, usd: str
) -> None:
    with pytest.raises(ValueError, match="an amount of money"):
        await reserve(budgets, limit(day, "10"), usd=usd)


async def test_scopes_of_two_organisations_are_not_reserved_together(
    budgets: Budgets, day: Scope
) -> None:
    other = Scope("another", ScopeKind.KEY, "ci", Period.DAY)
    with pytest.raises(ValueError, match="one organisation"):
        await reserve(budgets, limit(day, "1"), limit(other, "1"), usd="1")


async def test_settling_twice_counts_once(budgets: Budgets, day: Scope) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="4")
    assert await budgets.settle(day.organisation_id, call, Decimal(1))
    assert await budgets.settle(day.organisation_id, call, Decimal(1))
    await budgets.release(day.organisation_id, call)

    assert await figures(budgets, day) == ("1", "0")


async def test_a_call_that_cost_more_than_was_reserved_counts_in_full(
    budgets: Budgets, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="1")
    await budgets.settle(day.organisation_id, call, Decimal(12))

    assert await figures(budgets, day) == ("12", "0")
    assert isinstance(await reserve(budgets, limit(day, "10"), usd="0"), Refused)


async def test_an_id_that_nobody_knows_is_not_counted(budgets: Budgets, day: Scope) -> None:
    assert not await budgets.settle(day.organisation_id, "nobody's", Decimal(1))
    assert not await budgets.renew(day.organisation_id, "nobody's", lease_seconds=1)
    assert await figures(budgets, day) == ("0", "0")


async def test_what_is_released_is_free_and_counts_if_it_was_paid_all_the_same(
    budgets: Budgets, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="10")
    await budgets.release(day.organisation_id, call)
    assert await figures(budgets, day) == ("0", "0")

    assert await budgets.settle(day.organisation_id, call, Decimal(2))

    assert await figures(budgets, day) == ("2", "0")


async def test_reserving_again_under_the_same_id_holds_back_once(
    budgets: Budgets, day: Scope
) -> None:
    for _ in range(3):
        again = await reserve(budgets, limit(day, "10"), usd="6", id_="answer lost on the way")
        assert isinstance(again, Reserved)

    assert await figures(budgets, day) == ("0", "6")


async def test_asking_again_when_the_limit_was_lowered_holds_nothing_back(
    budgets: Budgets, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="6")

    assert isinstance(await reserve(budgets, limit(day, "5"), usd="6", id_=call), Refused)

    assert await figures(budgets, day) == ("0", "0")


@pytest.mark.parametrize("change", ["amount", "scopes", "ended"])
async def test_an_id_belongs_to_one_call(
    budgets: Budgets, day: Scope, month: Scope, change: str
) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="6")
    if change == "ended":
        await budgets.settle(day.organisation_id, call, Decimal(1))
    limits = [limit(month if change == "scopes" else day, "10")]

    with pytest.raises(ReservationConflict):
        await reserve(budgets, *limits, usd="7" if change == "amount" else "6", id_=call)


async def watched(budgets: Budgets, time: Time, *scopes: Scope, seconds: int) -> None:
    """Time that passes while somebody looks now and then how the scopes stand."""
    for begun in range(0, seconds, 20):
        await time.passes(seconds=min(20, seconds - begun))
        for scope in scopes:
            await budgets.standing(scope)


async def test_what_the_dead_hold_back_is_free_when_their_lease_is_over(
    budgets: Budgets, time: Time, day: Scope, run: Scope
) -> None:
    limits = (limit(day, "10"), limit(run, "10"))
    await reserved(budgets, *limits, usd="10", lease=30)

    await watched(budgets, time, day, run, seconds=29)
    assert isinstance(await reserve(budgets, *limits, usd="1"), Refused)
    await time.passes(seconds=1)
    assert isinstance(await reserve(budgets, *limits, usd="10"), Reserved)
    assert await figures(budgets, run) == ("0", "10")


async def test_what_was_paid_is_counted_also_after_the_lease_ran_out(
    budgets: Budgets, time: Time, day: Scope
) -> None:
    late = await reserved(budgets, limit(day, "10"), usd="10", lease=30)
    await watched(budgets, time, day, seconds=600)
    await reserved(budgets, limit(day, "10"), usd="8")

    assert await budgets.settle(day.organisation_id, late, Decimal(7))

    assert await figures(budgets, day) == ("7", "8")


async def test_renewing_keeps_a_reservation_alive(budgets: Budgets, time: Time, day: Scope) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="10", lease=30)
    for _ in range(5):
        await time.passes(seconds=20)
        assert await budgets.renew(day.organisation_id, call, lease_seconds=30)

    assert await figures(budgets, day) == ("0", "10")


async def test_renewing_after_the_lease_holds_again_beyond_the_limit_if_need_be(
    budgets: Budgets, time: Time, day: Scope
) -> None:
    slept = await reserved(budgets, limit(day, "10"), usd="6", lease=30)
    await watched(budgets, time, day, seconds=60)
    await reserved(budgets, limit(day, "10"), usd="6", lease=3600)

    assert await budgets.renew(day.organisation_id, slept, lease_seconds=3600)

    assert await figures(budgets, day) == ("0", "12")


async def test_a_settled_call_cannot_be_renewed(budgets: Budgets, day: Scope) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="6")
    await budgets.settle(day.organisation_id, call, Decimal(6))

    assert not await budgets.renew(day.organisation_id, call, lease_seconds=60)
    assert await figures(budgets, day) == ("6", "0")


@pytest.mark.parametrize("lease", [0, -1, 86_401])
async def test_a_lease_lasts_and_ends(budgets: Budgets, day: Scope, lease: float) -> None:
    with pytest.raises(ValueError, match="lease"):
        await reserve(budgets, limit(day, "10"), usd="6", lease=lease)


@pytest.mark.parametrize(
    ("period", "last", "first"),
    [
        (Period.DAY, "2026-11-29T23:59:59.999999Z", "2026-11-30T00:00:00Z"),
        (Period.DAY, "2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z"),
        (Period.DAY, "2026-11-30T00:59:59+01:00", "2026-11-30T00:00:00Z"),
        (Period.MONTH, "2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z"),
        (Period.MONTH, "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
    ],
)
async def test_a_new_window_begins_with_nothing_spent_at_midnight_utc(
    budgets: Budgets, time: Time, organisation: str, period: Period, last: str, first: str
) -> None:
    scope = Scope(organisation, ScopeKind.KEY, "ci", period)
    await time.set(datetime.fromisoformat(last))
    call = await reserved(budgets, limit(scope, "10"), usd="10", lease=3600)
    in_flight = await reserved(budgets, limit(scope, None), usd="5", lease=3600)
    await budgets.settle(organisation, call, Decimal(10))
    assert (await budgets.standing(scope)).closes_at == datetime.fromisoformat(first)

    await time.set(datetime.fromisoformat(first))
    assert await figures(budgets, scope) == ("0", "0")

    # A call belongs to the window in which it was reserved.
    assert await budgets.settle(organisation, in_flight, Decimal(5))
    assert await figures(budgets, scope) == ("0", "0")


async def test_money_for_a_lifetime_never_comes_again(
    budgets: Budgets, time: Time, run: Scope
) -> None:
    call = await reserved(budgets, limit(run, "1"), usd="1")
    await budgets.settle(run.organisation_id, call, Decimal(1))
    await time.passes(days=80)

    assert isinstance(await reserve(budgets, limit(run, "1"), usd="0.01"), Refused)


async def test_a_clock_that_goes_back_opens_no_window_again(
    budgets: Budgets, time: Time, day: Scope
) -> None:
    call = await reserved(budgets, limit(day, "10"), usd="10")
    await budgets.settle(day.organisation_id, call, Decimal(10))

    await time.passes(days=-1)

    assert isinstance(await reserve(budgets, limit(day, "10"), usd="1"), Refused)


async def test_restoring_raises_what_is_spent_and_never_lowers_it(
    budgets: Budgets, day: Scope
) -> None:
    await reserved(budgets, limit(day, "10"), usd="1")
    await budgets.restore(day, Decimal(4))
    await budgets.restore(day, Decimal(3))

    assert await figures(budgets, day) == ("4", "1")
    assert isinstance(await reserve(budgets, limit(day, "10"), usd="5.1"), Refused)


async def test_a_scope_that_is_not_known_begins_with_what_the_rows_say(
    kind: Kind, day: Scope, run: Scope
) -> None:
    rows = Rows()
    rows.spent[day] = Decimal("9.5")
    budgets = kind.budgets(rows)

    refused = await reserve(budgets, limit(day, "10"), limit(run, "10"), usd="1")

    assert isinstance(refused, Refused)
    assert refused.spent_usd == Decimal("9.5")
    assert isinstance(
        await reserve(budgets, limit(day, "10"), limit(run, "10"), usd="0.5"), Reserved
    )
    assert [scope for scope, _ in rows.asked] == [day, run]
    [(_, window), _] = rows.asked
    assert window.starts_at == datetime(2026, 11, 29, tzinfo=UTC)
    assert window.ends_at == datetime(2026, 11, 30, tzinfo=UTC)


async def test_the_rows_are_asked_once_however_many_wait_and_all_learn_that_they_cannot_be_read(
    kind: Kind, day: Scope
) -> None:
    rows, readable = Rows(), False
    rows.spent[day] = Decimal(5)

    async def slow(scope: Scope, window: Window, besides: Collection[str]) -> Decimal:
        spent = await rows(scope, window, besides)
        await asyncio.sleep(0.3)
        if not readable:
            raise BudgetsUnavailable("the rows cannot be read")
        return spent

    budgets = kind.budgets(slow)

    def many(wave: str) -> Awaitable[list[Reserved | Refused | BaseException]]:
        calls = (
            budgets.reserve([limit(day, "10")], Decimal(1), f"{wave} {n}", lease_seconds=60)
            for n in range(30)
        )
        return asyncio.gather(*calls, return_exceptions=True)

    failed = await many("first")
    readable = True
    ended = await many("second")

    assert {type(one) for one in failed} == {BudgetsUnavailable}
    assert [scope for scope, _ in rows.asked] == [day, day]
    assert sum(isinstance(one, Reserved) for one in ended) == 5
    assert sum(isinstance(one, Refused) for one in ended) == 25


async def test_how_a_scope_stands_is_asked_of_the_rows_too(kind: Kind, month: Scope) -> None:
    rows = Rows()
    rows.spent[month] = Decimal(2)

    assert await figures(kind.budgets(rows), month) == ("2", "0")


async def test_names_with_any_character_are_kept_apart(budgets: Budgets, organisation: str) -> None:
    names = ["a b", "a:b", "{a}", "a}b", "ä", ""]
    scopes = [Scope(organisation, ScopeKind.KEY, name, Period.DAY) for name in names]
    for amount, scope in enumerate(scopes, start=1):
        call = await reserved(budgets, limit(scope, "10"), usd=str(amount))
        await budgets.settle(organisation, call, Decimal(amount))

    spent = [(await figures(budgets, scope))[0] for scope in scopes]
    assert spent == ["1", "2", "3", "4", "5", "6"]
