"""Good and bad requests for an operation, made up from its schema: pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from quantumlayer.qtest.delivered.drafts import WORDS, Draft
from quantumlayer.qtest.delivered.made_up import WORD, MadeUp, at, list_of, table
from quantumlayer.qtest.delivered.model import Sent
from quantumlayer.qtest.delivered.operations import JSON_TYPE, PARAMETER, Operation, Parameter
from quantumlayer.qtest.delivered.remembered import SUFFIXES, Remembered
from quantumlayer.qtest.delivered.written_down import free_text

UNKNOWN = {"integer": 987654321, "uuid": "00000000-0000-4000-8000-00000000dead"}
UNKNOWN_TEXT = "no-such-thing-00dead"
BY_NAME = (
    ("password", "Remembered-7-words!"), ("email", "somebody@example.com"),
    ("url", "https://example.com/"), ("link", "https://example.com/"), ("date", "2030-01-15"),
    ("_at", "2030-01-15T10:00:00Z"), ("time", "10:00"), ("color", "#336699"),
    ("colour", "#336699"), ("phone", "+44 20 7946 0000"),
)  # fmt: skip
NAMES_OF_KEYS = ("id", "uuid", "slug", "key")


@dataclass(frozen=True)
class Request:
    """What is sent. `wrong` says what is bad about it, empty of a good one."""

    method: str
    path: str
    body: object = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""


def good(document: dict[str, Any], one: Operation, known: Remembered) -> Request:
    """What the schema describes, about things that are there."""
    made_up = MadeUp(document)
    path = one.path
    for name in PARAMETER.findall(one.path):
        told = next((each for each in one.parameters if each.name == name), None)
        value = known.value(path, name)
        if value is None:
            value = fitting(made_up, told) if told else "1"
        path = path.replace(f"{{{name}}}", quote(text(value), safe=""), 1)
    needed = [each for each in one.parameters if each.place == "query" and each.required]
    query = urlencode([(each.name, text(fitting(made_up, each))) for each in needed])
    headers = {each.name: text(fitting(made_up, each)) for each in one.parameters
               if each.place == "header" and each.required}  # fmt: skip
    if one.guarded and known.token:
        headers["Authorization"] = f"Bearer {known.token}"
    request = Request(one.method.upper(), f"{path}?{query}" if query else path, headers=headers)
    if not one.media_type:
        return request
    return carrying(one, request, meant(made_up.example(one.body), known))


def meant(body: object, known: Remembered) -> object:
    """A body whose fields point to what is there, and hold what their names say."""
    if not isinstance(body, dict):
        return body
    return {name: by_name(name, value) if (found := known.foreign(name)) is None else found
            for name, value in body.items()}  # fmt: skip


def by_name(name: str, value: object) -> object:
    """What a field called so wants, where its schema says no more than that it is text."""
    if not isinstance(value, str) or not value.startswith(WORD):
        return value
    return next((words for part, words in BY_NAME if part in name.lower()), value)


def carrying(one: Operation, request: Request, body: object) -> Request:
    """A request with a body of the operation's media type."""
    if one.media_type == JSON_TYPE:
        return replace(request, body=body)
    pairs = {name: text(value) for name, value in table(body).items() if value is not None}
    headers = {**request.headers, "Content-Type": one.media_type}
    return replace(request, content=urlencode(pairs).encode(), headers=headers)


def bad(document: dict[str, Any], one: Operation, fine: Request) -> Iterator[Request]:
    """What has to be refused: each wrong in one way, else as the good one."""
    made_up = MadeUp(document)
    schema = made_up.resolved(one.body.get("schema"))
    required = [str(name) for name in list_of(at(schema, "required"))]
    if required:
        yield replace(carrying(one, fine, {}), wrong=f"without the required `{required[0]}`")
    body = table(fine.body)
    for name in required:
        kind = kind_of(made_up.resolved(at(schema, "properties", name)))
        if kind and name in body:
            wrong = f"with {'text' if kind in NUMERIC else 'an object'} as `{name}`, a {kind}"
            given = "not a number" if kind in NUMERIC else {"not": f"a {kind}"}
            yield replace(fine, body={**body, name: given}, wrong=wrong)
            break
    for each in one.parameters:
        if each.place == "query" and each.required:
            bare = fine.path.partition("?")[0]
            yield replace(fine, path=bare, wrong=f"without the required `{each.name}`")
            break
    if (path := unknown(one, fine)) is not None:
        yield replace(fine, path=path, wrong="about something that does not exist")
    if one.guarded:
        headers = {k: v for k, v in fine.headers.items() if k != "Authorization"}
        yield replace(fine, headers=headers, wrong="by nobody who is known")


NUMERIC = ("integer", "number", "boolean")


def kind_of(schema: object) -> str:
    """The one type of a schema, empty where it has none or several."""
    kind = at(schema, "type")
    return kind if kind in (*NUMERIC, "string") else ""


def again(made: Sequence[Request], sign_in: Request | None) -> Iterator[Draft]:
    """What was taken, once more, with a word in it that nothing else holds."""
    for number, one in enumerate(made):
        body = one.body if isinstance(one.body, dict) else {}
        name = free_text(body)
        if name:
            word = WORDS[number % len(WORDS)]
            signed = sign_in if "Authorization" in one.headers else None
            yield Draft(as_sent(replace(one, body={**body, name: word})), word,
                        as_sent(signed) if signed else None)  # fmt: skip


def as_sent(request: Request) -> Sent:
    """A request with its body written out."""
    headers, content = dict(request.headers), (request.content or b"").decode()
    if request.body is not None:
        headers["Content-Type"], content = JSON_TYPE, json.dumps(request.body)
    return Sent(method=request.method, path=request.path, content=content,
                headers=tuple(headers.items()))  # fmt: skip


def unknown(one: Operation, fine: Request) -> str | None:
    """The path with a key that nothing has; None where its last part need not be a key."""
    names = PARAMETER.findall(one.path)
    if not one.path.endswith("}") or not names:
        return None
    # Putting something where nothing is may make it.
    if one.method == "post" or (one.method == "put" and "404" not in one.responses):
        return None
    told = next((each for each in one.parameters if each.name == names[-1]), None)
    keyed = names[-1].lower() in NAMES_OF_KEYS or names[-1].endswith(SUFFIXES)
    if not keyed and "404" not in one.responses:
        return None
    schema = told.schema if told else {}
    value = UNKNOWN.get(str(schema.get("format")), UNKNOWN.get(str(schema.get("type"))))
    bare, mark, query = fine.path.partition("?")
    return f"{bare.rpartition('/')[0]}/{value or UNKNOWN_TEXT}{mark}{query}"


def fitting(made_up: MadeUp, told: Parameter) -> object:
    return told.example if told.example is not None else made_up.value(told.schema)


def text(value: object) -> str:
    """A value as it stands in a path, a query or a form."""
    return value if isinstance(value, str) else json.dumps(value)
