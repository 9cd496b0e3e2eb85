"""Reads JSON as models write it: in fences, amid prose, with trailing commas; never guesses.

Of several documents the one that stands last is the answer: what came before it was a draft.

The one rule: what is returned is what the model wrote. Punctuation is forgiven, content is not
touched. An answer that stops in the middle is refused however well it could be closed, because a
closed half of a file looks exactly like a file.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn, cast

import json_repair
from pydantic import JsonValue

from quantumlayer.router.thoughts import spoken

# What may follow an opening bracket in JSON, or in what people write instead of it.
_START = re.compile(r"\{\s*(?:[\"'}]|\w+\s*:|//|/\*)|\[\s*(?:[\[{\"'\]]|-?\d|true|false|null)")
_KEY = re.compile(r"""\{\s*["']?(\w+)["']?\s*:""")
_FENCE = re.compile(r"\A\s*```[\w-]*[ \t]*\r?\n")
_FENCE_END = re.compile(r"\s*```\s*\Z")
_CLOSER = {"{": "}", "[": "]"}
_REPAIR_LIMIT = 200_000
_EXCERPT = 40
# Each bracket without an end is looked for to the end of the text.
_OPEN_ENDED_AT_MOST = 50


class NotJsonError(ValueError):
    """The text holds no complete JSON; the message says what and where, for the model to read.

    `cut_off` tells that JSON began and did not end.
    """

    def __init__(self, problem: str, *, cut_off: bool = False) -> None:
        super().__init__(problem)
        self.cut_off = cut_off


@dataclass(frozen=True, slots=True)
class Document:
    """A passage that is a document by its brackets.

    `alone`: it is all that was said. `after` is what follows where that looks like more of it.
    """

    text: str
    alone: bool = False
    after: str = ""


def read_json(text: str) -> JsonValue:
    """The last JSON document in `text`; raises `NotJsonError`."""
    return read_document(documents(text)[-1])


def documents(text: str, keys: Collection[str] = ()) -> list[Document]:
    """The documents in `text`, in their order; raises `NotJsonError` when there is none.

    `keys` are those of the object that is wanted (none: any). One of them right behind a bracket
    tells an answer that was cut off from a bracket in prose.
    """
    body = without_thoughts(text, keys)
    if not body:
        raise NotJsonError("the answer is empty")
    if _is_strict(body):
        return [Document(body, alone=True)]
    spans = _spans(body, keys)
    if not spans:
        raise NotJsonError("the answer holds no JSON object")
    if spans[-1].end is None:
        tail = body[-_EXCERPT:]
        raise NotJsonError(f"the JSON stops before its end, after {tail!r}", cut_off=True)
    return [
        Document(body[span.start : span.end], after=_more_of_it(body, span.end)) for span in spans
    ]


def _more_of_it(body: str, end: int | None) -> str:
    after = body[end:].lstrip()
    return after[:_EXCERPT] if after[:1] in set('",:}]') else ""


def without_thoughts(text: str, keys: Collection[str] = ()) -> str:
    """`text` without what the model only thought; a mark inside a document is none."""
    body = text.strip("\ufeff \t\r\n")
    if _is_strict(body):
        return body
    spans = [
        (span.start, span.end or len(body))
        for span in _spans(body, keys)
        # What is not closed is a document only where nothing comes before it: else it is a draft.
        if span.end is not None or not _FENCE.sub("", body[: span.start], count=1).strip()
    ]
    return spoken(body, spans).strip("\ufeff \t\r\n")


def read_document(document: Document) -> JsonValue:
    """What `document` says, its punctuation forgiven; raises `NotJsonError`."""
    if document.after:
        # A quote that was not escaped ended the document too early in our eyes.
        raise NotJsonError(f"the JSON goes on after its last bracket: {document.after!r}")
    return _forgiving(document.text)


def is_strict_json(text: str) -> bool:
    """Whether `text` is one JSON document and nothing else, but perhaps for a fence around it."""
    return _is_strict(_FENCE_END.sub("", _FENCE.sub("", text, count=1)).strip())


def _is_strict(body: str) -> bool:
    try:
        _strict(body)
    except NotJsonError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int | None  # None: the text ends before the bracket is closed


def _spans(body: str, keys: Collection[str]) -> list[_Span]:
    """The outermost bracketed passages, in order; at most the last one is not closed."""
    spans: list[_Span] = []
    position = open_ended = 0
    while open_ended < _OPEN_ENDED_AT_MOST and (found := _START.search(body, position)):
        start, end = found.start(), _closing(body, found.start())
        position = start + 1 if end is None else end
        open_ended += end is None
        if end is not None:
            spans.append(_Span(start, end))
        elif not keys or _begins(body, start, keys):
            last = _last_begun(body, position, keys)
            spans.append(last or _Span(start, None))
            break
    return spans


def _begins(body: str, start: int, keys: Collection[str]) -> bool:
    """Whether the bracket at `start` opens an object with one of `keys`."""
    found = _KEY.match(body, start)
    return found is not None and found[1] in keys


def _last_begun(body: str, position: int, keys: Collection[str]) -> _Span | None:
    """The whole document that ends `body` after one that was given up in its middle."""
    starts = (found.start() for found in _START.finditer(body, position))
    begun = (start for start in starts if keys and _begins(body, start, keys))
    for start in islice(begun, _OPEN_ENDED_AT_MOST):
        if is_strict_json(body[start:]):
            return _Span(start, start + len(body[start:].rstrip("` \n\r\t")))
    return None


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
