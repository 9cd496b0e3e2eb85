"""A reply's pieces as blocks, one after the other, for formats that open and close each.

Providers may mix the pieces of several calls. Such formats cannot: what comes while a call is half
said waits until the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import orjson

from quantumlayer.router.deltas import (
    Delta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.messages import ToolCallPart

Kind = Literal["text", "refusal", "thought", "sealed", "call"]


@dataclass(slots=True)
class Block:
    """One block; of a sealed thought `signature` is all there is."""

    index: int
    kind: Kind
    id: str = ""
    name: str = ""
    signature: str | None = None
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says so far: words, a thought, a call's arguments."""
        return "".join(self.pieces)

    @property
    def half_said(self) -> bool:
        """Whether it is a call whose arguments are no whole document yet."""
        if self.kind != "call":
            return False
        try:
            orjson.loads(self.text)
        except orjson.JSONDecodeError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Begun:
    """A block begins."""

    block: Block


@dataclass(frozen=True, slots=True)
class More:
    """More of the block that is open."""

    block: Block
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The block is whole."""

    block: Block


Step = Begun | More | Ended


class Blocks:
    """Makes blocks of one reply's pieces."""

    def __init__(self) -> None:
        self.all: list[Block] = []
        self._next = 0
        self._open: Block | None = None
        self._calls: dict[int, Block] = {}
        self._late: list[Delta] = []

    def began(self, index: int, kind: Kind) -> None:
        """Somebody else began the block, which may be gone on with."""
        self._open, self._next = Block(index, kind), index + 1

    def ended(self) -> None:
        """Somebody else ended the block that was open."""
        self._open = None

    def take(self, delta: Delta) -> Iterator[Step]:
        """The steps that the piece means; none for what is no part of a block."""
        if self._must_wait(delta):
            self._late.append(delta)
            return
        match delta:
            case TextDelta(text=text) if text:
                yield from self._more("text", text)
            case RefusalDelta(text=text) if text:
                yield from self._more("refusal", text)
            case ReasoningDelta(sealed=str(sealed)):
                yield from self._begin(Block(self._next, "sealed", signature=sealed))
                yield from self._close()
            case ReasoningDelta():
                yield from self._think(delta)
            case ToolCallDelta():
                yield from self._call(delta)
            case _:
                return

    def end(self) -> Iterator[Step]:
        """What is left when the reply is over: words first, then calls."""
        yield from self._close()
        late, self._late, calls = self._late, [], Gathered()
        for delta in late:
            if not isinstance(delta, ToolCallDelta):
                yield from self.take(delta)
            elif delta.index not in self._calls:
                calls.add(delta)
        for call in calls.tool_calls:
            yield from self._whole(call)
        yield from self._close()

    def _must_wait(self, delta: Delta) -> bool:
        if isinstance(delta, ToolCallDelta):
            known = self._calls.get(delta.index)
            if known is not None:
                return False
            if not delta.name:
                return True
        elif not isinstance(delta, TextDelta | RefusalDelta | ReasoningDelta):
            return False
        return bool(self._late) or (self._open is not None and self._open.half_said)

    def _begin(self, block: Block) -> Iterator[Step]:
        yield from self._close()
        self._open, self._next = block, block.index + 1
        self.all.append(block)
        yield Begun(block)

    def _close(self) -> Iterator[Step]:
        block, self._open = self._open, None
        if block is not None:
            yield Ended(block)

    def _more(self, kind: Kind, text: str) -> Iterator[Step]:
        if self._open is None or self._open.kind != kind:
            yield from self._begin(Block(self._next, kind))
        if text and self._open is not None:
            self._open.pieces.append(text)
            yield More(self._open, text)

    def _think(self, delta: ReasoningDelta) -> Iterator[Step]:
        if not (delta.text or delta.signature):
            return
        yield from self._more("thought", delta.text)
        if delta.signature and self._open is not None:
            self._open.signature = delta.signature
            yield from self._close()

    def _call(self, delta: ToolCallDelta) -> Iterator[Step]:
        block = self._calls.get(delta.index)
        if block is None:
            id_ = delta.id or f"call_{delta.index}"
            block = Block(self._next, "call", id_, delta.name or "")
            self._calls[delta.index] = block
            yield from self._begin(block)
        if delta.arguments and block is self._open:
            block.pieces.append(delta.arguments)
            yield More(block, delta.arguments)

    def _whole(self, call: ToolCallPart) -> Iterator[Step]:
        block = Block(self._next, "call", call.id, call.name)
        yield from self._begin(block)
        if call.arguments:
            block.pieces.append(call.arguments)
            yield More(block, call.arguments)
