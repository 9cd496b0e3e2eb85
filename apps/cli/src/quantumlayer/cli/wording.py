"""Words that several commands put together in the same way."""

from collections.abc import Sequence


def listed(names: Sequence[str], most: int) -> str:
    """The first names, so many at the most, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
