"""Where texts stand in a request, so that they can be read and replaced."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from quantumlayer.gateway.dialects.dialect import Asked


class Place(NamedTuple):
    """A text, and what puts another one into its place."""

    text: str
    put: Callable[[str], None]


Places = Callable[[dict[str, Any]], Iterator[Place]]


def texts_at(asked: Asked, places: Places) -> tuple[str, ...]:
    """The texts at all places, in their order."""
    return tuple(place.text for place in places(asked.body))


def replaced_at(asked: Asked, places: Places, texts: Sequence[str]) -> Asked:
    """The request with other texts at the same places."""
    body = deepcopy(asked.body)
    for place, text in zip(tuple(places(body)), texts, strict=True):
        place.put(text)
    return replace(asked, body=body)


def text_in(place: dict[str, Any], name: str) -> Iterator[Place]:
    """The text of that name, where there is one."""
    found = place.get(name)
    if isinstance(found, str):
        yield Place(found, partial(place.__setitem__, name))


def texts_in(value: object) -> Iterator[Place]:
    """Every text in a JSON value; names are none."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from text_in(value, name)
            yield from texts_in(inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, str):
                yield Place(inner, partial(value.__setitem__, index))
            yield from texts_in(inner)


def objects_in(place: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list; none where there is no list."""
    found = place.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def content_in(place: dict[str, Any], name: str) -> Iterator[Place]:
    """The words of what is a text or a list of parts."""
    yield from text_in(place, name)
    for part in objects_in(place, name):
        yield from text_in(part, "text")
