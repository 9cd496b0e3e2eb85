"""A small service that describes its routes, and its twins that break one of its promises each."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.packages.qtest.delivered.small_server import Reply, Replying

JSON = "application/json"
NOTE_IN = {
    "type": "object", "required": ["text", "stars"],
    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 20},
                   "stars": {"type": "integer", "minimum": 0, "maximum": 5}},
}  # fmt: skip
NOTE = {
    "type": "object", "required": ["id", "text", "stars", "due"],
    "properties": {"id": {"type": "integer"}, "due": {"type": "string", "nullable": True},
                   **NOTE_IN["properties"]},  # type: ignore[dict-item]
}  # fmt: skip


def answering(schema: object, *codes: str, done: str = "200") -> dict[str, object]:
    """The responses of an operation."""
    told = {"description": "done", "content": {JSON: {"schema": schema}}}
    return {done: told, **{code: {"description": "refused"} for code in codes}}


BODY = {"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/NoteIn"}}}}
ONE = {"$ref": "#/components/schemas/Note"}
KEY = {"name": "note_id", "in": "path", "required": True, "schema": {"type": "integer"}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Notes", "version": "1"},
    "paths": {
        "/notes/{note_id}": {
            "parameters": [KEY],
            "delete": {"responses": {"204": {"description": "gone"}, "404": {}}},
            "get": {"responses": answering(ONE, "404")},
            "put": {"requestBody": BODY, "responses": answering(ONE, "404", "422")},
        },
        "/notes": {
            "get": {"responses": answering({"type": "array", "items": ONE})},
            "post": {"requestBody": BODY, "responses": answering(ONE, "422", done="201")},
        },
        "/count": {"get": {"responses": answering({"type": "integer"})}},
        "/echo/{words}": {"get": {
            "parameters": [{"name": "words", "in": "path", "schema": {"type": "string"}}],
            "responses": answering({"type": "string"}),
        }},
    },
    "components": {"schemas": {"NoteIn": NOTE_IN, "Note": NOTE}},
}  # fmt: skip


class Notes:
    """The sound service."""

    def __init__(self) -> None:
        self.notes: dict[int, dict[str, Any]] = {}

    def __call__(self, method: str, path: str, body: bytes, _who: str = "") -> Reply:
        """Answer one request."""
        match method, path.strip("/").split("/"):
            case "GET", ["openapi.json"]:
                return said(200, DOCUMENT)
            case "GET", ["count"]:
                return said(200, len(self.notes))
            case "GET", ["echo", words]:
                return said(200, words)
            case _, ["notes", *keys]:
                return self.of_one(method, keys[0], body) if keys else self.of_all(method, body)
        return said(404, {"detail": "no route"})

    def of_all(self, method: str, body: bytes) -> Reply:
        """Read them, or add one."""
        if method == "GET":
            return said(200, list(self.notes.values()))
        return self.written(len(self.notes) + 1, body, 201)

    def of_one(self, method: str, key: str, body: bytes) -> Reply:
        """Read, change or delete the one with this key."""
        number = int(key) if key.isdigit() else 0
        if number not in self.notes:
            return said(404, {"detail": "unknown"})
        if method == "PUT":
            return self.written(number, body, 200)
        if method == "DELETE":
            del self.notes[number]
            return Reply(204, JSON, "")
        return said(200, self.notes[number])

    def written(self, key: int, body: bytes, status: int) -> Reply:
        """Keep what fits."""
        given = json.loads(body)
        if not (isinstance(given.get("text"), str) and isinstance(given.get("stars"), int)):
            return said(422, {"detail": "text and stars are wanted"})
        self.notes[key] = {"id": key, "due": None, "text": given["text"], "stars": given["stars"]}
        return said(status, self.notes[key])


def described_by_extension(*, lacking: str) -> Replying:
    """The sound service whose answers are described as a closed schema and more.

    `lacking`: a described field that one answer lacks.
    """
    closed = {**NOTE_IN, "additionalProperties": False}
    more = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    schemas = {
        "NoteIn": closed,
        "Note": {"allOf": [{"$ref": "#/components/schemas/NoteIn"}, more]},
    }
    notes = Notes()

    def reply(method: str, path: str, body: bytes, who: str) -> Reply:
        if path == "/openapi.json":
            return said(200, {**DOCUMENT, "components": {"schemas": schemas}})
        answer = notes(method, path, body, who)
        if method == "GET" and path == "/notes/1" and answer.status == 200:
            kept = json.loads(answer.body)
            return said(200, {name: each for name, each in kept.items() if name != lacking})
        return answer

    return reply


def said(status: int, content: object) -> Reply:
    return Reply(status, JSON, json.dumps(content))


Changing = Callable[[Reply, str, bytes], Reply]


def instead(asked: str, change: Changing) -> Replying:
    """A twin that answers some requests, by method and path, otherwise."""
    sound = Notes()

    def reply(method: str, path: str, body: bytes, _who: str) -> Reply:
        answer = sound(method, path, body)
        return change(answer, path, body) if re.fullmatch(asked, f"{method} {path}") else answer

    return reply


def always(status: int, content: object) -> Changing:
    return lambda _answer, _path, _body: said(status, content)


def where(wrong: int, given: Reply) -> Changing:
    """Another answer in place of one status."""
    return lambda answer, _path, _body: given if answer.status == wrong else answer


SOUND_NOTE = {"id": 7, "due": None, "text": "fine", "stars": 1}
PAGE = Reply(200, "text/html", "<!doctype html><div id=root></div>")
BROKEN: Mapping[str, tuple[Replying, str]] = {
    "answers 500": (
        instead("GET /notes/1", always(500, {"detail": "oh"})),
        "`GET /notes/1`: it answers 500"),
    "answers another status": (
        instead("POST /notes", where(201, said(200, SOUND_NOTE))),
        "`POST /notes`: it answers 200, which is not described (described: 201, 422)"),
    "lacks a promised field": (
        instead("GET /notes/1", always(200, {"id": 1, "text": "a", "due": None})),
        "`GET /notes/1`: it answers 200, and not as described: `the answer`: 'stars' is"),
    "answers another type": (
        instead("GET /count", always(200, "three")),
        "`GET /count`: it answers 200, and not as described: `the answer`: 'three' is not of type"),
    "is wrong within a list": (
        instead("GET /notes", always(200, [{**SOUND_NOTE, "id": "7"}])),
        "`[0].id`: '7' is not of type 'integer'"),
    "answers with a fallback page": (
        instead("GET /count", lambda *_: PAGE),
        "with text/html, as a fallback page would, where JSON is described"),
    "answers with what is no JSON": (
        instead("GET /count", lambda *_: Reply(200, JSON, "{count: 3}")), "with what is no JSON"),
    "is described and not there": (
        instead("GET /count", always(404, {})), "it is described, and is not there"),
    "takes another method": (
        instead("PUT /notes/1", always(405, {})), "nothing takes this method there"),
    "takes what lacks a field": (
        instead("POST /notes", where(422, said(201, SOUND_NOTE))),
        "`POST /notes` without the required `text`: it answers 201, as if nothing was wrong"),
    "takes any type": (
        instead("PUT /notes/1", lambda answer, _path, body: (
            said(200, SOUND_NOTE) if b'"not"' in body else answer)),
        "`PUT /notes/1` with an object as `text`, a string: it answers 200"),
    "falls over a wrong type": (
        instead("POST /notes", lambda answer, _path, body: (
            said(500, {}) if b'"not"' in body else answer)),
        "`POST /notes` with an object as `text`, a string: it answers 500"),
    "finds whatever is asked for": (
        instead("GET /notes/9+.*", always(200, SOUND_NOTE)),
        "about something that does not exist: it answers 200"),
    "never answers": (
        instead("GET /count", lambda *_: Reply(0, "", "")), "`GET /count`: it gives no answer"),
}  # fmt: skip
"""Twins that break a promise, and what is said of each."""

SIGN_UP = {
    "type": "object", "required": ["email", "password"],
    "properties": {"email": {"type": "string"}, "password": {"type": "string", "minLength": 10}},
}  # fmt: skip
TOKEN = {"type": "object", "required": ["access_token"],
         "properties": {"access_token": {"type": "string"}}}  # fmt: skip
KEYED = {"type": "object", "required": ["id"]}
TITLE_IN = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
TITLED = {"content": {JSON: {"schema": TITLE_IN}}}
FORM = "application/x-www-form-urlencoded"
GUARDED: dict[str, Any] = {
    "openapi": "3.1.0",
    "security": [{"bearer": []}],
    "paths": {
        "/boards": {"post": {
            "requestBody": TITLED,
            "responses": answering(KEYED, "401", "422", done="201"),
        }},
        "/boards/{boardId}/cards": {"post": {
            "requestBody": TITLED,
            "responses": answering(KEYED, "404", done="201"),
        }},
        "/login": {"post": {
            "security": [],
            "requestBody": {"content": {FORM: {"schema": SIGN_UP}}},
            "responses": answering(TOKEN, "401", "422"),
        }},
        "/users": {"post": {
            "security": [],
            "requestBody": {"content": {JSON: {"schema": SIGN_UP}}},
            "responses": answering({"type": "object"}, "409", "422", done="201"),
        }},
    },
}  # fmt: skip


class Boards:
    """A service for who has signed up and in, whose boards have names for keys."""

    def __init__(self, *, guards: bool = True) -> None:
        """`guards`: it wants to know who asks, as it says."""
        self.guards = guards
        self.users: set[str] = set()

    def __call__(self, method: str, path: str, body: bytes, who: str) -> Reply:
        """Answer one request."""
        match method, path.strip("/").split("/"):
            case "GET", ["openapi.json"]:
                return said(200, GUARDED)
            case "POST", ["users"]:
                return self.signed_up(json.loads(body))
            case "POST", ["login"]:
                return self.signed_in(parse_qs(body.decode()))
            case "POST", ["boards", *rest]:
                return self.written(rest, body, who)
        return said(404, {})

    def written(self, rest: list[str], body: bytes, who: str) -> Reply:
        """Add a board, or a card to it."""
        if self.guards and who != "Bearer t0k":
            return said(401, {})
        if rest in ([], ["first", "cards"]):
            return self.made(body, "card" if rest else "first")
        return said(404, {})

    def signed_in(self, given: dict[str, list[str]]) -> Reply:
        """Give a token to a user."""
        known = given.get("email", [""])[0] in self.users
        return said(200, {"access_token": "t0k"}) if known else said(422, {})

    def signed_up(self, given: dict[str, Any]) -> Reply:
        """Keep a user with a good password."""
        email, password = given.get("email"), given.get("password")
        if not isinstance(email, str) or "@" not in email or not isinstance(password, str):
            return said(422, {})
        taken = email in self.users
        self.users.add(email)
        return said(409 if taken else 201, {})

    def made(self, body: bytes, key: str) -> Reply:
        """Answer with the key of something that has a title."""
        fits = isinstance(json.loads(body).get("title"), str)
        return said(201, {"id": key}) if fits else said(422, {})
