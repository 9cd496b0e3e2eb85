"""Reads JSON as models write it: in fences, amid prose, with trailing commas; never guesses.

The one rule: what is returned is what the model wrote. Punctuation is forgiven, content is not
touched. An answer that stops in the middle is refused however well it could be closed, because a
closed half of a file looks exactly like a file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, cast

import json_repair
from pydantic import JsonValue

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
# What may follow an opening bracket in JSON, or in what people write instead of it.
_START = re.compile(r"\{\s*(?:[\"'}]|\w+\s*:|//|/\*)|\[\s*(?:[\[{\"'\]]|-?\d|true|false|null)")
_CLOSER = {"{": "}", "[": "]"}
_REPAIR_LIMIT = 200_000
_EXCERPT = 40


class NotJsonError(ValueError):
    """The text holds no complete JSON; the message says what and where, for the model to read.

    `cut_off` tells that JSON began and did not end.
    """

    def __init__(self, problem: str, *, cut_off: bool = False) -> None:
        super().__init__(problem)
        self.cut_off = cut_off


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int | None  # None: the text ends before the bracket is closed


def read_json(text: str) -> JsonValue:
    """The JSON document in `text`; raises `NotJsonError`.

    Of several complete documents amid prose the longest is taken.
    """
    body = _THOUGHTS.sub("", text, count=1).strip("\ufeff \t\r\n")
    if not body:
        raise NotJsonError("the answer is empty")
    try:
        return _strict(body)
    except NotJsonError:
        return _amid_prose(body)


def _amid_prose(body: str) -> JsonValue:
    spans = list(_spans(body))
    if not spans:
        raise NotJsonError("the answer holds no JSON object")
    if spans[-1].end is None:
        tail = body[-_EXCERPT:]
        raise NotJsonError(f"the JSON stops before its end, after {tail!r}", cut_off=True)
    longest = max(spans, key=lambda span: (span.end or 0) - span.start)
    after = body[longest.end :].lstrip()
    if after[:1] in set('",:}]'):
        # A quote that was not escaped ended the document too early in our eyes.
        raise NotJsonError(f"the JSON goes on after its last bracket: {after[:_EXCERPT]!r}")
    return _forgiving(body[longest.start : longest.end])


def _spans(body: str) -> Iterator[_Span]:
    """The outermost bracketed passages, in order; nothing follows one that is not closed."""
    position = 0
    while found := _START.search(body, position):
        end = _closing(body, found.start())
        yield _Span(found.start(), end)
        if end is None:
            return
        position = end


def _closing(body: str, start: int) -> int | None:
    """The index after the bracket that closes the one at `start`."""
    open_brackets: list[str] = []
    in_string = escaped = False
    for index in range(start, len(body)):
        character = body[index]
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in _CLOSER:
            open_brackets.append(_CLOSER[character])
        elif open_brackets and character == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return index + 1
    return None


def _forgiving(span: str) -> JsonValue:
    try:
        return _strict(span)
    except NotJsonError as error:
        first = error
    try:
        return _strict(_without_trailing_commas(span))
    except NotJsonError:
        return _repaired(span, first)


def _strict(text: str) -> JsonValue:
    try:
        # Line breaks inside strings are content that was not escaped, so they are let through.
        value: JsonValue = json.loads(text, strict=False, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        near = text[max(0, error.pos - _EXCERPT) : error.pos + _EXCERPT]
        where = f"line {error.lineno}, column {error.colno}"
        raise NotJsonError(f"not JSON: {error.msg} at {where}, near {near!r}") from None
    except RecursionError:
        raise NotJsonError("not JSON that can be read: nested too deeply") from None
    except ValueError as error:
        raise NotJsonError(f"not JSON: {error}") from None
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _without_trailing_commas(span: str) -> str:
    """Drops commas before a closing bracket, except inside strings."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', span, flags=re.DOTALL)
    # The split alternates: text between strings at even places, strings at odd ones.
    joined = [
        piece if place % 2 else re.sub(r",(\s*[}\]])", r"\1", piece)
        for place, piece in enumerate(pieces)
    ]
    return "".join(joined)


def _repaired(span: str, problem: NotJsonError) -> JsonValue:
    """Lets json-repair mend punctuation, and takes its result only if no content changed."""
    if len(span) > _REPAIR_LIMIT:
        raise problem
    try:
        value = cast("JsonValue", json_repair.loads(span, skip_json_loads=True))
    except (ValueError, RecursionError):
        raise problem from None
    if not _conserved(span, value):
        raise problem
    return value


def _conserved(span: str, value: JsonValue) -> bool:
    """Whether `value` says all that `span` says, letter by letter, and every string is in it.

    Keys may have been without quotes; a value without them could be anything.
    """
    if _letters(span) != _letters(json.dumps(value, ensure_ascii=False)):
        return False
    return all(
        _is_quoted(string, span) or (is_key and re.fullmatch(r"\w+", string))
        for string, is_key in _strings(value)
    )


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum()).lower()


def _strings(value: JsonValue) -> Iterator[tuple[str, bool]]:
    """Every string in `value`, and whether it is a key."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key, True
            yield from _strings(item)


def _is_quoted(string: str, span: str) -> bool:
    forms = {
        string,
        json.dumps(string, ensure_ascii=False)[1:-1],
        json.dumps(string)[1:-1],
    }
    return any(f"{quote}{form}{quote}" in span for form in forms for quote in "\"'")
