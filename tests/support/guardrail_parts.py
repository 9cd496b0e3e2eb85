"""Modules and streams for tests of guardrails."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quantumlayer.router.guardrails import (
    ALLOW,
    Answer,
    Exchange,
    Guard,
    Kind,
    Module,
    Passage,
    Pipeline,
    Refusal,
)

MODEL = "openai/gpt-5"


@dataclass(frozen=True)
class Scripted:
    """A module that answers as the test says; `told` hears in which order it was asked."""

    name: str = "scripted"
    kind: Kind = Kind.POLICY
    order: int = 50
    limit_milliseconds: float = 1_000
    before: Callable[[Exchange], Answer] = lambda _: ALLOW
    on_chunk: Callable[[str], Answer] = lambda _: ALLOW
    after: Callable[[str], Answer] = lambda _: ALLOW
    held: str = ""

    def open(self) -> Guard:
        """A guard that does what the module was told."""
        return _Guard(self)


class _Guard(Guard):
    def __init__(self, module: Scripted) -> None:
        self._module = module

    def before(self, exchange: Exchange) -> Answer:
        return self._module.before(exchange)

    def on_chunk(self, text: str) -> Answer:
        return self._module.on_chunk(text)

    def after(self, text: str) -> Answer:
        return self._module.after(text)

    @property
    def held(self) -> str:
        return self._module.held


async def asked(modules: Iterable[Module], *texts: str, model: str = MODEL) -> Exchange | Refusal:
    """What becomes of a request."""
    return await Pipeline(modules).open().before(Exchange(model, texts))


async def streamed(passage: Passage, chunks: Sequence[str]) -> str | Refusal:
    """What a client gets of a stream, joined; or the refusal that ended it."""
    given: list[str] = []
    for chunk in chunks:
        text = await passage.on_chunk(chunk)
        if isinstance(text, Refusal):
            return text
        given.append(text)
    rest = await passage.after()
    return rest if isinstance(rest, Refusal) else "".join((*given, rest))


def pieces(text: str, cuts: Iterable[int]) -> list[str]:
    """The text cut at these places."""
    places = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    return [text[start:end] for start, end in pairwise(places)]
