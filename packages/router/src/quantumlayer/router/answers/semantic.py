"""The semantic cache, an option on Qdrant: it fails open, as the exact cache does."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from quantumlayer.router.answers.nouns import Answer, Keeping, Lookup, Outcome
from quantumlayer.router.answers.packing import UnreadableAnswer, pack, unpack
from quantumlayer.router.answers.rests import Rest
from quantumlayer.router.answers.semantic_questions import SemanticLookup, SemanticQuestion

if TYPE_CHECKING:
    from quantumlayer.router.answers.qdrant_answers import QdrantAnswers

Embed = Callable[[str], Awaitable[Sequence[float]]]
"""Turns a text into a vector; the caller's own, as the gateway's `/v1/embeddings`."""

_logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class SemanticPolicy:
    """How near is near enough, and how long things may take; times in seconds."""

    threshold: float = 0.97
    """The least cosine similarity of two questions that share an answer."""
    ttl_seconds: float = 3600
    """By the clock on the wall, which the processes that share a server share, too."""
    most_bytes: int = 256 * 1024
    limit_seconds: float = 2
    """For an embedding, and for a step of Qdrant."""
    rest_seconds: float = 5
    """After a failure neither is asked for so long."""


class _Gone(Exception):  # noqa: N818 - the name says what happened
    """Qdrant or the embedding did not serve."""


class SemanticCache:
    """Whatever Qdrant or the embedding raises is a miss that says `unavailable`."""

    def __init__(
        self,
        answers: "QdrantAnswers",
        embed: Embed | None,
        policy: SemanticPolicy,
        executor: Executor,
    ) -> None:
        self._answers = answers
        self._embed = embed
        self._policy = policy
        self._executor = executor
        self._rest = Rest(policy.rest_seconds, time.monotonic)

    @classmethod
    async def open(
        cls,
        location: str | Path,
        embed: Embed | None = None,
        *,
        embedding: str,
        policy: SemanticPolicy | None = None,
    ) -> Self:
        """A cache in a folder of this process's own, or on the server at an `http(s)://` URL.

        `embedding` names the model behind `embed`: vectors of two models are never compared.
        Without an `embed` each look-up brings its own.
        Raises `ImportError` without the extra `quantumlayer-router[semantic]`, and `RuntimeError`
        when another process has the folder.
        """
        from quantumlayer.router.answers import qdrant_answers  # noqa: PLC0415 - an optional extra

        policy = policy or SemanticPolicy()
        # The local mode keeps to the thread that opened it, and would hold up the event loop.
        threads = 8 if qdrant_answers.is_server(location) else 1
        executor = ThreadPoolExecutor(threads, thread_name_prefix="semantic-cache")
        try:
            opening = partial(qdrant_answers.open_qdrant, location, embedding, policy.limit_seconds)
            answers = await asyncio.get_running_loop().run_in_executor(executor, opening)
        except BaseException:
            executor.shutdown(wait=False)
            raise
        return cls(answers, embed, policy, executor)

    async def find(
        self, question: SemanticQuestion, *, embed: Embed | None = None
    ) -> SemanticLookup:
        """The answer to the nearest question that is near enough. Never fails.

        Raises `ValueError` where nobody says how texts become vectors.
        """
        turn = embed or self._embed
        if turn is None:
            raise ValueError("name an `embed`, here or when the cache is opened")
        vector: tuple[float, ...] | None = None
        try:
            vector = await self._attempt(lambda: _vector(turn, question.text))
            nearest = partial(
                self._answers.find,
                question,
                list(vector),
                least_similarity=self._policy.threshold,
                now=time.time(),
            )
            neighbour = await self._attempt(lambda: self._in_thread(nearest))
        except _Gone:
            return SemanticLookup(question, vector, Lookup(Outcome.UNAVAILABLE))
        if neighbour is None:
            return SemanticLookup(question, vector, Lookup(Outcome.MISS))
        try:
            # The header and the sizes of chunks come on top of what was allowed.
            room = 2 * self._policy.most_bytes + 64 * 1024
            answer = unpack(question.name, neighbour.packed, room)
        except UnreadableAnswer:
            return SemanticLookup(question, vector, Lookup(Outcome.MISS))
        return SemanticLookup(question, vector, Lookup(Outcome.HIT, answer), neighbour.similarity)

    async def keep(self, looked_up: SemanticLookup, answer: Answer) -> Keeping:
        """Offers the answer to what was looked up and missed. Never fails."""
        if not answer.complete or answer.status != 200:
            return Keeping.INCOMPLETE
        if answer.size > self._policy.most_bytes:
            return Keeping.TOO_LARGE
        if looked_up.vector is None:
            return Keeping.UNAVAILABLE
        now = time.time()
        keeping = partial(
            self._answers.keep,
            looked_up.question,
            list(looked_up.vector),
            pack(looked_up.question.name, answer),
            now=now,
            until=now + self._policy.ttl_seconds,
        )
        try:
            await self._attempt(lambda: self._in_thread(keeping))
        except _Gone:
            return Keeping.UNAVAILABLE
        return Keeping.KEPT

    async def close(self) -> None:
        """Gives the folder or the connections back."""
        await self._in_thread(self._answers.close)
        self._executor.shutdown(wait=False)

    async def _in_thread(self, step: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._executor, step)

    async def _attempt(self, step: Callable[[], Awaitable[_Result]]) -> _Result:
        """What the step gives. Raises `_Gone` when it fails, or failed a moment ago."""
        if not self._rest.over():
            raise _Gone
        try:
            async with asyncio.timeout(self._policy.limit_seconds):
                result = await step()
        except Exception as error:  # of code that is not ours: a cache fails no call
            self._rest.failed()
            _logger.warning("the semantic cache is unavailable: %r", error)
            raise _Gone from error
        self._rest.succeeded()
        return result


async def _vector(embed: Embed, text: str) -> tuple[float, ...]:
    return tuple(map(float, await embed(text)))
