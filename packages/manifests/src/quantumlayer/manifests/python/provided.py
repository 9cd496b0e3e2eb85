"""Which modules a distribution lets a program import."""

import tomllib
from collections.abc import Container, Iterable, Mapping
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


def provider(module: str, known: Container[str]) -> str | None:
    """The distribution that an import of this top name means, where that is beyond doubt.

    Either the table says it, or a distribution of exactly this name is `known` and the table gives
    it no other. None where several do, and of namespaces that many share.
    """
    data = _data()
    if module in data["namespaces"]["python"]:
        return None
    if module in data["usual"]:
        return str(data["usual"][module])
    imports: Mapping[str, list[str]] = data["imports"]
    found = [name for name, modules in imports.items() if module in modules]
    plain = normalised(module)
    if plain in found:
        return plain
    if found:
        return found[0] if len(found) == 1 else None
    same = plain.replace("-", "_") == module and plain not in imports
    return plain if same and plain in known else None


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
