"""What the node types and names of a language mean to the rules; the data are in a file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from quantumlayer.parser.rules.model import Sink

_SAME = {"typescript": "javascript", "tsx": "javascript"}
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Vocabulary:
    """Node types and names of one language.

    `calls`: node type → its fields for what is called and for the arguments. `bindings` is a query
    with @name, @value and one of @assign, @augment, @loop. `passes` are globs of functions whose
    result carries what they are given; `formats` those that put values into a text; `cleans` those
    after which a value is harmless for a sink. `keeps_receiver`: methods whose result carries what
    they are called on. `sources` is a pattern of expressions that come from a request; a file
    without any of `request_words` has none. `harmless_types` of a parameter cannot carry text.
    """

    functions: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    interpolations: frozenset[str] = frozenset()
    literals: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    transparent: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    keeps_receiver: frozenset[str] = frozenset()
    request_words: frozenset[bytes] = frozenset()
    calls: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    cleans: Mapping[Sink, tuple[str, ...]] = field(default_factory=dict)
    passes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    bindings: str = ""
    sources: re.Pattern[str] = _NEVER
    harmless_types: re.Pattern[str] = _NEVER


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; an empty one where nothing is known of it."""
    given = _file().get(_SAME.get(language, language))
    return Vocabulary() if given is None else _vocabulary(given)


@cache
def _file() -> dict[str, Any]:
    folder = resources.files("quantumlayer.parser.rules")
    return tomllib.loads(folder.joinpath("vocabulary.toml").read_text("utf-8"))


def _vocabulary(given: dict[str, Any]) -> Vocabulary:
    sets = (
        *("functions", "blocks", "strings", "interpolations", "literals", "collections"),
        *("transparent", "names", "members", "keeps_receiver"),
    )
    return Vocabulary(
        **{name: frozenset(given.get(name, ())) for name in sets},
        request_words=frozenset(word.encode() for word in given["request_words"]),
        calls={name: (fields[0], fields[1]) for name, fields in given["calls"].items()},
        cleans={Sink(name): tuple(globs) for name, globs in given["cleans"].items()},
        passes=tuple(given["passes"]),
        formats=tuple(given["formats"]),
        bindings=given["bindings"],
        sources=re.compile("|".join(given["sources"])),
        harmless_types=re.compile(given["harmless_types"]) if "harmless_types" in given else _NEVER,
    )


# A check against what is allowed: membership, a pattern, the start, a path within a folder.
_GUARD = (
    r"(?<!for )(?<![\w.]){name}(?:\.\w+\(\))?\s+(?:not\s+)?in\s+"
    r"|(?:has|includes|contains|containsKey|indexOf|fullmatch|match|test|Contains|MatchString)"
    r"\(\s*(?:[^()\n]*,\s*)?{name}\s*[,)]"
    r"|(?<![\w.]){name}\.(?:is_relative_to|startswith|startsWith|isalnum|isidentifier|isdigit"
    r"|isdecimal|relative_to|matches)\b"
    r"|isinstance\(\s*{name}\b|\.HasPrefix\(\s*{name}\b|\[\s*{name}\s*\];\s*!?ok\b"
)


def guard(name: str) -> re.Pattern[bytes]:
    """Finds a check of `name` against what is allowed."""
    return re.compile(_GUARD.replace("{name}", re.escape(name)).encode())
