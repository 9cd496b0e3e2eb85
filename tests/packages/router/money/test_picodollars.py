"""Amounts become whole numbers without losing anything to anybody but the spender."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.router.money.picodollars import MOST_USD, allowed, as_usd, charged

AMOUNTS = st.decimals(min_value=0, max_value=MOST_USD, allow_nan=False, allow_infinity=False)


@given(AMOUNTS)
def test_what_is_paid_is_rounded_up_and_what_is_allowed_down_by_less_than_one(usd: Decimal) -> None:
    exact = Fraction(usd) * 10**12
    assert 0 <= charged(usd) - exact < 1
    assert 0 <= exact - allowed(usd) < 1


@given(st.integers(0, 2**63 - 1))
def test_whole_picodollars_come_back_as_they_were(picodollars: int) -> None:
    usd = as_usd(picodollars)
    assert Fraction(usd) * 10**12 == picodollars
    if usd <= MOST_USD:
        assert charged(usd) == allowed(usd) == picodollars
