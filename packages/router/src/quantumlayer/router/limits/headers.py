"""Reading the headers of a provider's reply; which they are stands in `headers.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.resources import files

from quantumlayer.router.limits.signals import Quota, RateSignals
from quantumlayer.router.limits.spans import seconds_until

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TABLE = tomllib.loads((files(__package__) / "headers.toml").read_text("utf-8"))


def read_signals(headers: Mapping[str, str], now: datetime) -> RateSignals:
    """What the headers say; whatever cannot be read is passed over.

    Moments are held against the reply's own `Date`, so that our clock does not matter; `now`
    (aware) stands in where there is none.
    """
    found = {name.lower(): value for name, value in headers.items()}
    if (age := seconds_until(found.get("date", ""), _EPOCH)) is not None:
        now = datetime.fromtimestamp(age, tz=UTC)
    return RateSignals(
        requests=_tightest(_quotas("requests", found, now)),
        tokens=_tightest(_quotas("tokens", found, now)),
        retry_after_seconds=_retry_after(found, now),
    )


def _quotas(of: str, headers: Mapping[str, str], now: datetime) -> Iterable[Quota]:
    for row in _TABLE["quota"]:
        remaining = _count(headers.get(row["remaining"]))
        if row["of"] == of and remaining is not None:
            reset = seconds_until(headers.get(row["reset"], ""), now)
            yield Quota(_count(headers.get(row["limit"])), remaining, reset)


def _tightest(quotas: Iterable[Quota]) -> Quota | None:
    return min(quotas, key=lambda quota: quota.remaining, default=None)


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    for row in _TABLE["retry_after"]:
        seconds = seconds_until(headers.get(row["header"], ""), now, unit=row["unit"])
        if seconds is not None:
            return seconds
    return None


def _count(text: str | None) -> int | None:
    try:
        return max(0, int(float(text or "")))
    except (ValueError, OverflowError):
        return None
