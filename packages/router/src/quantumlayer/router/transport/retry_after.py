"""When a provider wants to be asked again, wherever it says so."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = r"(?:\d+(?:\.\d+)?\s*(?:ms|h|m|s|d)\w*\s*)+"
_IN_WORDS = re.compile(
    rf"(?:try again|retry|wait)\D{{0,20}}?({_DURATION})|retryDelay\W+({_DURATION})", re.IGNORECASE
)
_PIECE = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|h|m|s|d)", re.IGNORECASE)
# OpenAI's and Groq's: when a limit that is used up is full again.
_RESETS = ("requests", "tokens")


def retry_after(
    headers: Mapping[str, str], words: str = "", *, now: datetime | None = None
) -> float | None:
    """Seconds until the next try, from the headers or else the words; None where neither says.

    `Retry-After` is a number or a date (RFC 9110, 10.2.3); `retry-after-ms` is OpenAI's.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    if (value := headers.get("retry-after")) is not None:
        return _seconds(value, now or datetime.now(UTC))
    resets = [
        _duration(headers.get(f"x-ratelimit-reset-{name}", ""))
        for name in _RESETS
        if headers.get(f"x-ratelimit-remaining-{name}") == "0"
    ]
    known = [seconds for seconds in resets if seconds is not None]
    if known:
        return max(known)
    found = _IN_WORDS.search(words)
    return _duration(found[1] or found[2]) if found else None


def _seconds(value: str, now: datetime) -> float | None:
    number = _number(value)
    if number is not None:
        return number
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return _duration(value)
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(0.0, number) if number < float("inf") else None


def _duration(text: str) -> float | None:
    """`6m0s`, `1.5s`, `20ms`, `21 seconds`, as seconds."""
    pieces = _PIECE.findall(text)
    return sum(float(n) * _UNITS[unit.lower()] for n, unit in pieces) if pieces else None
