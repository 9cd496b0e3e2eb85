"""What providers say of their limits, as they say it."""

from datetime import UTC, datetime

import pytest

from quantumlayer.router.limits import Quota, RateSignals, read_signals
from quantumlayer.router.limits.spans import seconds_until

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def test_the_openai_family_counts_requests_and_tokens_with_durations() -> None:
    headers = {
        "X-RateLimit-Limit-Requests": "60",
        "X-RateLimit-Remaining-Requests": "59",
        "X-RateLimit-Reset-Requests": "1s",
        "x-ratelimit-limit-tokens": "150000",
        "x-ratelimit-remaining-tokens": "149984",
        "x-ratelimit-reset-tokens": "6m0s",
    }
    assert read_signals(headers, NOW) == RateSignals(
        requests=Quota(60, 59, 1.0), tokens=Quota(150_000, 149_984, 360.0)
    )


def test_the_anthropic_family_names_moments_and_the_tightest_kind_of_token_counts() -> None:
    headers = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": "2026-11-29T12:00:01Z",
        "anthropic-ratelimit-input-tokens-limit": "30000",
        "anthropic-ratelimit-input-tokens-remaining": "29000",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-29T12:00:02Z",
        "anthropic-ratelimit-output-tokens-limit": "8000",
        "anthropic-ratelimit-output-tokens-remaining": "0",
        "anthropic-ratelimit-output-tokens-reset": "2026-11-29T12:01:00Z",
    }
    assert read_signals(headers, NOW) == RateSignals(
        requests=Quota(50, 49, 1.0), tokens=Quota(8000, 0, 60.0)
    )


def test_moments_are_held_against_the_date_of_the_reply_whatever_our_clock_says() -> None:
    headers = {
        "date": "Sun, 29 Nov 2026 12:00:00 GMT",
        "retry-after": "Sun, 29 Nov 2026 12:00:30 GMT",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-29T12:00:10+00:00",
    }
    for ours in (NOW, datetime(2031, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)):
        signals = read_signals(headers, ours)
        assert signals.retry_after_seconds == 30
        assert signals.requests == Quota(None, 0, 10.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "20"}, 20),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after": "Sun, 29 Nov 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "Sun, 29 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"x-ms-retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "2"}, 2),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "later"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_in_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert read_signals(headers, NOW).retry_after_seconds == seconds


def test_of_several_quotas_the_one_with_least_remaining_counts() -> None:
    headers = {
        "x-ratelimit-remaining-requests-day": "12",
        "x-ratelimit-reset-requests-day": "33011.4",
        "x-ratelimit-remaining-requests-minute": "115",
        "x-ratelimit-remaining-tokens-per-minute": "7",
        "x-ratelimit-reset-tokens-per-minute": str(int(NOW.timestamp()) + 5),
    }
    signals = read_signals(headers, NOW)
    assert signals.requests == Quota(None, 12, 33_011.4)
    assert signals.tokens == Quota(None, 7, 5.0)


@pytest.mark.parametrize("text", ["many", "", "NaN", "inf", "1e999"])
def test_counts_that_cannot_be_read_are_passed_over(text: str) -> None:
    assert read_signals({"x-ratelimit-remaining-requests": text}, NOW) == RateSignals()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h2m3.5s", 3723.5),
        ("120ms", 0.12),
        ("2m59.56s", 179.56),
        ("250µs", 0.00025),
        ("90", 90),
        (" 7 ", 7),
        ("2026-11-29T13:00:00+01:00", 0),
        ("2026-11-29T12:00:00.250Z", 0.25),
        ("2026-11-29T12:00:09", 9),
        (str(int(NOW.timestamp()) * 1000 + 1500), 1.5),
        ("6m0", None),
        ("s", None),
        ("1x", None),
        ("Wed, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_how_far_away_a_moment_is(text: str, seconds: float | None) -> None:
    assert seconds_until(text, NOW) == (None if seconds is None else pytest.approx(seconds))


def test_a_refusal_without_retry_after_waits_for_what_is_used_up() -> None:
    used_up, left = Quota(10, 0, 8.0), Quota(1000, 5, 60.0)
    assert RateSignals(requests=used_up, tokens=left).pause_seconds == 8
    assert RateSignals(requests=left, tokens=left).pause_seconds is None
    assert RateSignals(requests=used_up, retry_after_seconds=3).pause_seconds == 3
