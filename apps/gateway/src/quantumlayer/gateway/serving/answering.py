"""An answer on its way to the client: through the modules, into its format, as it comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from quantumlayer.gateway.dialects import Writer
from quantumlayer.gateway.http import EVENTS, JSON, GatewayError, Reply
from quantumlayer.gateway.serving.call import Call
from quantumlayer.router.answers import Answer
from quantumlayer.router.deltas import Delta, Finished, TextDelta
from quantumlayer.router.guardrails import Passage, Refusal
from quantumlayer.router.providers.passing import Burst, PassedPiece

# Repeated with an answer that is given again.
KEPT_HEADERS = ("content-type",)


@dataclass(slots=True)
class Answering:
    """Sends one answer in three steps: `take` for all that comes, `close`, `finish`.

    What was sent stays in `sent` where somebody `keeps` it.
    """

    call: Call
    reply: Reply
    writer: Writer
    passage: Passage
    keeps: bool
    sent: list[bytes] = field(default_factory=list)
    _ended: bool = False

    async def take(self, burst: Burst) -> None:
        """Sends what came of the answer; raises `GatewayError` where a module refuses it."""
        if self.passage.hears_answers:
            deltas = (delta for piece in burst for delta in piece.deltas)
            await self._give(self.writer.written(await self._heard(_joined(deltas))))
        else:
            await self._give(b"".join(map(self._passed, burst)))

    async def close(self) -> None:
        """Sends what modules still keep back: all has come but the end, which `finish` sends."""
        if self.passage.hears_answers and not self._ended:
            await self._give(self.writer.written(await self._rest()))

    async def finish(self) -> Answer:
        """Sends the end, or the whole of an answer that is not streamed; returns what was sent."""
        if self.call.asked.stream:
            await self._begin()
            tail = self.writer.end()
            await self.reply.end(tail)
            self.sent.append(tail)
        else:
            self.sent = [self.writer.whole()]
            await self.reply.whole(200, JSON, self.sent[0])
        return self._answer(complete=True)

    async def fail(self, error: GatewayError) -> None:
        """Ends a stream that has begun with the error in its format's words."""
        await self.reply.end(self.writer.failed(error))

    def _answer(self, *, complete: bool) -> Answer:
        kind = EVENTS if self.call.asked.stream else JSON
        return Answer(
            status=200,
            headers=(("content-type", kind.decode()),),
            chunks=tuple(self.sent) if self.keeps else (),
            streamed=self.call.asked.stream,
            complete=complete,
        )

    async def _give(self, data: bytes) -> None:
        if not data or not self.call.asked.stream:
            return
        await self._begin()
        await self.reply.piece(data)
        if self.keeps:
            self.sent.append(data)

    async def _begin(self) -> None:
        if not self.reply.begun:
            await self.reply.begin(200, EVENTS)

    def _passed(self, piece: PassedPiece) -> bytes:
        if piece.data is not None:
            return self.writer.passed(piece.name, piece.data, piece.deltas)
        return self.writer.written(piece.deltas)

    async def _heard(self, deltas: Iterable[Delta]) -> list[Delta]:
        """The pieces as the modules let them through."""
        given: list[Delta] = []
        for delta in deltas:
            if isinstance(delta, TextDelta):
                given += self._texts(await self.passage.on_chunk(delta.text))
            elif isinstance(delta, Finished):
                given += [*await self._rest(), delta]
            else:
                given.append(delta)
        return given

    async def _rest(self) -> list[Delta]:
        """What the modules had kept back."""
        self._ended = True
        return self._texts(await self.passage.after())

    def _texts(self, given: str | Refusal) -> list[Delta]:
        if isinstance(given, Refusal):
            self.call.modules.append(given.module)
            raise refused(given)
        return [TextDelta(given)] if given else []


def _joined(deltas: Iterable[Delta]) -> Iterator[Delta]:
    """The same with texts that came together in one: modules look at each text anew."""
    for kind, run in groupby(deltas, type):
        if kind is TextDelta:
            yield TextDelta("".join(delta.text for delta in run if isinstance(delta, TextDelta)))
        else:
            yield from run


def refused(refusal: Refusal) -> GatewayError:
    """A module's refusal as the client is told it."""
    said = refusal.said
    return GatewayError("content_refused", f"{said.what} {said.advice} ({refusal.module})")
