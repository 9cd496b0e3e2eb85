"""The built-in model behind the provider's door: no key, no network, the same answer each time."""

import asyncio
import logging
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.builtin.language import NotUnderstood, Problem, read_description
from quantumlayer.builtin.locks import development_locks, runtime_locks
from quantumlayer.builtin.refusing import answered
from quantumlayer.builtin.writing import (
    UnsupportedApplication,
    ensure_writable,
    plan,
    write,
    write_all,
)
from quantumlayer.core.runs import prompt_problem
from quantumlayer.qlayer.requirements import Language, Requirements, Unclear
from quantumlayer.router import (
    BadRequest,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
    written,
)

BUILTIN_MODEL = "builtin"
_logger = logging.getLogger(__name__)


class _AnalystInput(BaseModel):
    model_config = ConfigDict(extra="ignore")
    prompt: str
    language: Language | None = None
    accept_partial: bool = False


class _WriterInput(BaseModel):
    model_config = ConfigDict(extra="ignore")
    requirements: Requirements
    paths: tuple[str, ...] = ()


class BuiltInModel:
    """An engine of rules and templates that answers the same tasks as a language model."""

    name = BUILTIN_MODEL
    # Its packages are chosen and locked, and rules that failed once fail in the same way again.
    traits = ProviderTraits(
        metered=False,
        chooses_packages=False,
        repairs=False,
        guesses=False,
        takes_stacks=False,
        canonical=True,
        revises=False,
    )

    def warm_up(self) -> None:
        """Loads what the first run would otherwise wait for: readers, writers, templates."""
        requirements = read_description(
            "Books have a title. Members have a name. Loans have a book and a member."
        )
        write_all(requirements, (file.path for file in plan(requirements).files))

    def locks(self) -> tuple[str, ...]:
        """The development locks of what it writes."""
        return development_locks()

    def runtime_locks(self) -> tuple[str, ...]:
        """The runtime locks of what it delivers."""
        return runtime_locks()

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """The answer to `request.task`, read from `request.input`; costs nothing."""
        answer = await asyncio.to_thread(_answer, request)
        return ProviderReply(
            text=answer if isinstance(answer, str) else answer.model_dump_json(),
            finish_reason="stop",
            input_tokens=0,
            output_tokens=0,
            model=BUILTIN_MODEL,
        )


def _answer(request: ProviderRequest) -> BaseModel | str:
    match request.task:
        case "gateway":
            return _analyse(_AnalystInput(prompt=_described(request)))
        case "analyse":
            return _analyse(_AnalystInput.model_validate(request.input))
        case "design":
            return plan(_WriterInput.model_validate(request.input).requirements)
        case "write" | "test":
            return _written(_WriterInput.model_validate(request.input))
        case task:
            raise BadRequest(f"the built-in model does not know the task {task!r}")


def _described(request: ProviderRequest) -> str:
    """What a client of the gateway says, who has no task: its last message is the description."""
    text = "".join(message.text for message in request.messages[-1:])
    if problem := prompt_problem(text):
        raise BadRequest(problem)
    return text


def _written(asked: _WriterInput) -> str:
    """The files as their tagged text."""
    return written(_contents(asked.requirements, asked.paths))


def _contents(requirements: Requirements, paths: Sequence[str]) -> dict[str, str]:
    try:
        return write_all(requirements, paths)
    except Exception:  # noqa: BLE001 - which of them cannot be written, and why, is said below
        return {path: _content(requirements, path) for path in paths}


def _content(requirements: Requirements, path: str) -> str:
    try:
        return write(requirements, path)
    except Exception as fault:
        # Rules that fail once fail always: said at once, instead of tried again for a minute.
        _logger.exception("%s cannot be written", path)
        raise BadRequest(
            f"the built-in model has no way to write {path} for these rules"
            f" ({type(fault).__name__}); leave out the least usual of them, or set QL_MODEL to a"
            " language model"
        ) from fault


def _analyse(asked: _AnalystInput) -> AnalystAnswer:
    try:
        understood: Requirements | None = read_description(asked.prompt, asked.language)
        unclear: tuple[Unclear, ...] = ()
    except NotUnderstood as refusal:
        told = refusal.problems + (refusal.following if asked.accept_partial else ())
        understood, unclear = refusal.partial, tuple(map(_unclear, told))
    if understood is not None:
        try:
            ensure_writable(understood)
        except UnsupportedApplication as reason:
            return AnalystAnswer(refusal=str(reason))
    return answered(understood, unclear, accept_partial=asked.accept_partial)


def _unclear(problem: Problem) -> Unclear:
    instead = f" ({problem.instead})" if problem.instead else ""
    reason = f"line {problem.line}: {problem.reason}{instead}"
    return Unclear(text=problem.words[:2000], reason=reason[:500])
