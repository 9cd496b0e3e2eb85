"""What a row of the table of languages says."""

from dataclasses import dataclass
from enum import StrEnum

from quantumlayer.parser.model import SyntaxTier


class ParameterStyle(StrEnum):
    """Where the name stands in a parameter as it is written."""

    NAME_FIRST = "name first"
    """`a`, `a: int = 1`, `*rest`, `a int`: the name, then perhaps its type."""
    NAME_LAST = "name last"
    """`int a`, `final Map<A, B> b`, `char *argv[]`: the type, then the name."""
    WORDS = "words"
    """`a b ~c`: names between spaces."""


@dataclass(frozen=True)
class Language:
    """One language: its grammar, how its files are recognised, and who has the last word.

    `interpreters` are the programs of a first line such as `#!/usr/bin/env bash`. `native` is the
    tier that overrules tree-sitter. `query` names a file in `queries/` without its suffix.
    `any_text`: every text is well formed. `parameters`: how parameter lists are read.
    `preprocessed`: its texts hold `#if`, of which the grammar cannot know which branch is read.
    """

    name: str
    grammar: str
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    native: SyntaxTier | None = None
    query: str | None = None
    any_text: bool = False
    parameters: ParameterStyle = ParameterStyle.NAME_FIRST
    preprocessed: bool = False
