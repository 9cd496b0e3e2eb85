"""Jinja templates that are package data: strict, so that a misspelt name is an error."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_SHARED = Path(__file__).parent / "templates"


@cache
def environment(folder: Path) -> Environment:
    """The templates under `folder`, and those that writers share; each adds filters of its own."""
    return Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - source code, not HTML
    )
