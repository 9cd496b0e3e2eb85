"""Which models a list of names and patterns allows."""

import re
from fnmatch import translate
from functools import lru_cache

# Names of models come from clients: what they made the cache remember must stay bounded.
_REMEMBERED = 4_096


@lru_cache(maxsize=_REMEMBERED)
def allows(patterns: tuple[str, ...] | None, model: str) -> bool:
    """Whether one of the names or patterns (`gpt-5*`) is `model`; None allows every model."""
    return patterns is None or any(_compiled(pattern).match(model) for pattern in patterns)


@lru_cache(maxsize=_REMEMBERED)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
