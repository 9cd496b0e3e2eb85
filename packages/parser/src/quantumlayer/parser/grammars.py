"""Grammars and parsers of the language pack, made once a process."""

from functools import cache
from typing import cast

import tree_sitter_language_pack
from tree_sitter import Language, Parser


@cache
def grammar(name: str) -> Language:
    """The grammar that the pack calls `name`."""
    return tree_sitter_language_pack.get_language(
        cast("tree_sitter_language_pack.SupportedLanguage", name)
    )


@cache
def parser(name: str) -> Parser:
    """A parser for the grammar that the pack calls `name`; one parse at a time."""
    return Parser(grammar(name))
