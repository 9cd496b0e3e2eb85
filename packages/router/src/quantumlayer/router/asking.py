"""What is said to a model when its answer was wrong or was cut off, and how answers are read."""

import json
from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from quantumlayer.router.json_answer import NotJsonError, read_json
from quantumlayer.router.nouns import Message

AnswerT = TypeVar("AnswerT", bound=BaseModel)
_PROBLEMS_SHOWN = 20
_VALUE_SHOWN = 80


class AnswerProblemError(ValueError):
    """Why a text is not the answer wanted, said so that a model can mend it."""


@lru_cache(maxsize=256)
def schema_of(output: type[BaseModel]) -> tuple[dict[str, JsonValue], str]:
    """The JSON schema of an answer's type, and its text; neither may be changed."""
    schema: dict[str, JsonValue] = output.model_json_schema()
    return schema, json.dumps(schema, sort_keys=True, separators=(",", ":"))


def read_answer(text: str, output: type[AnswerT]) -> AnswerT:
    """The validated answer in `text`; raises `AnswerProblemError`."""
    try:
        value = read_json(text)
    except NotJsonError as error:
        raise AnswerProblemError(str(error)) from None
    try:
        return output.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise AnswerProblemError(_said(error)) from None


def is_complete(text: str) -> bool:
    """Whether `text` holds a whole JSON document, valid or not."""
    try:
        read_json(text)
    except NotJsonError:
        return False
    return True


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
        "Your answer was cut off by the output limit. Continue it at the very next character. "
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
