"""Which of several verified trees is the best: never simply the last."""

from dataclasses import dataclass

from quantumlayer.qtest import Verdict

# What is only incomplete is sound; of what was not found out nobody knows.
_RANKS = {Verdict.PASSED: 0, Verdict.INCOMPLETE: 1, Verdict.FAILED: 2}
_UNKNOWN = 3


@dataclass(frozen=True, order=True)
class Standing:
    """How good a tree is, smaller is better: by its verdict, then by how much stands in its way."""

    rank: int
    blocking: int


def standing(verdict: Verdict, blocking: int) -> Standing:
    """The standing of a tree with this verdict and so many blocking problems."""
    return Standing(_RANKS.get(verdict, _UNKNOWN), blocking)
