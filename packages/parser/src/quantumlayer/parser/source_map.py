"""A map of a source tree for prompts: its most important symbols within a budget of tokens.

Files are nodes; a file that uses a name points at the files that define it, the more often the
stronger, the more places define it the weaker. The rank of a file (as in PageRank, started from
what is in focus) flows along these edges to the symbols behind the names.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from math import ceil, sqrt
from pathlib import PurePosixPath
from typing import NamedTuple

from quantumlayer.parser.model import FileAnalysis, Symbol, SymbolKind

_DAMPING = 0.85
_ROUNDS = 30
# Names in focus count for so much more; private ones for so much less.
_FOCUS = 10.0
_PRIVATE = 0.1
# What is used nowhere else comes after all that is.
_UNUSED = 1e-3
# A call may have the name of something elsewhere by chance: `join`, `get`, `values`.
_CHANCE = 0.02
_LINE = 160
_WORDS = re.compile(r"[^\w-]+")
_FACES = frozenset({"__init__", "index", "lib", "main", "mod"})
_HOLDERS = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.INTERFACE,
        SymbolKind.STRUCT,
        SymbolKind.TRAIT,
        SymbolKind.ENUM,
    }
)


class RankedSymbol(NamedTuple):
    """A symbol of the file at `path`; the ranks of a tree sum up to about 1."""

    path: str
    symbol: Symbol
    rank: float


def tokens(text: str) -> int:
    """About how many tokens a model sees in `text`: one for four characters."""
    return ceil(len(text) / 4)


def source_map(
    analyses: Sequence[FileAnalysis],
    texts: Mapping[str, str],
    *,
    budget: int = 1_000,
    focus: Collection[str] = (),
    count: Callable[[str], int] = tokens,
) -> str:
    """The most important symbols of `analyses` as text of at most `budget` tokens; "" for none.

    `texts` are the files' contents by path; a symbol is shown as the line that defines it.
    `focus`: paths and names that the reader cares for. `count` measures text in tokens.
    """
    ranked = ranked_symbols(analyses, focus)
    low, high = 0, len(ranked)
    best = ""
    # More symbols never take less room, so the most that fit are found by halving.
    while low < high:
        middle = (low + high + 1) // 2
        text = _render(ranked[:middle], analyses, texts)
        if count(text) <= budget:
            low, best = middle, text
        else:
            high = middle - 1
    return best


def ranked_symbols(
    analyses: Sequence[FileAnalysis], focus: Collection[str] = ()
) -> tuple[RankedSymbol, ...]:
    """Every symbol, the most important first; equal ones by place."""
    definers = _definers(analyses)
    edges = _edges(analyses, definers, frozenset(focus))
    ranks = _file_ranks(analyses, edges, focus)
    scores: dict[tuple[int, str], float] = defaultdict(float)
    for user, used in edges.items():
        total = max(1.0, sum(used.values()))
        for (definer, name), weight in used.items():
            scores[definer, name] += ranks[user] * weight / total
    found = [
        RankedSymbol(
            analysis.path,
            symbol,
            scores.get((place, symbol.name), 0.0) or ranks[place] * _UNUSED,
        )
        for place, analysis in enumerate(analyses)
        for symbol in analysis.symbols
        if symbol.name
    ]
    return tuple(sorted(found, key=lambda one: (-one.rank, one.path, one.symbol.line)))


_Edges = Mapping[int, Mapping[tuple[int, str], float]]


def _definers(analyses: Sequence[FileAnalysis]) -> dict[str, list[int]]:
    """Name → the files that define it."""
    definers: dict[str, list[int]] = defaultdict(list)
    for place, analysis in enumerate(analyses):
        for name in {symbol.name for symbol in analysis.symbols}:
            definers[name].append(place)
    return definers


def _edges(
    analyses: Sequence[FileAnalysis], definers: Mapping[str, Sequence[int]], focus: frozenset[str]
) -> dict[int, dict[tuple[int, str], float]]:
    """User → (file, name) used there → weight."""
    edges: dict[int, dict[tuple[int, str], float]] = {}
    labels = [_labels(analysis.path) for analysis in analyses]
    for user, analysis in enumerate(analyses):
        used: dict[tuple[int, str], float] = defaultdict(float)
        imported = _import_words(analysis)
        referred = {usage.name for usage in analysis.references}
        for usage in (*analysis.calls, *analysis.references):
            places = definers.get(usage.name, ())
            for place in places:
                weight = sqrt(usage.count) / len(places)
                weight *= _FOCUS if usage.name in focus else 1.0
                weight *= _PRIVATE if usage.name.startswith("_") else 1.0
                if place == user:
                    # What a file uses of itself says little of what others need to know.
                    weight *= _PRIVATE
                elif usage.name not in referred and imported.isdisjoint(labels[place]):
                    weight *= _CHANCE
                used[place, usage.name] += weight
        if used:
            edges[user] = used
    return edges


def _labels(path: str) -> frozenset[str]:
    """What an import may call the file: its stem, or its folder where it is the folder's face."""
    pure = PurePosixPath(path)
    stem = pure.stem.lower()
    return frozenset({pure.parent.name.lower()} if stem in _FACES else {stem})


def _import_words(analysis: FileAnalysis) -> set[str]:
    return {word.lower() for one in analysis.imports for word in _WORDS.split(one.module) if word}


def _file_ranks(
    analyses: Sequence[FileAnalysis], edges: _Edges, focus: Collection[str]
) -> list[float]:
    start = [_FOCUS if analysis.path in focus else 1.0 for analysis in analyses]
    total = sum(start)
    start = [one / total for one in start]
    ranks = start
    for _ in range(_ROUNDS):
        received = [0.0] * len(ranks)
        for user, used in edges.items():
            # Weak edges alone carry little: what they do not carry is lost to the start.
            out = max(1.0, sum(used.values()))
            for (place, _), weight in used.items():
                received[place] += ranks[user] * weight / out
        lost = 1.0 - sum(received)
        ranks = [
            (1 - _DAMPING) * own + _DAMPING * (got + lost * own)
            for own, got in zip(start, received, strict=True)
        ]
    return ranks


def _render(
    chosen: Sequence[RankedSymbol], analyses: Sequence[FileAnalysis], texts: Mapping[str, str]
) -> str:
    """Files with the best symbol first, their symbols by line, each method below its class."""
    wanted: dict[str, set[Symbol]] = {}
    for one in chosen:
        wanted.setdefault(one.path, set()).add(one.symbol)
    by_path = {analysis.path: analysis for analysis in analyses}
    parts = []
    for path, symbols in wanted.items():
        lines = texts.get(path, "").split("\n")
        parts.append(f"{path}:")
        parts += [
            f"{symbol.line:>5} {_shown(symbol, lines)}"
            for symbol in by_path[path].symbols
            if symbol in symbols or (symbol.kind in _HOLDERS and _holds_one(symbol, symbols))
        ]
    return "\n".join(parts)


def _holds_one(holder: Symbol, symbols: Collection[Symbol]) -> bool:
    return any(holder.line < one.line and one.end_line <= holder.end_line for one in symbols)


def _shown(symbol: Symbol, lines: Sequence[str]) -> str:
    """The line that defines the symbol, as it stands there; its name where the text is not known.

    Where decorators or attributes come first, it is the first line that has the name.
    """
    for line in lines[symbol.line - 1 : min(symbol.end_line, symbol.line + 4)]:
        if symbol.name.rpartition(".")[2].rpartition("::")[2] in line:
            return line.rstrip()[:_LINE]
    return f"{symbol.kind.value} {symbol.name}({', '.join(symbol.parameters)})"[:_LINE]
