"""Where a conversation is marked for a provider's cache."""

from collections.abc import Iterator
from typing import Final

from quantumlayer.router.messages import ImagePart, Message, TextPart, ToolResultPart
from quantumlayer.router.profiles.profile import Profile

CACHE_MARK: Final[dict[str, str]] = {"type": "ephemeral"}
# Anthropic refuses more, and so do those that pass marks on to it.
_AT_MOST = 4


def marked(
    messages: tuple[Message, ...], profile: Profile, without: frozenset[str] = frozenset()
) -> Iterator[tuple[Message, bool]]:
    """Each message, and whether a mark stands at its end: the last ones where too many ask."""
    asking = [place for place, message in enumerate(messages) if _can_carry(message)]
    wanted = profile.cache == "breakpoints" and "cache_control" not in without
    places = frozenset(asking[-_AT_MOST:]) if wanted else frozenset()
    return ((message, place in places) for place, message in enumerate(messages))


def _can_carry(message: Message) -> bool:
    """Thoughts and calls carry no mark, nor does empty text."""
    if not message.cache_until_here:
        return False
    return any(
        isinstance(part, ImagePart | ToolResultPart)
        or (isinstance(part, TextPart) and bool(part.text.strip()))
        for part in message.parts
    )
