"""Sentences of rules, family by family: the first family that understands a clause keeps it."""

from collections.abc import Callable

from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft
from quantumlayer.builtin.understanding.rules import (
    comparisons,
    counting,
    deletion,
    exceptions,
    fieldwise,
    figures,
    holders,
    lifecycle,
    overlap,
    sums,
    uniqueness,
)

Family = Callable[[Draft, Clause, str], bool]

FAMILIES: tuple[Family, ...] = (
    figures.read,
    deletion.read,
    exceptions.read,
    overlap.read,
    lifecycle.read,
    holders.read,
    sums.read,
    counting.read,
    uniqueness.read,
    comparisons.read,
    fieldwise.read,
)


def read_rule(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a canonical text as a rule; False when no family does."""
    return any(family(draft, clause, text) for family in FAMILIES)


__all__ = ["FAMILIES", "read_rule"]
