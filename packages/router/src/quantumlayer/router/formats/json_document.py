"""Answers that are one JSON document: how they are read, and asked for again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from quantumlayer.router.asking import refused
from quantumlayer.router.formats.json_answer import (
    Document,
    NotJsonError,
    documents,
    is_strict_json,
    read_document,
    read_json,
    without_thoughts,
)
from quantumlayer.router.formats.protocol import AnswerProblemError
from quantumlayer.router.formats.titles import untitled
from quantumlayer.router.messages import Message
from quantumlayer.router.stitching import stitch
from quantumlayer.router.thoughts import without_leading_thought

AnswerT = TypeVar("AnswerT", bound=BaseModel)
_PROBLEMS_SHOWN = 20
_VALUE_SHOWN = 80
# Under which keys the arguments of a call stand, as models write calls out.
_CALLED = ("arguments", "parameters", "input")


@dataclass(frozen=True, slots=True)
class JsonDocument(Generic[AnswerT]):
    """One JSON document that fits a type; prose, fences and thoughts around it are passed over."""

    output: type[AnswerT]

    @property
    def name(self) -> str:
        """The schema's text."""
        return _schema_of(self.output)[1]

    @property
    def schema(self) -> dict[str, JsonValue]:
        """The type's JSON schema, which must not be changed."""
        return _schema_of(self.output)[0]

    def said(self, text: str) -> str:
        """`text` without the model's thoughts."""
        return without_thoughts(text, self._keys)

    def is_begun(self, text: str) -> bool:
        """Whether a document begins in `text`."""
        return self.is_cut_off(text) or self.is_complete(text)

    def is_complete(self, text: str) -> bool:
        """Whether `text` holds a whole JSON document, valid or not."""
        try:
            documents(text, self._keys)
        except NotJsonError:
            return False
        return True

    def is_cut_off(self, text: str) -> bool:
        """Whether a document begins in `text` and does not end."""
        try:
            documents(text, self._keys)
        except NotJsonError as error:
            return error.cut_off
        return False

    def read(self, text: str) -> AnswerT:
        """The validated answer in `text`: what stands last and fits; raises `AnswerProblemError`.

        A later document with a key of the answer is an attempt at it: when that does not fit, an
        earlier one that does is a draft, and the model is asked again.
        """
        try:
            found = documents(text, self._keys)
        except NotJsonError as error:
            raise AnswerProblemError(str(error)) from None
        problems = []
        for document in reversed(found):
            try:
                return _fitting(document, self._keys, self.output)
            except _NoAttemptError as error:
                problems.append(str(error))
        raise AnswerProblemError(problems[0])

    def asked_again(
        self, messages: tuple[Message, ...], answer: str, problem: str
    ) -> tuple[Message, ...]:
        """The conversation that asks for the whole document again."""
        request = (
            f"That answer cannot be used. {problem}\n\n"
            "Answer again with the whole corrected JSON document and nothing else."
        )
        return refused(messages, answer, request)

    def together(self, earlier: str, later: str) -> str:  # noqa: ARG002 - one document replaces another
        """The later one."""
        return later

    def stitch(self, partial: str, continuation: str) -> str:
        """The document that a part and its continuation make, or the one that begins anew."""
        if self._is_whole(continuation):
            return continuation
        return stitch(partial, without_leading_thought(continuation))

    def _is_whole(self, text: str) -> bool:
        """Whether `text` is nothing but a valid answer."""
        if not is_strict_json(text):
            return False
        try:
            self.read(text)
        except AnswerProblemError:
            return False
        return True

    @property
    def _keys(self) -> frozenset[str]:
        properties = self.schema.get("properties")
        return frozenset(properties) if isinstance(properties, dict) else frozenset()


@lru_cache(maxsize=256)
def _schema_of(output: type[BaseModel]) -> tuple[dict[str, JsonValue], str]:
    """The JSON schema of an answer's type, and its text; neither may be changed."""
    schema = untitled(output.model_json_schema())
    return schema, json.dumps(schema, sort_keys=True, separators=(",", ":"))


class _NoAttemptError(ValueError):
    """A document that is something else than an answer; says why it is none."""


def _fitting(document: Document, keys: frozenset[str], output: type[AnswerT]) -> AnswerT:
    """The answer that `document` is or holds."""
    try:
        value = read_document(document)
    except NotJsonError as error:
        begins_like_one = any(f'"{key}"' in document.text[:_VALUE_SHOWN] for key in keys)
        kind = AnswerProblemError if begins_like_one or document.alone else _NoAttemptError
        raise kind(str(error)) from None
    problem = ""
    for each in _unwrapped(value):
        shares_a_key = isinstance(each, dict) and not keys.isdisjoint(each)
        if not (shares_a_key or document.alone):
            continue
        try:
            return output.model_validate_json(json.dumps(each))
        except ValidationError as error:
            # The last one is innermost; the first is what the model will recognise.
            problem = problem or _said(error)
    if problem:
        raise AnswerProblemError(problem)
    raise _NoAttemptError(f"It has none of the keys wanted: {', '.join(sorted(keys))}.")


def _unwrapped(value: JsonValue) -> Iterator[JsonValue]:
    """`value`, and what stands in it where it is only a wrapping: a string, a list, a call."""
    yield value
    inner: JsonValue = None
    if isinstance(value, str):
        try:
            inner = read_json(value)
        except NotJsonError:
            return
    elif isinstance(value, list) and len(value) == 1:
        inner = value[0]
    elif isinstance(value, dict):
        called = [value[name] for name in _CALLED if name in value]
        inner = called[0] if called else next(iter(value.values())) if len(value) == 1 else None
    if isinstance(inner, dict | list) or (isinstance(inner, str) and inner.lstrip()[:1] in "{["):
        yield from _unwrapped(inner)


def _said(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False)
    lines = [
        f"- {_place(problem['loc'])}: {problem['msg']} (got {_shown(problem['input'])})"
        for problem in problems[:_PROBLEMS_SHOWN]
    ]
    if len(problems) > _PROBLEMS_SHOWN:
        lines.append(f"- and {len(problems) - _PROBLEMS_SHOWN} more")
    return "\n".join(["It does not fit the schema:", *lines])


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the document"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _VALUE_SHOWN else f"{text[:_VALUE_SHOWN]}…"
