"""What a block says as the arguments of its tool."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from quantumlayer.agents.integrator.blocks import Block
from quantumlayer.agents.integrator.calls import BY_NAME, Tool

_CHANGE = re.compile(
    r"^<{5,} ?SEARCH[^\n]*\n(?P<search>.*?)^={5,}[ \t]*\n"
    r"(?P<replacement>.*?)^>{5,} ?REPLACE[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
_OUTCOME = re.compile(r"^\s*(?:[-*]|\d+\.)?\s*\[(?P<mark>[ xX>~])\]\s*(?P<outcome>.+?)\s*$")
_STATES = {" ": "open", "x": "done", "X": "done", ">": "doing", "~": "doing"}
_VISIT = re.compile(r"^\s*(?P<method>[A-Z]+)\s+(?P<path>/\S*)\s*(?P<body>.*)$")
_PAGE = "PAGE"


class Malformed(ValueError):  # noqa: N818 - says what it is
    """A block that is not written as it has to be; says how it has to be."""


def tool_of(block: Block) -> Tool:
    """The tool that a block calls."""
    return BY_NAME["write" if block.name == "file" else block.name]


def arguments_of(block: Block) -> Iterator[dict[str, Any]]:
    """The arguments of each call that a block makes. Raises Malformed."""
    tool = tool_of(block)
    if block.body is None:
        alone = ", alone on its line" if block.name in ("file", "edit") else ""
        raise Malformed(
            f"the block {block.head} has no end: close it with </{block.name}>{alone}; where your "
            "message was cut off, write less at once"
        )
    unknown = block.attributes.keys() - tool.attributes.keys()
    if unknown:
        known = ", ".join(tool.attributes) or "none"
        raise Malformed(f"{block.head}: unknown attribute {min(unknown)!r}; there is: {known}")
    said = {tool.attributes[name]: value for name, value in block.attributes.items()}
    for read in _BODIES[tool.name](block.body) if tool.body else ({},):
        yield {**said, **read}


def _whole(name: str) -> Callable[[str], Iterator[Mapping[str, Any]]]:
    def read(body: str) -> Iterator[Mapping[str, Any]]:
        yield {name: body}

    return read


def _changes(body: str) -> Iterator[Mapping[str, Any]]:
    found = list(_CHANGE.finditer(body))
    if not found:
        raise Malformed(
            "an edit holds blocks of `<<<<<<< SEARCH`, the lines to search for, `=======`, the "
            "lines in their place, `>>>>>>> REPLACE`, each mark alone on its line"
        )
    for one in found:
        yield {"search": one["search"], "replacement": one["replacement"]}


def _outcomes(body: str) -> Iterator[Mapping[str, Any]]:
    found = [match for line in body.splitlines() if (match := _OUTCOME.match(line))]
    if not found:
        raise Malformed("a plan holds lines such as `[x] done`, `[>] doing` and `[ ] open`")
    outcomes = [{"outcome": one["outcome"], "state": _STATES[one["mark"]]} for one in found]
    yield {"outcomes": outcomes}


def _visits(body: str) -> Iterator[Mapping[str, Any]]:
    requests: list[dict[str, Any]] = []
    pages: list[str] = []
    for line in filter(str.strip, body.splitlines()):
        found = _VISIT.match(line)
        if found is None:
            raise Malformed(
                f"{line.strip()!r} is no visit: write `GET /path`, `POST /path {{json}}` or "
                "`PAGE /path`, one a line"
            )
        if found["method"] == _PAGE:
            pages.append(found["path"])
        else:
            requests.append(
                {"method": found["method"], "path": found["path"], "body": _json(found["body"])}
            )
    yield {"requests": requests, "pages": pages}


def _json(words: str) -> object:
    if not words.strip():
        return None
    try:
        return json.loads(words)
    except ValueError as error:
        raise Malformed(f"the body {words[:80]!r} is no JSON: {error}") from None


_BODIES: Mapping[str, Callable[[str], Iterator[Mapping[str, Any]]]] = {
    "run": _whole("command"),
    "search": _whole("pattern"),
    "edit": _changes,
    "write": _whole("content"),
    "apply_patch": _whole("patch"),
    "plan": _outcomes,
    "start": _visits,
    "finish": _whole("summary"),
}
