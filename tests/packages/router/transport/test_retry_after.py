"""When a provider wants to be asked again."""

from datetime import UTC, datetime

import pytest

from quantumlayer.router.transport.retry_after import retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "words", "seconds"),
    [
        ({"retry-after": "7"}, "", 7),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "-3"}, "", 0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:30 GMT"}, "", 30),
        ({"retry-after": "Wed, 31 Dec 2025 00:00:00 GMT"}, "", 0),
        ({"retry-after": "1m30s"}, "", 90),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after-ms": "1500", "retry-after": "2"}, "", 1.5),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, "", 360),
        ({"x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "6m0s"}, "", None),
        ({}, "Rate limit reached. Please try again in 1.5s. Visit our page", 1.5),
        ({}, "Please try again in 20ms.", 0.02),
        ({}, "Please try again in 1h2m3s", 3723),
        ({}, "Please retry in 21.3s.", 21.3),
        ({}, '"retryDelay": "34s"', 34),
        ({}, "please wait 30 seconds before trying again", 30),
        ({}, "try again later", None),
        ({}, "", None),
    ],
)
def test_seconds_come_from_headers_or_words(
    headers: dict[str, str], words: str, seconds: float | None
) -> None:
    assert retry_after(headers, words, now=NOW) == pytest.approx(seconds)
