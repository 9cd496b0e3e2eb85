"""The built-in model behind the provider's door: no key, no network, the same answer each time."""

import asyncio
import logging

from pydantic import BaseModel, ConfigDict

from quantumlayer.agents.answers import AnalystAnswer, FileAnswer, RepairAnswer
from quantumlayer.builtin.language import NotUnderstood, read_description
from quantumlayer.builtin.writing import (
    UnsupportedApplication,
    ensure_writable,
    plan,
    write,
)
from quantumlayer.qlayer.requirements import Language, Requirements
from quantumlayer.router import BadRequest, ProviderReply, ProviderRequest

BUILTIN_MODEL = "builtin"
_LONGEST_REFUSAL = 2000
_NOT_UNDERSTOOD = (
    "The built-in model builds HTTP services that it understands wholly. Not understood:"
)
_WHAT_TO_DO = (
    "Say these otherwise or leave them out (docs/built-in-language.md tells what can be said),"
    " or set QL_MODEL to a language model, which builds anything else."
)
_logger = logging.getLogger(__name__)


class _AnalystInput(BaseModel):
    model_config = ConfigDict(extra="ignore")
    prompt: str
    language: Language | None = None
    accept_partial: bool = False


class _WriterInput(BaseModel):
    model_config = ConfigDict(extra="ignore")
    requirements: Requirements
    path: str = ""


class BuiltInModel:
    """An engine of rules and templates that answers the same tasks as a language model."""

    name = BUILTIN_MODEL

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """The answer to `request.task`, read from `request.input`; costs nothing."""
        answer = await asyncio.to_thread(_answer, request)
        return ProviderReply(
            text=answer.model_dump_json(),
            finish_reason="stop",
            input_tokens=0,
            output_tokens=0,
            model=BUILTIN_MODEL,
        )


def _answer(request: ProviderRequest) -> BaseModel:
    match request.task:
        case "analyse":
            return _analyse(_AnalystInput.model_validate(request.input))
        case "design":
            return plan(_WriterInput.model_validate(request.input).requirements)
        case "write" | "test":
            return _written(_WriterInput.model_validate(request.input))
        case "repair":
            return RepairAnswer(
                explanation="The built-in model writes by rules and cannot repair what they wrote."
            )
        case task:
            raise BadRequest(f"the built-in model does not know the task {task!r}")


def _written(asked: _WriterInput) -> FileAnswer:
    try:
        return FileAnswer(content=write(asked.requirements, asked.path))
    except Exception as fault:
        # Rules that fail once fail always: said at once, instead of tried again for a minute.
        _logger.exception("%s cannot be written", asked.path)
        raise BadRequest(
            f"the built-in model has no way to write {asked.path} for these rules"
            f" ({type(fault).__name__}); leave out the least usual of them, or set QL_MODEL to a"
            " language model"
        ) from fault


def _analyse(asked: _AnalystInput) -> AnalystAnswer:
    try:
        requirements = read_description(asked.prompt, asked.language)
    except NotUnderstood as refusal:
        if not asked.accept_partial or refusal.partial is None:
            return AnalystAnswer(refusal=_refused(refusal))
        requirements = refusal.partial
    try:
        ensure_writable(requirements)
    except UnsupportedApplication as refusal:
        return AnalystAnswer(refusal=str(refusal)[:_LONGEST_REFUSAL])
    return AnalystAnswer(requirements=requirements)


def _refused(refusal: NotUnderstood) -> str:
    """What was not understood, part by part, and what can be done."""
    told = "\n".join(f"- {problem}" for problem in refusal.problems)
    room = _LONGEST_REFUSAL - len(_NOT_UNDERSTOOD) - len(_WHAT_TO_DO) - 2
    if len(told) > room:
        told = told[: told.rfind("\n", 0, room - 2)] + "\n…"
    return f"{_NOT_UNDERSTOOD}\n{told}\n{_WHAT_TO_DO}"


def warm_up() -> None:
    """Loads what the first run would otherwise wait for: readers, writers, compiled templates."""
    requirements = read_description(
        "Books have a title. Members have a name. Loans of a book to a member."
    )
    for file in plan(requirements).files:
        write(requirements, file.path)
