"""Money as whole numbers of 1e-12 USD: a millionth of a dollar for a million tokens is one.

Sums stay exact as the signed 64-bit integers of Redis, whose own numbers in Lua are not.
"""

from decimal import Decimal
from functools import lru_cache

_PER_USD = 10**12

MOST_USD = Decimal(4_000_000)
"""Of one amount or limit. Two of them together still fit into 63 bits."""


def charged(usd: Decimal) -> int:
    """An amount that is paid or held back, rounded up; raises ValueError if it cannot be one."""
    return -_floor(-_checked(usd))


@lru_cache(maxsize=4_096)
def allowed(usd: Decimal) -> int:
    """A limit, rounded down; raises ValueError if it cannot be one."""
    return _floor(_checked(usd))


def as_usd(picodollars: int) -> Decimal:
    return Decimal(picodollars).scaleb(-12)


def _checked(usd: Decimal) -> Decimal:
    if not usd.is_finite() or not 0 <= usd <= MOST_USD:
        raise ValueError(f"an amount of money lies between 0 and {MOST_USD:,} USD, not {usd}")
    return usd


def _floor(usd: Decimal) -> int:
    # By integers, because arithmetic of Decimal rounds to its context's precision.
    numerator, denominator = usd.as_integer_ratio()
    return numerator * _PER_USD // denominator
