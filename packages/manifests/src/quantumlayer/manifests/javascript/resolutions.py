"""Versions that a project insists on for packages of packages: npm's, yarn's and pnpm's words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quantumlayer.manifests.javascript.locks import Lock
from quantumlayer.manifests.javascript.package import DEPENDENCY_FIELDS, Package
from quantumlayer.manifests.javascript.specifiers import Origin, specifier

_STEP = re.compile(r"(?:@[^/@>]+/)?[^/@>]+(?:@(?:npm:)?[^/>@]+)?")


def overrides_of(root: Package, lock: Lock, manifest: dict[str, Any]) -> dict[str, Any]:
    """npm's `overrides` for what the root insists on, and for what a lock of another tool holds.

    Changes the ranges of `manifest` that they are about: npm refuses two words on one thing.
    Raises NotUnderstood for what npm has no word for.
    """
    found = dict(root.table("overrides"))
    pnpm = root.table("pnpm").get("overrides")
    foreign = {**root.table("resolutions"), **(pnpm if isinstance(pnpm, dict) else {})}
    for key, written in foreign.items():
        if not isinstance(written, str) or specifier(written).origin is not Origin.REGISTRY:
            raise root.refuse(f"`{key}`: `{written}` is not a version in the registry", key)
        _put(found, list(_steps(key)), written)
    for name, version in lock.single_versions().items():
        found.setdefault(name, version)
    for kind in DEPENDENCY_FIELDS:
        table = manifest.get(kind, {})
        for name in table.keys() & found.keys():
            if isinstance(found[name], str) and not found[name].startswith("$"):
                table[name] = found[name]
    return found


def _steps(key: str) -> Iterator[str]:
    """The packages on the way to the one that is meant: `a/b`, `a>b`, `**/b`."""
    for step in _STEP.findall(key.replace("**/", "").replace("*/", "")):
        yield step.replace("@npm:", "@")


def _put(overrides: dict[str, Any], steps: list[str], version: str) -> None:
    *above, last = steps or [""]
    for step in above:
        inner = overrides.get(step)
        if not isinstance(inner, Mapping):
            inner = {} if inner is None else {".": inner}
        overrides[step] = dict(inner)
        overrides = overrides[step]
    overrides[last] = version
