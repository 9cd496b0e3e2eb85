"""Which modules a distribution lets a program import."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from quantumlayer.manifests.python.declarations import normalised


def provided(distributions: Iterable[str]) -> frozenset[str]:
    """The top names that these distributions let a program import."""
    names: set[str] = set()
    data = _data()
    for raw in distributions:
        name = normalised(raw)
        names.update(data["imports"].get(name, ()))
        names.update(data["brings"].get(name, ()))
        names.update(_guesses(name, raw))
    return frozenset(names)


def _guesses(name: str, raw: str) -> set[str]:
    plain = name.replace("-", "_")
    found = {plain, raw, raw.replace("-", "_"), plain.replace("_", "")}
    for start in ("python_", "py_", "django_", "types_"):
        found.add(plain.removeprefix(start))
    for end in ("_python", "_py", "_stubs", "_binary", "_client", "_sdk", "2", "3", "_ce"):
        found.add(plain.removesuffix(end))
    if plain.startswith("py") and len(plain) > 4:
        found.add(plain[2:])
    first = plain.split("_")[0]
    if first in _data()["namespaces"]["python"]:
        found.add(first)
    return found


@cache
def _data() -> Mapping[str, Any]:
    folder = resources.files("quantumlayer.manifests.python")
    return tomllib.loads(folder.joinpath("provided.toml").read_text("utf-8"))
