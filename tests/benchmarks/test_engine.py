"""What of requests a provider's cache is taken to serve."""

from benchmarks.engine import DELAY_SECONDS, cached_characters

PREFIX = "x" * 10_000


def test_what_begins_like_an_answered_request_is_served_in_whole_steps() -> None:
    asked = [(0.0, PREFIX + "one"), (2 * DELAY_SECONDS, PREFIX + "two")]
    assert cached_characters(asked) == 9_728


def test_a_request_whose_reply_has_not_begun_serves_nobody() -> None:
    asked = [(0.0, PREFIX + "one"), (DELAY_SECONDS / 2, PREFIX + "two")]
    assert cached_characters(asked) == 0


def test_less_than_a_thousand_tokens_are_not_kept() -> None:
    asked = [(0.0, PREFIX[:4_000] + "one"), (2 * DELAY_SECONDS, PREFIX[:4_000] + "two")]
    assert cached_characters(asked) == 0
