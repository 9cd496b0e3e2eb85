"""The stretches of time that a budget counts in, all of them UTC.

A window has a number, so that Redis can compare: days since 1970-01-01, months since year 0.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Period(StrEnum):
    """How long money has to last."""

    DAY = "day"
    MONTH = "month"
    LIFETIME = "lifetime"

    __hash__ = str.__hash__  # an enumeration's own is written in Python, and asked for all the time


@dataclass(frozen=True, slots=True)
class Window:
    """From `starts_at` until just before `ends_at`; None: as far as time goes."""

    starts_at: datetime | None
    ends_at: datetime | None


def number_at(period: Period, moment: datetime) -> int:
    """The number of the window that `moment` (aware) lies in."""
    utc = moment.astimezone(UTC)
    match period:
        case Period.DAY:
            return (utc - _EPOCH).days
        case Period.MONTH:
            return utc.year * 12 + utc.month - 1
        case Period.LIFETIME:
            return 0


def window(period: Period, number: int) -> Window:
    """The window with that number."""
    match period:
        case Period.DAY:
            return Window(_EPOCH + timedelta(days=number), _EPOCH + timedelta(days=number + 1))
        case Period.MONTH:
            return Window(_month(number), _month(number + 1))
        case Period.LIFETIME:
            return Window(None, None)


def _month(number: int) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
