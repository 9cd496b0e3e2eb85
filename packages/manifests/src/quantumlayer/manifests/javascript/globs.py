"""Patterns of paths as the JavaScript ecosystem writes them."""

import functools
import re
from collections.abc import Iterable, Iterator

WILDCARDS = frozenset("*?[{")
_EXTENDED = re.compile(r"[@+!?*]\(")
_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"^(-?\d+)\.\.(-?\d+)$")
_MOST = 1_000
_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]]+\]|.", re.DOTALL)
_MEANINGS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def is_extended(pattern: str) -> bool:
    """Whether a pattern uses what is not read here: `@(a|b)` and its like."""
    return _EXTENDED.search(pattern) is not None


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """Those of the paths that a pattern matches, in their order."""
    expressions = [_expression(one) for one in _alternatives(_plain(pattern))]
    return [path for path in paths if any(one.fullmatch(path) for one in expressions)]


def _plain(pattern: str) -> str:
    return re.sub(r"^(?:\./+)+", "", pattern.strip()).rstrip("/")


def _alternatives(pattern: str) -> list[str]:
    """The pattern without braces, as often as they offer something."""
    found: list[str] = []
    pending = [pattern]
    while pending and len(found) + len(pending) < _MOST:
        one = pending.pop(0)
        braces = _BRACES.search(one)
        if braces is None:
            found.append(one)
            continue
        pending += [one[: braces.start()] + word + one[braces.end() :] for word in _offers(braces)]
    return found


def _offers(braces: "re.Match[str]") -> Iterator[str]:
    bounds = _RANGE.match(braces[1])
    if bounds is not None:
        first, last = int(bounds[1]), int(bounds[2])
        yield from map(str, range(first, min(last, first + _MOST) + 1))
    else:
        yield from braces[1].split(",")


@functools.lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    words = []
    for token in _TOKEN.findall(pattern):
        if token in _MEANINGS:
            words.append(_MEANINGS[token])
        elif len(token) > 1:
            words.append(f"[{'^' if token[1] in '!^' else ''}{token.strip('[]').lstrip('!^')}]")
        else:
            words.append(re.escape(token))
    return re.compile("".join(words), re.DOTALL)
