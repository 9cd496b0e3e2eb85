"""How far away a moment is that a header names, in any of the forms that providers use."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
# A number as large as this is no span but a moment, in seconds or milliseconds since 1970.
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = 1e9, 1e12


def seconds_until(text: str, now: datetime, *, unit: float = 1.0) -> float | None:
    """Seconds from `now` (aware) on, never negative; None for what is no time at all.

    Reads numbers (of `unit` seconds), durations as Go writes them ("6m0s", "120ms"), moments as of
    RFC 3339, dates of HTTP (RFC 9110, 5.6.7) and seconds or milliseconds since 1970.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return max(0.0, _number(float(text), now, unit))
    if text and not _PART.sub("", text):
        return math.fsum(float(number) * _UNITS[name] for number, name in _PART.findall(text))
    moment = _moment(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _number(number: float, now: datetime, unit: float) -> float:
    if number >= _EPOCH_MILLISECONDS:
        return number / 1000 - now.timestamp()
    return number - now.timestamp() if number >= _EPOCH_SECONDS else number * unit


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
