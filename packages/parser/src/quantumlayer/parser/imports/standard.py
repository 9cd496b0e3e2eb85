"""What comes with a language."""

import tomllib
from functools import cache
from importlib import resources


@cache
def standard(name: str) -> frozenset[str]:
    """The modules that come with `node` or `go`."""
    folder = resources.files("quantumlayer.parser.imports")
    return frozenset(tomllib.loads(folder.joinpath("standard.toml").read_text("utf-8"))[name])
