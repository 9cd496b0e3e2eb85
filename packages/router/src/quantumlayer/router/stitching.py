"""Joins an answer that was cut off with the reply that continues it.

Models are told to go on at the very next character. Some do; others open a code fence again,
repeat the end of what they had said, or start over. Joined blindly, a repeated end inside a
string would pass every check and corrupt a file.
"""

import re

_FENCE = re.compile(r"\A\s*```[\w-]*[ \t]*\r?\n")
# Shorter repetitions happen in honest text, such as indentation and closing brackets.
_OVERLAP_AT_LEAST = 24
_OVERLAP_AT_MOST = 4_000
_DISTINCT_AT_LEAST = 8
_RESTART_AT_LEAST = 16
_RESTART_COMPARED = 48


def stitch(partial: str, continuation: str) -> str:
    """The text that `partial` and `continuation` make together."""
    # JSON strings hold no real line break, so a fence line is never part of the answer itself.
    rest = _FENCE.sub("", continuation, count=1)
    if _starts_over(partial, rest):
        return rest
    return partial + rest[overlap(partial, rest) :]


def rejoined(partial: str, continuation: str) -> str:
    """The same for text of any kind, in which a fence may be meant; nobody starts over here."""
    return partial + continuation[overlap(partial, continuation) :]


def _starts_over(partial: str, rest: str) -> bool:
    body = _from_first_bracket(partial)[:_RESTART_COMPARED]
    return len(body) >= _RESTART_AT_LEAST and _from_first_bracket(rest[:400]).startswith(body)


def _from_first_bracket(text: str) -> str:
    found = re.search(r"[{\[]", text)
    return text[found.start() :] if found else ""


def overlap(partial: str, rest: str) -> int:
    """How many characters at the start of `rest` repeat the end of `partial`; 0: by chance."""
    longest = min(len(partial), len(rest), _OVERLAP_AT_MOST)
    for size in range(longest, _OVERLAP_AT_LEAST - 1, -1):
        if partial.endswith(rest[:size]):
            return size if len(set(rest[:size])) >= _DISTINCT_AT_LEAST else 0
    return 0
