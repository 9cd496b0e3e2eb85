"""JSON Schema's library, without the grammar of IRIs (RFC 3987) until an IRI is to be checked.

`jsonschema` imports what checks them with itself, and that builds a parser of an Earley grammar:
a third of a worker's start, and nearly all of a capsule's verification, for a format that hardly
a document has.
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

NAME = "rfc3987_syntax"


@contextmanager
def iri_grammar_later() -> Iterator[None]:
    """What imports `jsonschema` for the first time is imported in the body of this.

    It then has the checks that it has anyhow; the first one loads the grammar.
    """
    if NAME in sys.modules or importlib.util.find_spec(NAME) is None:
        yield
        return
    sys.modules[NAME] = stand_in()
    try:
        yield
    finally:
        del sys.modules[NAME]


def stand_in() -> ModuleType:
    """A module with the one function that is taken from the real one, and calls it."""
    module = ModuleType(NAME)
    vars(module)["is_valid_syntax"] = is_valid_syntax
    return module


def is_valid_syntax(term: str, value: str) -> bool:
    """Whether a value is what RFC 3987 calls `term`."""
    return bool(importlib.import_module(NAME).is_valid_syntax(term, value))
