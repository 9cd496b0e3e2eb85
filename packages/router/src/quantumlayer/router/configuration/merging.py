"""JSON merge patches (RFC 7396): null takes a key away, an object goes deeper, else replaces."""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from pydantic import JsonValue

Patch = Mapping[str, JsonValue]


def patched(base: JsonValue, patches: Iterable[Patch]) -> JsonValue:
    """`base` with every patch merged into it, in their order; `base` itself stays as it is."""
    target = deepcopy(base) if isinstance(base, dict) else {}
    for patch in patches:
        _merge(target, patch)
    return target


def _merge(target: dict[str, JsonValue], patch: Patch) -> None:
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            inner = target.get(key)
            if not isinstance(inner, dict):
                inner = target[key] = {}
            _merge(inner, value)
        else:
            target[key] = deepcopy(value)
