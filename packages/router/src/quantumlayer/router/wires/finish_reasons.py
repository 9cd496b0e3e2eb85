"""Servers' words for why a reply is over."""

from quantumlayer.router.deltas import FinishReason

# By a piece of the word, the first that is found: what holds several means the earliest of them.
_BY_PIECE: tuple[tuple[str, FinishReason], ...] = (
    ("malformed", "other"),
    ("pause", "other"),
    ("refus", "refusal"),
    ("toxic", "content_filter"),
    ("filter", "content_filter"),
    ("safety", "content_filter"),
    ("sensitive", "content_filter"),
    ("prohibited", "content_filter"),
    ("blocked", "content_filter"),
    ("blocklist", "content_filter"),
    ("recitation", "content_filter"),
    ("spii", "content_filter"),
    ("length", "length"),
    ("context_window", "length"),
    ("max", "length"),
    ("limit", "length"),
    ("tool", "tool_calls"),
    ("function", "tool_calls"),
    ("stop", "stop"),
    ("eos", "stop"),
    ("end", "stop"),
    ("complete", "stop"),
)
# These end no answer: the server gave it up.
_BROKEN_OFF = ("error", "abort", "cancel", "insufficient_system_resource", "interrupt")
_NONE = frozenset({"", "null", "none"})


def word_in(value: object) -> str:
    """A server's word in small letters; empty where it says none."""
    word = str(value if value is not None else "").strip().lower()
    return "" if word in _NONE else word


def reason_of(word: str) -> FinishReason | None:
    """What the word means; None where it says that the answer was broken off."""
    known = next((reason for piece, reason in _BY_PIECE if piece in word), None)
    if known in {"content_filter", "length"}:
        return known
    return None if any(piece in word for piece in _BROKEN_OFF) else known or "other"
