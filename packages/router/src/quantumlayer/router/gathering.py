"""A reply put together from its pieces, whole or broken off."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.messages import Part, ReasoningPart, TextPart, ToolCallPart

_Known = TypeVar("_Known")


@dataclass(slots=True)
class _Thought:
    pieces: list[str] = field(default_factory=list)
    signature: str | None = None


@dataclass(slots=True)
class _Call:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    signature: str | None = None


@dataclass(slots=True)
class Gathered:
    """What was received so far; `finished` stays None when the reply broke off."""

    usage: TokenUsage = field(default_factory=TokenUsage)
    finished: Finished | None = None
    model: str | None = None
    id: str | None = None
    _text: list[str] = field(default_factory=list)
    _refusal: list[str] = field(default_factory=list)
    _reasoning: list[ReasoningPart | _Thought] = field(default_factory=list)
    _calls: dict[int, _Call] = field(default_factory=dict)

    def add_all(self, deltas: Iterable[Delta]) -> None:
        """Takes the next pieces in."""
        for delta in deltas:
            self.add(delta)

    def add(self, delta: Delta) -> None:
        """Takes the next piece in."""
        match delta:
            case TextDelta(text=text):
                self._text.append(text)
            case ReasoningDelta():
                self._think(delta)
            case RefusalDelta(text=text):
                self._refusal.append(text)
            case ToolCallDelta():
                self._call(delta)
            case UsageDelta(usage=usage):
                self.usage = merged(self.usage, usage)
            case Named(model=model, id=id_):
                self.model, self.id = model or self.model, id_ or self.id
            case Finished():
                self.finished = delta
            case Alive():
                pass

    @property
    def text(self) -> str:
        """The answer's words."""
        return "".join(self._text)

    @property
    def refusal(self) -> str:
        """The words of a refusal."""
        return "".join(self._refusal)

    @property
    def reasoning(self) -> tuple[ReasoningPart, ...]:
        """The thoughts, in their order."""
        return tuple(
            thought
            if isinstance(thought, ReasoningPart)
            else ReasoningPart(text="".join(thought.pieces), signature=thought.signature)
            for thought in self._reasoning
        )

    @property
    def tool_calls(self) -> tuple[ToolCallPart, ...]:
        """The calls as far as they were received; of a reply that broke off the last is cut."""
        return tuple(
            ToolCallPart(
                id=call.id or f"call_{index}",
                name=call.name,
                arguments="".join(call.arguments),
                signature=call.signature,
            )
            for index, call in sorted(self._calls.items())
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The assistant's message, to be sent back as it came: thoughts, words, calls."""
        words = (TextPart(text=self.text),) if self._text else ()
        return (*self.reasoning, *words, *self.tool_calls)

    @property
    def characters(self) -> int:
        """How much was received, thoughts and arguments included."""
        calls = sum(len(piece) for call in self._calls.values() for piece in call.arguments)
        thoughts = sum(len(thought.text) for thought in self.reasoning)
        return sum(map(len, self._text)) + sum(map(len, self._refusal)) + calls + thoughts

    def _think(self, delta: ReasoningDelta) -> None:
        if delta.sealed is not None:
            self._reasoning.append(ReasoningPart(sealed=delta.sealed))
            return
        last = self._reasoning[-1] if self._reasoning else None
        if not isinstance(last, _Thought) or last.signature is not None:
            last = _Thought()
            self._reasoning.append(last)
        last.pieces.append(delta.text)
        last.signature = delta.signature

    def _call(self, delta: ToolCallDelta) -> None:
        call = self._calls.setdefault(delta.index, _Call())
        call.id = delta.id or call.id
        call.name = delta.name or call.name
        call.signature = delta.signature or call.signature
        call.arguments.append(delta.arguments)


def merged(earlier: TokenUsage, later: TokenUsage) -> TokenUsage:
    """`earlier` with what `later` knows; counts come in pieces on some wires."""
    # Field by field, as `replace` takes many times as long and every call comes through.
    return TokenUsage(
        _later(earlier.input_tokens, later.input_tokens),
        _later(earlier.output_tokens, later.output_tokens),
        _later(earlier.cached_tokens, later.cached_tokens),
        _later(earlier.cache_written_tokens, later.cache_written_tokens),
        _later(earlier.reasoning_tokens, later.reasoning_tokens),
        _later(earlier.cost_usd, later.cost_usd),
    )


def _later(earlier: _Known | None, later: _Known | None) -> _Known | None:
    return earlier if later is None else later
