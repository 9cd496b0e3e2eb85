"""Whether lizard sees the same functions and the same cyclomatic complexity, and why not."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from benchmarks.parser_corpus import Corpus
from quantumlayer.parser import FileAnalysis, Symbol

# lizard carries no types.
_Function = Any
_SAMPLE = 50
# Both begin a function at its first line, but not for both that is its decorator's or annotation's.
_NEAR = 5


@dataclass
class Agreement:
    """What lizard finds, what of it we find too, and where the complexity is equal."""

    functions: int = 0
    found: int = 0
    equal: int = 0
    missing: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    @property
    def sample(self) -> list[str]:
        """At most 50 of the differences, each with its reason."""
        everything = [*self.missing, *self.different]
        chosen = random.Random(1)  # noqa: S311 - the same every time
        return chosen.sample(everything, min(_SAMPLE, len(everything)))

    @property
    def reasons(self) -> Counter[str]:
        """How often each reason was found."""
        return Counter(one.rpartition(": ")[2] for one in (*self.missing, *self.different))


def lizard_functions(suffix: str, text: str) -> list[_Function]:
    """What lizard finds in one file."""
    lizard: Any = import_module("lizard")
    found: list[_Function] = lizard.analyze_file.analyze_source_code(
        f"x{suffix}", text
    ).function_list
    return found


def agreement(corpus: Corpus, analyses: Iterable[FileAnalysis]) -> Agreement:
    """Compares function by function; what lizard calls anonymous counts for what is around it."""
    result = Agreement()
    for (name, data), analysis in zip(corpus.files, analyses, strict=True):
        text = data.decode()
        theirs = lizard_functions(corpus.suffix, text)
        _compare(corpus.language, name, text.split("\n"), theirs, analysis.symbols, result)
    return result


def _compare(
    language: str,
    path: str,
    lines: list[str],
    theirs: list[_Function],
    ours: Iterable[Symbol],
    result: Agreement,
) -> None:
    named = [one for one in theirs if "anonymous" not in one.name]
    anonymous = [one for one in theirs if "anonymous" in one.name]
    ours_by_name: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in ours:
        if symbol.metrics is not None:
            ours_by_name[_short(symbol.name)].append(symbol)
    for one in named:
        result.functions += 1
        place = f"{path}:{one.start_line} {one.name}"
        candidates = [
            symbol
            for symbol in ours_by_name[_short(one.name)]
            if abs(symbol.line - one.start_line) <= _NEAR
        ]
        if not candidates:
            result.missing.append(f"{place}: {_why_missing(one, lines[one.start_line - 1])}")
            continue
        twin = min(candidates, key=lambda symbol: abs(symbol.line - one.start_line))
        ours_by_name[_short(one.name)].remove(twin)
        result.found += 1
        inside = [other for other in anonymous if _within(other, one)]
        expected = one.cyclomatic_complexity + sum(
            other.cyclomatic_complexity - 1 for other in inside
        )
        metrics = twin.metrics
        if metrics is not None and metrics.cyclomatic == expected:
            result.equal += 1
        elif metrics is not None:
            body = "\n".join(lines[twin.line - 1 : twin.end_line])
            why = _why_different(language, body, metrics.cyclomatic, expected, bool(inside))
            result.different.append(f"{place}, {metrics.cyclomatic} here, {expected} there: {why}")


def _short(name: str) -> str:
    last = re.split(r"::|\.", name)[-1]
    # Of accessors, private and computed names there are several spellings.
    return re.sub(r"^(?:get|set) |[\[\]#]", "", last).lower()


def _within(inner: _Function, outer: _Function) -> bool:
    return bool(outer.start_line <= inner.start_line and inner.end_line <= outer.end_line)


def _why_missing(one: _Function, line: str) -> str:
    if one.name.rpartition("::")[2].startswith(("SuppressWarnings", "Override", "SafeVarargs")):
        return "an annotation, not a function"
    if one.name in {"enumerable", "configurable"}:
        return "a getter of Object.defineProperty, called after another key there"
    if re.search(r"=\s*(?:/\*.*\*/\s*)?\(\s*(?:async\s*)?(?:function|\()", line):
        return "a function that is called at once, not the variable that takes its result"
    if re.search(r"[^\w$:.~#@]", one.name):
        return "not the name of a function"
    if _short(one.name) in {"if", "for", "while", "switch", "catch", "function", "get", "set"}:
        return "a keyword, not a function"
    return "not recognised as a named function with a body"


def _why_different(language: str, body: str, ours: int, theirs: int, closures: bool) -> str:
    code = re.sub(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", "''", body)
    finallies = len(re.findall(r"\bfinally\b", code))
    if language == "python" and finallies and theirs - ours == finallies:
        return "lizard counts `finally`"
    wildcards = len(re.findall(r"\bcase _\s*:", code))
    if wildcards and theirs - ours in {wildcards, wildcards + finallies}:
        return "lizard counts the default `case _`"
    head = code.partition(")")[0]
    defaults = len(re.findall(r"(?<![=!<>])=(?![=>])", head))
    if language == "javascript" and defaults and 0 < theirs - ours <= defaults:
        return "lizard counts default values of parameters"
    nested = len(re.findall(r"^\s+(?:async )?def |\bfunction\b|=>|\bclass\b", code, re.MULTILINE))
    if closures or nested:
        return "what a nested function does belongs to another function there"
    optional = len(re.findall(r"\?\?|\?\.", code))
    if optional and abs(theirs - ours) <= optional:
        return "`??` and `?.` are counted otherwise"
    return "lizard's tokens are taken for another construct"
