"""The index on Qdrant: in a folder of this process's own, or on a server.

A collection for each organisation, in it a point for each run: its id, the vector of its words and,
where a model makes one, that of its meaning; nothing else. Qdrant weighs how rare a word is in
the collection. What is near by words and what is near by meaning are joined by their ranks
(reciprocal rank fusion), as their scores cannot be compared.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from quantumlayer.agents.memory.index import IndexUnavailable
from quantumlayer.agents.memory.meaning import Meaning
from quantumlayer.agents.memory.words import word_vector

if TYPE_CHECKING:
    from qdrant_client import QdrantClient, models

_Result = TypeVar("_Result")
_PREFIX, _OF_ID = "memory-", len(str(UUID(int=0)))
_WORDS, _MEANING = "words", "meaning"
# Of each kind so many for one that is wanted are ranked together.
_RANKED = 4
# Kept texts are added so many at a time: who is short of time goes on where it came to.
_AT_ONCE = 50


def is_installed() -> bool:
    """Whether there is a client of Qdrant: the extra `quantumlayer-agents[memory]`."""
    return find_spec("qdrant_client") is not None


class QdrantIndex:
    """`Index` on the server at an `http(s)://` URL, or in the client's local mode in a folder.

    It is opened when it is first used. A folder belongs to one process at a time: to others it is
    unavailable. Each step is given up after `limit_seconds`. Without `meaning` words alone count;
    workers that share a server have to agree on it, as each drops what another model made.
    """

    def __init__(
        self, location: str | Path, *, limit_seconds: float, meaning: Meaning | None = None
    ) -> None:
        """Opens nothing yet."""
        self._location = location
        self._meaning = meaning
        self._limit_seconds = limit_seconds
        # The local mode keeps to the thread that opened it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="memory")
        self._client: QdrantClient | None = None

    def open_ahead(self) -> None:
        """Begins to open it, which takes seconds; a failure shows when it is used."""
        self._thread.submit(self._opened)

    async def kept(self, organisation_id: UUID) -> frozenset[UUID]:
        """See `Index`."""
        return await self._step(lambda: self._kept(organisation_id))

    async def remember(self, organisation_id: UUID, texts: Mapping[UUID, str]) -> None:
        """See `Index`."""
        collection, left = self._collection(organisation_id), iter(texts.items())
        while some := dict(islice(left, _AT_ONCE)):
            meanings = await self._meanings([*some.values()])
            await self._step(partial(self._remember, collection, some, meanings))

    async def forget(self, organisation_id: UUID, runs: Collection[UUID]) -> None:
        """See `Index`."""
        await self._step(lambda: self._forget(self._collection(organisation_id), runs))

    async def nearest(self, organisation_id: UUID, text: str, most: int) -> Sequence[UUID]:
        """See `Index`; by meaning, too, what shares no word may be near."""
        meanings = await self._meanings([text])
        collection = self._collection(organisation_id)
        return await self._step(lambda: self._nearest(collection, text, meanings[0], most))

    async def close(self) -> None:
        """Gives the folder or the connections back."""
        closing = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        await asyncio.wait([asyncio.wrap_future(closing)], timeout=self._limit_seconds)

    async def _meanings(self, texts: Sequence[str]) -> Sequence[Sequence[float] | None]:
        if self._meaning is None:
            return [None] * len(texts)
        with _told():
            async with asyncio.timeout(self._limit_seconds):
                return await self._meaning.vectors(texts)

    def _collection(self, organisation_id: UUID) -> str:
        return f"{_PREFIX}{organisation_id}{self._suffix}"

    @property
    def _suffix(self) -> str:
        return f"-{self._meaning.digest}" if self._meaning else ""

    def _kept(self, organisation_id: UUID) -> frozenset[UUID]:
        client, found, offset = self._opened(), set[UUID](), None
        collection = self._collection(organisation_id)
        if not client.collection_exists(collection):
            return frozenset()
        while True:
            points, offset = client.scroll(
                collection, limit=1_000, offset=offset, with_payload=False, with_vectors=False
            )
            found |= {UUID(str(point.id)) for point in points}
            if offset is None:
                return frozenset(found)

    def _remember(
        self,
        collection: str,
        texts: Mapping[UUID, str],
        meanings: Sequence[Sequence[float] | None],
    ) -> None:
        from qdrant_client import models  # noqa: PLC0415 - an optional extra, which takes seconds

        client = self._opened()
        if not client.collection_exists(collection):
            rare = models.SparseVectorParams(modifier=models.Modifier.IDF)
            try:
                client.create_collection(
                    collection,
                    vectors_config=_dense(meanings[0]),
                    sparse_vectors_config={_WORDS: rare},
                )
            except Exception:
                # On a server another worker may have been first.
                if not client.collection_exists(collection):
                    raise
        points = [
            models.PointStruct(id=str(run), vector=_vectors(text, meaning), payload={})
            for (run, text), meaning in zip(texts.items(), meanings, strict=True)
        ]
        client.upsert(collection, points)

    def _forget(self, collection: str, runs: Collection[UUID]) -> None:
        client = self._opened()
        if not client.collection_exists(collection):
            return
        client.delete(collection, [str(run) for run in runs])
        if client.count(collection).count == 0:
            client.delete_collection(collection)

    def _nearest(
        self, collection: str, text: str, meaning: Sequence[float] | None, most: int
    ) -> Sequence[UUID]:
        from qdrant_client import models  # noqa: PLC0415 - as above

        client = self._opened()
        if not client.collection_exists(collection):
            return ()
        if meaning is None or self._meaning is None:
            found = client.query_points(
                collection, query=_sparse(text), using=_WORDS, limit=most, with_payload=False
            )
        else:
            by_words = models.Prefetch(query=_sparse(text), using=_WORDS, limit=most * _RANKED)
            by_meaning = models.Prefetch(
                query=[*meaning],
                using=_MEANING,
                limit=most * _RANKED,
                score_threshold=self._meaning.likeness,
            )
            found = client.query_points(
                collection,
                prefetch=[by_words, by_meaning],
                query=models.FusionQuery(fusion=models.Fusion.RRF),
                limit=most,
                with_payload=False,
            )
        return tuple(UUID(str(point.id)) for point in found.points if point.score > 0)

    def _opened(self) -> "QdrantClient":
        if self._client is None:
            client = self._connected()
            try:
                self._drop_of_others(client)
            except BaseException:
                # A folder that is held by nobody could not be opened again.
                client.close()
                raise
            self._client = client
        return self._client

    def _connected(self) -> "QdrantClient":
        from qdrant_client import QdrantClient  # noqa: PLC0415 - as above

        if str(self._location).startswith(("http://", "https://")):
            return QdrantClient(
                url=str(self._location),
                timeout=max(1, round(self._limit_seconds)),
                check_compatibility=False,
            )
        return QdrantClient(path=str(self._location))

    def _drop_of_others(self, client: "QdrantClient") -> None:
        """What another model made can be made anew, and must not outlive what is forgotten."""
        for each in client.get_collections().collections:
            ours = each.name.startswith(_PREFIX)
            if ours and each.name[len(_PREFIX) + _OF_ID :] != self._suffix:
                client.delete_collection(each.name)

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()

    async def _step(self, step: Callable[[], _Result]) -> _Result:
        with _told():
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(self._limit_seconds):
                return await loop.run_in_executor(self._thread, step)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the client raises, it does not serve."""
    try:
        yield
    except TimeoutError as error:
        raise IndexUnavailable("it did not answer in time") from error
    except Exception as error:
        raise IndexUnavailable(" ".join(str(error).split()) or type(error).__name__) from error


def _dense(meaning: Sequence[float] | None) -> "dict[str, models.VectorParams]":
    from qdrant_client import models  # noqa: PLC0415 - as above

    if meaning is None:
        return {}
    return {_MEANING: models.VectorParams(size=len(meaning), distance=models.Distance.COSINE)}


def _vectors(
    text: str, meaning: Sequence[float] | None
) -> "dict[str, models.SparseVector | list[float]]":
    words: dict[str, models.SparseVector | list[float]] = {_WORDS: _sparse(text)}
    return words if meaning is None else {**words, _MEANING: [*meaning]}


def _sparse(text: str) -> "models.SparseVector":
    from qdrant_client import models  # noqa: PLC0415 - as above

    vector = word_vector(text)
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))
