"""Regular expressions of the requirements as JavaScript reads them."""

import re

_PART = re.compile(r"\\.|\(\?P<|.", re.DOTALL)
_KNOWN = frozenset("^$\\.*+?()[]{}|/dDwWsSbBnrtfv0123456789")
_RENAMED = {"(?P<": "(?<", "\\A": "^", "\\Z": "$"}


def unicode_pattern(pattern: str) -> str:
    """A pattern under the flag `u`, under which needless escapes are errors."""
    found, in_class = "", False
    for part in _PART.findall(pattern):
        in_class = part == "[" or (in_class and part != "]")
        needless = part[0] == "\\" and part[1:] not in _KNOWN and not (in_class and part == "\\-")
        found += _RENAMED.get(part, part[1:] if needless else part)
    return found
