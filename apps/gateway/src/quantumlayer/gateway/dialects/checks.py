"""What a client sent, read with a sentence for what is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from quantumlayer.gateway.http import GatewayError

_T = TypeVar("_T")
_KINDS = {str: "text", int: "a whole number", bool: "true or false", list: "a list"}


def wrong(path: str, said: str) -> GatewayError:
    """The error for the part of the request at `path`."""
    return GatewayError("bad_request", f"{path or 'the body'} {said}", param=path or None)


def body_of(value: object) -> dict[str, Any]:
    """The body as an object; raises `GatewayError` where it is none."""
    if not isinstance(value, dict):
        raise wrong("", "must be a JSON object")
    return value


def field(place: Mapping[str, Any], name: str, kind: type[_T], path: str = "") -> _T | None:
    """The value of `name`, None where it is missing or null; raises `GatewayError` for others."""
    value = place.get(name)
    if value is None:
        return None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong(f"{path}{name}", f"must be {_KINDS.get(kind, 'an object')}")
    return value


def needed(place: Mapping[str, Any], name: str, kind: type[_T], path: str = "") -> _T:
    """The value of `name`; raises `GatewayError` where it is missing, empty or of another kind."""
    value = field(place, name, kind, path)
    if not value:
        raise wrong(f"{path}{name}", f"must be {_KINDS.get(kind, 'an object')}, and not empty")
    return value


def number(place: Mapping[str, Any], name: str) -> float | None:
    """A number, whole or not; raises `GatewayError` for what is none."""
    value = place.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(name, "must be a number")
    return float(value)


def count(place: Mapping[str, Any], name: str) -> int | None:
    """A whole number above zero; raises `GatewayError` for what is none."""
    value = field(place, name, int)
    if value is not None and value <= 0:
        raise wrong(name, "must be above zero")
    return value


def objects(place: Mapping[str, Any], name: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each object of a list, after its own path; raises `GatewayError` for what is no object."""
    for index, value in enumerate(field(place, name, list, path) or ()):
        where = f"{path}{name}[{index}]"
        if not isinstance(value, dict):
            raise wrong(where, "must be an object")
        yield where, value
