"""The rules of `data/`, a file a family; and the plan of a language: which word leads to which."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import cast

import tree_sitter_language_pack
from tree_sitter import Query

from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.rules.model import Condition, Match, Rule, State
from quantumlayer.parser.rules.vocabulary import vocabulary

_FOLDER = resources.files("quantumlayer.parser.rules")


@dataclass(frozen=True, eq=False)
class Probe:
    """One match of one rule, made ready for one language.

    `called`: words that only matter where a call follows. `needs`: sets of words, of each of which
    the file must have one.
    """

    rule: Rule
    match: Match
    query: Query
    near: re.Pattern[bytes] | None
    follows: re.Pattern[bytes] | None
    called: frozenset[bytes]
    needs: tuple[frozenset[bytes], ...]


@dataclass(frozen=True)
class Plan:
    """The matches of a language by word, by stem, and the probes for the whole file.

    Most words are in no file of a project: `at_word` makes probes of their matches when one is.
    """

    by_word: Mapping[bytes, tuple[tuple[Rule, Match], ...]]
    by_stem: Mapping[bytes, tuple[tuple[Rule, Match], ...]]
    whole: tuple[Probe, ...]
    words: frozenset[bytes]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by id. Raises ValueError when a file of `data/` is not well formed."""
    found: list[Rule] = []
    for entry in sorted(_FOLDER.joinpath("data").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            given = tomllib.loads(entry.read_text("utf-8"))
            family = entry.name.removesuffix(".toml")
            found += (Rule.model_validate({"family": family, **row}) for row in given["rule"])
    return tuple(sorted(found, key=lambda rule: rule.id))


@cache
def plan(language: str) -> Plan:
    """What to look for in files of `language`; empty where there are no rules."""
    by_word: dict[bytes, list[tuple[Rule, Match]]] = defaultdict(list)
    by_stem: dict[bytes, list[tuple[Rule, Match]]] = defaultdict(list)
    whole = []
    for rule in rules():
        for match in rule.match:
            if language not in match.languages:
                continue
            for word in match.anchors:
                by_word[word.encode()].append((rule, match))
            for stem in match.stems:
                by_stem[stem.encode()].append((rule, match))
            if not match.anchors and not match.stems:
                whole.append(_probe(language, rule, match))
    return Plan(
        by_word={word: tuple(matches) for word, matches in by_word.items()},
        by_stem={stem: tuple(matches) for stem, matches in by_stem.items()},
        whole=tuple(whole),
        words=frozenset(by_word),
    )


@cache
def at_word(language: str, word: bytes) -> tuple[Probe, ...]:
    """The probes of a word of the plan, queries compiled."""
    matches = plan(language).by_word[word]
    return tuple(_probe(language, rule, match, word.decode()) for rule, match in matches)


@cache
def at_stem(language: str, stem: bytes) -> tuple[Probe, ...]:
    """The probes of a stem of the plan, queries compiled."""
    return tuple(_probe(language, rule, match) for rule, match in plan(language).by_stem[stem])


def _probe(language: str, rule: Rule, match: Match, word: str = "") -> Probe:
    needs = [
        frozenset(word.encode() for word in condition.file_has)
        for condition in match.where
        if condition.file_has
    ]
    needs += (heads for one in match.where if (heads := _heads(one.callee, word)))
    if any(condition.state == (State.REQUEST,) for condition in match.where):
        needs.append(vocabulary(language).request_words)
    return Probe(
        rule=rule,
        match=match,
        query=compiled(language, match.query),
        near=re.compile(match.near.encode()) if match.near else None,
        follows=re.compile(match.follows.encode()) if match.follows else None,
        called=_called(match),
        needs=tuple(needs),
    )


def _heads(callees: tuple[str, ...], word: str) -> frozenset[bytes]:
    """Words, one of which a file has that calls one of these; none where that cannot be told.

    Where the word is the last part of some, only they are meant.
    """
    last = [name for name in callees if fnmatchcase(word, re.split(r"[./]", name)[-1])]
    heads = [name.split(".")[0] for name in last or callees]
    if any("*" in head for head in heads):
        return frozenset()
    return frozenset(word.encode() for head in heads for word in re.findall(r"[\w$]+", head))


def _called(match: Match) -> frozenset[bytes]:
    """Anchors that are the last part of every callee that names them."""
    if match.query not in {"call", "new", "call_or_new"}:
        return frozenset()
    names = [name for condition in match.where for name in _callees(condition)]
    last = {re.split(r"[./]", name)[-1] for name in names}
    earlier = {part for name in names for part in re.split(r"[./]", name)[:-1]}
    return frozenset(word.encode() for word in match.anchors if word in last - earlier)


def _callees(condition: Condition) -> Iterator[str]:
    yield from condition.callee
    for inner in condition.any:
        yield from _callees(inner)


@cache
def compiled(language: str, query: str) -> Query:
    """A shape by its name, or a query by its text."""
    text = _shapes(language).get(query, query)
    grammar = LANGUAGES[language].grammar
    return Query(
        tree_sitter_language_pack.get_language(
            cast("tree_sitter_language_pack.SupportedLanguage", grammar)
        ),
        text,
    )


@cache
def _all_shapes() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FOLDER.joinpath("shapes.toml").read_text("utf-8"))


def _shapes(language: str) -> dict[str, str]:
    same = {"typescript": "javascript", "tsx": "javascript"}
    return _all_shapes().get(same.get(language, language), {})
