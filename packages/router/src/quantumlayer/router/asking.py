"""What is said to a model when its answer was wrong or was cut off, and how answers are read."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from quantumlayer.router.json_answer import (
    Document,
    NotJsonError,
    documents,
    is_strict_json,
    read_document,
    read_json,
    without_thoughts,
)
from quantumlayer.router.messages import Message

AnswerT = TypeVar("AnswerT", bound=BaseModel)
_PROBLEMS_SHOWN = 20
_VALUE_SHOWN = 80
# Under which keys the arguments of a call stand, as models write calls out.
_CALLED = ("arguments", "parameters", "input")


class AnswerProblemError(ValueError):
    """Why a text is not the answer wanted, said so that a model can mend it."""


@lru_cache(maxsize=256)
def schema_of(output: type[BaseModel]) -> tuple[dict[str, JsonValue], str]:
    """The JSON schema of an answer's type, and its text; neither may be changed."""
    schema: dict[str, JsonValue] = output.model_json_schema()
    return schema, json.dumps(schema, sort_keys=True, separators=(",", ":"))


def read_answer(text: str, output: type[AnswerT]) -> AnswerT:
    """The validated answer in `text`: what stands last and fits; raises `AnswerProblemError`.

    A later document with a key of the answer is an attempt at it: when that does not fit, an
    earlier one that does is a draft, and the model is asked again.
    """
    keys = _keys(output)
    try:
        found = documents(text, keys)
    except NotJsonError as error:
        raise AnswerProblemError(str(error)) from None
    problems = []
    for document in reversed(found):
        try:
            return _fitting(document, keys, output)
        except _NoAttemptError as error:
            problems.append(str(error))
    raise AnswerProblemError(problems[0])


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


def is_complete(text: str, output: type[BaseModel]) -> bool:
    """Whether `text` holds a whole JSON document, valid or not."""
    try:
        documents(text, _keys(output))
    except NotJsonError:
        return False
    return True


def is_cut_off(text: str, output: type[BaseModel]) -> bool:
    """Whether an answer begins in `text` and does not end."""
    try:
        documents(text, _keys(output))
    except NotJsonError as error:
        return error.cut_off
    return False


def is_whole(text: str, output: type[BaseModel]) -> bool:
    """Whether `text` is nothing but a valid answer."""
    if not is_strict_json(text):
        return False
    try:
        read_answer(text, output)
    except AnswerProblemError:
        return False
    return True


def said(text: str, output: type[BaseModel]) -> str:
    """`text` without the model's thoughts."""
    return without_thoughts(text, _keys(output))


def _keys(output: type[BaseModel]) -> frozenset[str]:
    properties = schema_of(output)[0].get("properties")
    return frozenset(properties) if isinstance(properties, dict) else frozenset()


def asked_again(messages: tuple[Message, ...], answer: str, problem: str) -> tuple[Message, ...]:
    """The conversation that shows the model its latest answer and what is wrong with it.

    Only the latest: a history of failures costs tokens and teaches the model to fail.
    """
    request = (
        f"That answer cannot be used. {problem}\n\n"
        "Answer again with the whole corrected JSON document and nothing else."
    )
    said = (Message(role="assistant", content=answer),) if answer.strip() else ()
    return (*messages, *said, Message(role="user", content=request))


def continued(messages: tuple[Message, ...], partial: str) -> tuple[Message, ...]:
    """The conversation that asks for the rest of an answer that was cut off."""
    request = (
        "Your answer was cut off. Continue it at the very next character. "
        "Repeat nothing, explain nothing, open no code fence."
    )
    return (
        *messages,
        Message(role="assistant", content=partial),
        Message(role="user", content=request),
    )


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
