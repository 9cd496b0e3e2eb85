"""What can be told of each language, read from its row and its query."""

from functools import cache
from typing import NamedTuple

from quantumlayer.parser.model import SymbolKind
from quantumlayer.parser.rules import rules
from quantumlayer.parser.structure import roles

_SYMBOLS = frozenset(kind.value for kind in SymbolKind)
_DECISIONS = frozenset({"branch", "decision"})
_FUNCTIONS = frozenset({"function", "method"})


class Capabilities(NamedTuple):
    """What an analysis of a file of this language can hold."""

    symbols: bool
    imports: bool
    calls: bool
    complexity: bool


@cache
def capabilities(language: str) -> Capabilities:
    """What the query of `language` can find."""
    found = roles(language)
    return Capabilities(
        symbols=not found.isdisjoint(_SYMBOLS),
        imports="import" in found,
        calls="call" in found,
        complexity=not found.isdisjoint(_DECISIONS) and not found.isdisjoint(_FUNCTIONS),
    )


@cache
def rule_count(language: str) -> int:
    """How many security rules look at `language`."""
    return sum(language in rule.languages for rule in rules())
