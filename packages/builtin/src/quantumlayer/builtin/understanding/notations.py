"""Descriptions in a notation rather than in sentences: JSON with fields, and lists of endpoints."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.understanding.text import Sentence
from quantumlayer.builtin.understanding.words import is_plural

_WRAPPERS = frozenset({"entities", "models", "tables", "schemas", "resources", "definitions"})
_NAMES, _FIELDS = (
    ("name", "entity", "table", "model"),
    ("fields", "properties", "columns", "attributes"),
)
_SAID = ("type", "format", "description", "ref", "references")
_ATTEMPTS = 100
_HEAD = re.compile(
    r"(?:^|[\n.:;])\s*(?:an?|the|each)?\s*(?P<name>[A-Za-z][\w ]{0,40}?)\s*[:=]?\s*$"
)


@dataclass(frozen=True, slots=True)
class Notation:
    """A text without its JSON (blanked, so that no character moves), and what the JSON says."""

    text: str
    sentences: tuple[Sentence, ...] = ()


def without_json(text: str) -> Notation:
    """The definitions that stand as JSON in a text, said as sentences: "Book has title (string)"."""
    position, found = 0, []
    for _ in range(_ATTEMPTS):
        start = text.find("{", position)
        if start < 0:
            break
        try:
            value, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        position = end
        head = _HEAD.search(text[:start])
        known = tuple(_statements(value, head["name"].strip() if head else ""))
        names = {each.split(" ", 1)[0].lower() for each in known}
        statements = tuple(_with_references(each, names) for each in known)
        if statements:
            found += [Sentence(each, start, end) for each in statements]
            text = "".join((text[:start], "\n", " " * (end - start - 1), text[end:]))
    return Notation(text, tuple(found))


def _statements(value: object, name: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _statements(each, name)
        return
    if not isinstance(value, dict) or not value:
        return
    called = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
    fields = next((value[key] for key in _FIELDS if isinstance(value.get(key), list | dict)), None)
    if called and fields is not None:
        yield from _definition(called, fields)
    elif all(isinstance(each, dict | list) for each in value.values()):
        for key, each in value.items():
            if key.lower() in _WRAPPERS:
                yield from _statements(each, "")
            elif isinstance(each, dict) and (inner := _inner(each)):
                yield from _definition(key, inner)
            elif isinstance(each, list | dict):
                yield from _definition(key, each)
    elif name:
        yield from _definition(name, value)


def _with_references(statement: str, names: set[str]) -> str:
    """A definition in which "author (User)" says that it points to the User of the same JSON."""
    return re.sub(
        r"\((?P<many>list of )?(?P<name>[A-Za-z]+)\)",
        lambda match: (
            f"(reference to a {match['name']})"
            if match["name"].lower() in names and not match["many"]
            else match.group()
        ),
        statement,
    )


def _inner(value: dict[str, object]) -> object:
    return next((value[key] for key in _FIELDS if isinstance(value.get(key), list | dict)), None)


def _definition(name: str, fields: object) -> Iterator[str]:
    if isinstance(fields, dict):
        said = [_field(key, each) for key, each in fields.items()]
    elif isinstance(fields, list):
        said = [
            _field(str(each.get("name", "")), each) if isinstance(each, dict) else str(each)
            for each in fields
        ]
    else:
        return
    if said:
        verb = "have" if is_plural(name.lower()) else "has"
        yield f"{name} {verb} {', '.join(each for each in said if each)}"


def _field(key: str, value: object) -> str:
    if isinstance(value, str):
        return f"{key} ({value})" if value else key
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        one = len(value) == 1
        return f"{key} (list of {value[0]})" if one else f"{key} (one of {', '.join(value)})"
    if not isinstance(value, dict):
        return key
    said = [str(value[name]) for name in _SAID[:1] if isinstance(value.get(name), str)]
    for name, each in value.items():
        if each is True and name in {"required", "unique", "optional"}:
            said.append(name)
        elif each is False and name == "required":
            said.append("optional")
        elif isinstance(each, list) and name in {"enum", "values", "choices", "options"}:
            said = [f"one of {', '.join(str(one) for one in each)}"]
        elif isinstance(each, int | float) and not isinstance(each, bool):
            limit = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower().replace("_", " ")
            said.append(f"{limit} {each}")
        elif name == "default":
            said.append(f"default {str(each).lower()}")
    return f"{key} ({', '.join(said)})" if said else key


_ENDPOINT = re.compile(
    r"^(?:[-*] )?(?P<method>GET|POST|PUT|PATCH|DELETE|get|post|put|patch|delete)(?:[/|,](?:GET|POST|PUT|PATCH|DELETE))*\s+(?P<path>/[\w/{}:.?=&<>\[\]-]*)(?P<said>.*)$",
    re.DOTALL,
)


_AND_ENDPOINT = re.compile(r"\s*(?:,|;|\band\b)\s*(?=(?:GET|POST|PUT|PATCH|DELETE)\s+/)")
_HOLDS = re.compile(
    r"(?is)^(?:\((?P<listed>.+)\)|(?:to )?(?:creates?|adds?|registers?|makes?|stores?|saves?)\b"
    r"[^,(:]*?(?:\bwith\b|\bfrom\b|:)\s*(?P<told>.+))$"
)


def endpoints(text: str) -> tuple[str, ...]:
    """The endpoints that one line lists: "POST /orders (date), GET /orders"."""
    return tuple(part for part in _AND_ENDPOINT.split(text) if part.strip())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A line such as "POST /orders creates an order": the collection and the words behind it.

    `action` is what follows the record's own path, such as "cancel" in /orders/{id}/cancel.
    """

    collection: str
    action: str
    parent: str
    said: str

    @property
    def fields(self) -> str:
        """What a record that is sent there holds, where the line says it."""
        match = _HOLDS.match(self.said)
        return "" if match is None else (match["listed"] or match["told"]).strip()


def endpoint(text: str) -> Endpoint | None:
    """The endpoint that a line lists; None for other lines."""
    match = _ENDPOINT.match(text.strip())
    if match is None:
        return None
    path = match["path"].split("?")[0]
    parts = [part for part in path.split("/") if part and not re.fullmatch(r"api|v\d+", part)]
    names = [part for part in parts if not re.match(r"[{:<\[]", part)]
    if not names:
        return None
    last_is_name = bool(parts) and parts[-1] == names[-1]
    plural = is_plural(names[-1].lower().replace("-", " ").split()[-1])
    action = names[-1] if last_is_name and len(names) > 1 and not plural else ""
    kept = names[:-1] if action else names
    parent = kept[-2] if len(kept) > 1 else ""
    said = match["said"].strip(" \t-:>\u2014\u2192")
    return Endpoint(_words(kept[-1]), action, _words(parent), said)


def _words(segment: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]", " ", segment).lower()
