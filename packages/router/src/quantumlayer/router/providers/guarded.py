"""A provider behind guardrails: it is asked what they let pass, and answers through them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

from quantumlayer.router.deltas import Delta, Finished, RefusalDelta, TextDelta, ToolCallDelta
from quantumlayer.router.errors import GuardrailFailed, GuardrailRefused, RouterError
from quantumlayer.router.guardrails import Exchange, Passage, Pipeline, Refusal
from quantumlayer.router.guardrails.messages import texts_of, with_texts
from quantumlayer.router.providers.protocol import Provider, ProviderRequest, ProviderTraits
from quantumlayer.router.providers.streaming import streamed

Spoken = TextDelta | RefusalDelta | ToolCallDelta


class GuardedProvider:
    """Shows questions to the modules of `pipeline` before `provider`, and its answers after it.

    What they masked stands in the answer again. A reply that is gone on from is shown to them with
    all that came of it, so the same values have the same placeholders.
    """

    def __init__(self, provider: Provider, pipeline: Pipeline, organisation: str = "") -> None:
        self._provider = provider
        self._pipeline = pipeline
        self._organisation = organisation

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def traits(self) -> ProviderTraits:
        return self._provider.traits

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it.

        Raises `GuardrailRefused`, and `GuardrailFailed` where a policy gave no verdict.
        """
        texts = texts_of(request.messages)
        exchange = Exchange(request.model, texts, self._organisation, request.run or "")
        answer = _Answer(self._pipeline, exchange)
        shown = with_texts(request.messages, await answer.shown())
        # The input is for models of this process: what leaves it is the messages alone.
        asked = request.model_copy(update={"messages": shown, "input": {}})
        async with streamed(self._provider, asked) as pieces:
            async for piece in pieces:
                async for given in answer.heard(piece):
                    yield given


@dataclass(slots=True)
class _Answer:
    """An answer on its way through the modules.

    Words, refusals and the arguments of each call are streams of their own, each with a passage,
    because what a module keeps back of one must not come out in another.
    """

    pipeline: Pipeline
    exchange: Exchange
    _passages: dict[tuple[type[Spoken], int], tuple[Passage, Spoken]] = field(default_factory=dict)
    _first: Passage | None = None

    async def shown(self) -> tuple[str, ...]:
        """The texts as the model may see them."""
        self._first, texts = await self._opened()
        return texts

    async def heard(self, piece: Delta) -> AsyncGenerator[Delta, None]:
        """What may go on now that `piece` has come."""
        if isinstance(piece, Spoken):
            passage = await self._passage(piece)
            if passage.hears_answers:
                piece = _with(piece, _allowed(await passage.on_chunk(_said(piece))))
        elif isinstance(piece, Finished):
            for passage, kind in self._passages.values():
                if passage.hears_answers and (rest := _allowed(await passage.after())):
                    yield _rest(kind, rest)
        yield piece

    async def _passage(self, piece: Spoken) -> Passage:
        key = type(piece), piece.index if isinstance(piece, ToolCallDelta) else 0
        if key not in self._passages:
            passage, self._first = self._first, None
            if passage is None:
                passage, _ = await self._opened()
            self._passages[key] = passage, piece
        return self._passages[key][0]

    async def _opened(self) -> tuple[Passage, tuple[str, ...]]:
        passage = self.pipeline.open()
        shown = await passage.before(self.exchange)
        if isinstance(shown, Refusal):
            raise _error(shown)
        return passage, shown.texts


def _said(piece: Spoken) -> str:
    return piece.arguments if isinstance(piece, ToolCallDelta) else piece.text


def _with(piece: Spoken, text: str) -> Spoken:
    if isinstance(piece, ToolCallDelta):
        return replace(piece, arguments=text)
    return replace(piece, text=text)


def _rest(kind: Spoken, text: str) -> Spoken:
    return (
        ToolCallDelta(kind.index, arguments=text)
        if isinstance(kind, ToolCallDelta)
        else _with(kind, text)
    )


def _allowed(given: str | Refusal) -> str:
    if isinstance(given, Refusal):
        raise _error(given)
    return given


def _error(refusal: Refusal) -> RouterError:
    """One sentence for whoever reads why a run ended."""
    module, said = refusal.module, refusal.said
    if refusal.undecided:
        return GuardrailFailed(
            f"the guardrail {module!r} must be asked and gave no verdict, so nothing goes to the"
            " model without it; the worker's log says what went wrong"
        )
    return GuardrailRefused(
        f"the guardrail {module!r}: {_clause(said.what)}; {_clause(said.advice)}"
    )


def _clause(sentence: str) -> str:
    """A sentence as a part of another one."""
    begun = (
        sentence[:1].lower() if sentence[1:2].islower() or sentence[1:2] == " " else sentence[:1]
    )
    return (begun + sentence[1:]).rstrip(".")
