"""Noticing that a repair goes in circles: the same failure again is not progress."""

import hashlib
import re
from collections.abc import Iterable, Sequence

_VOLATILE = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?")
_MAX_SAME = 2


def failure_signature(problems: Iterable[str]) -> str:
    """A digest of what fails, blind to numbers, addresses and order."""
    stable = sorted({_VOLATILE.sub("N", problem.strip()) for problem in problems})
    return hashlib.sha256("\n".join(stable).encode()).hexdigest()[:16]


def goes_in_circles(signatures: Sequence[str]) -> bool:
    """Whether the last failure was seen before in a way that another round cannot change.

    True when it has come more than twice in all, or when the last four alternate between two.
    """
    if not signatures:
        return False
    if signatures.count(signatures[-1]) > _MAX_SAME:
        return True
    last = signatures[-4:]
    return len(last) == 4 and last[0] == last[2] and last[1] == last[3]
