"""Jinja templates that are package data: strict, so that a misspelt name is an error."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quantumlayer.builtin.writing.naming import docstring, literal, sentence

_SHARED = Path(__file__).parent / "templates"


@cache
def environment(folder: Path) -> Environment:
    """The templates under `folder`, and those that writers share; each adds filters of its own."""
    found = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - source code, not HTML
    )
    found.filters |= {
        "literal": literal,
        "sentence": sentence,
        "docstring": docstring,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "cell": lambda text: " ".join(text.split()).replace("|", "\\|"),
    }
    return found
