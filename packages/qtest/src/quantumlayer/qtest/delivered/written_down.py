"""Requests as a project's own texts have them: its tests, its documentation, its sources. Pure.

A service that describes no routes is asked by those that its authors write down: paths that stand
near a word for posting, and the small documents that stand anywhere. All are tried with all.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import PurePosixPath
from urllib.parse import urlencode

from quantumlayer.manifests import ProjectFiles
from quantumlayer.qtest.delivered.drafts import WORDS, Draft
from quantumlayer.qtest.delivered.model import Sent

TEXTS = frozenset({
    ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".go", ".java", ".kt",
    ".rs", ".rb", ".php", ".md", ".http", ".rest", ".sh", ".txt",
})  # fmt: skip
MOST_FILES, LONGEST_TEXT = 400, 200_000
MOST_PATHS, MOST_BODIES = 12, 12
POSTING = re.compile(r"(?i)post")
NEAR = 160
PATH = re.compile(
    r"(?i)(?:[\"'`]|[\"'`]POST |localhost:\d+|127\.0\.0\.1:\d+|\})(/[a-z0-9][\w./-]*)(?=[\"'`?\s])"
)
PREFIX = re.compile(
    r"(?i)(?:\.use|prefix\s*[:=]|\.mount|Group|RequestMapping|Path|\.route)\s*\(?\s*"
    r"\(?[\"'`](/[\w./-]+)[\"'`]"
)
NESTED = re.compile(r"(?i)\bpost(?:Mapping)?\s*\(\s*[\"'`](/?[\w./-]*)[\"'`]")
FLAT = re.compile(r"\{[^{}]{3,600}\}")
TEXT = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
PAIR = re.compile(
    rf"\s*(?:[\"']([A-Za-z_]\w*)[\"']|([A-Za-z_]\w*))\s*:\s*"
    rf"({TEXT}|-?\d+(?:\.\d+)?|true|false|null|True|False|None|\[\])\s*(?:,|$)"
)
CONSTANTS: dict[str, object] = {
    "true": True, "false": False, "null": None, "True": True, "False": False, "None": None,
    "[]": [],
}  # fmt: skip
PLAIN = re.compile(r"[A-Za-z][A-Za-z ,.!?'-]*")
# What people write in words of their own, first.
FREE = ("title", "name", "text", "content", "body", "message", "description", "label", "note")
NO_ROUTES = (".js", ".ts", ".py", ".css", ".html", ".json", ".go", ".md", ".svg", ".png")
# How sources take a field of what was sent to them.
TAKEN = (
    re.compile(r"json:\"(\w+)"),
    re.compile(r"\b(?:body|payload|data|input|form|json)(?:\??\.|\[[\"']|\.get\([\"'])(\w+)"),
    re.compile(r"\{\s*([\w,\s]+?)\s*\}\s*=\s*(?:await\s+)?(?:\w+\.)*(?:body|json|payload|data)\b"),
    re.compile(r"\brecord\s+\w+\(([^)]*)\)"),
)
OF_PROGRAMS = frozenset({"json", "get", "then", "map", "length", "parse", "id", "append"})
MOST_FIELDS = 8
KINDS = ("application/json", "application/x-www-form-urlencoded")

Body = dict[str, object]


def drafts_in(files: ProjectFiles) -> Iterator[Draft]:
    """What may be written, by what a project's texts say; the likeliest first."""
    texts = list(texts_of(files))
    paths = list(dict.fromkeys(path for text in texts for path in posted_to(text)))
    bodies = [*bodies_in(texts)[:MOST_BODIES], *taken_in(texts)]
    tries = product(paths[:MOST_PATHS], bodies, KINDS)
    for number, (path, (body, name), kind) in enumerate(tries):
        word = WORDS[number % len(WORDS)]
        own = {**body, name: word}
        content = json.dumps(own) if kind == KINDS[0] else urlencode(
            {key: str(value) for key, value in own.items() if value is not None}
        )  # fmt: skip
        yield Draft(Sent(path=path, content=content, headers=(("Content-Type", kind),)), word)


def read_in(files: ProjectFiles) -> list[Sent]:
    """Paths that a project's texts name, at which something may be read."""
    found = (path for text in texts_of(files) for path in named(text))
    return [Sent(method="GET", path=path) for path in dict.fromkeys(found)]


def texts_of(files: ProjectFiles) -> Iterator[str]:
    """The texts in which requests may stand: tests and documentation first."""
    paths = [path for path in files.paths() if PurePosixPath(path).suffix in TEXTS]
    for path in sorted(paths, key=lambda path: (not of_tests(path), path))[:MOST_FILES]:
        content = files.content(path)
        if content is not None and len(content) <= LONGEST_TEXT:
            yield content.decode(errors="replace").replace('\\"', '"')


def of_tests(path: str) -> bool:
    return "test" in path.lower() or "spec" in path.lower() or path.lower().endswith(".md")


def named(text: str) -> Iterator[str]:
    """The paths of a text that may be routes."""
    for match in PATH.finditer(text):
        if not match[1].endswith(NO_ROUTES):
            yield match[1].rstrip("/")


def posted_to(text: str) -> Iterator[str]:
    """The paths of a text that something may be posted to."""
    for match in PATH.finditer(text):
        around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
        if POSTING.search(around) and not match[1].endswith(NO_ROUTES):
            yield match[1].rstrip("/")
    prefixes = list(dict.fromkeys(match[1].rstrip("/") for match in PREFIX.finditer(text)))
    for match in NESTED.finditer(text):
        yield from (f"{prefix}/{match[1].strip('/')}".rstrip("/") for prefix in prefixes[:4])


def bodies_in(texts: Iterable[str]) -> list[tuple[Body, str]]:
    """Small documents with a text of somebody's own, and the name of that text."""
    found: dict[str, tuple[Body, str]] = {}
    for text in texts:
        for match in FLAT.finditer(text):
            body = body_of(match[0][1:-1])
            if body and (name := free_text(body)):
                found.setdefault(json.dumps(body, sort_keys=True), (body, name))
    by_shape: dict[tuple[str, ...], tuple[Body, str]] = {}
    for body, name in found.values():
        by_shape.setdefault(tuple(sorted(body)), (body, name))
    return sorted(by_shape.values(), key=lambda one: -len(one[0]))


def taken_in(texts: Iterable[str]) -> Iterator[tuple[Body, str]]:
    """A document of all fields that sources take, each a text."""
    found = (match[1] for text in texts for pattern in TAKEN for match in pattern.finditer(text))
    names = (words[-1] for group in found for one in group.split(",") if (words := one.split()))
    fields = [name for name in dict.fromkeys(names)
              if name.isidentifier() and name not in OF_PROGRAMS][:MOST_FIELDS]  # fmt: skip
    if fields:
        body: Body = dict.fromkeys(fields, "some words")
        yield body, free_text(body)


def body_of(inside: str) -> Body | None:
    """What stands between braces, where it is names with plain values and nothing else."""
    body: Body = {}
    place = 0
    inside = inside.strip().rstrip(",")
    while place < len(inside):
        match = PAIR.match(inside, place)
        if match is None:
            return None
        body[match[1] or match[2]] = value_of(match[3])
        place = match.end()
    return body


def value_of(text: str) -> object:
    if text in CONSTANTS:
        return CONSTANTS[text]
    return text[1:-1] if text[0] in "\"'" else json.loads(text)


def free_text(body: Body) -> str:
    """The name of a value that may be any words; empty where there is none."""
    names = [name for name, value in body.items()
             if isinstance(value, str) and PLAIN.fullmatch(value)]  # fmt: skip
    return min(names, key=lambda name: FREE.index(name) if name in FREE else len(FREE), default="")
