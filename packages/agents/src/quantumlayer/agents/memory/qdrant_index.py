"""The index on Qdrant: in a folder of this process's own, or on a server.

A collection for each organisation, in it a point for each run: its id, and the vector of its words,
nothing else. Qdrant itself weighs how rare a word is in the collection.
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
from quantumlayer.agents.memory.words import word_vector

if TYPE_CHECKING:
    from qdrant_client import QdrantClient, models

_Result = TypeVar("_Result")
_WORDS = "words"
# Kept texts are added so many at a time: who is short of time goes on where it came to.
_AT_ONCE = 50


def is_installed() -> bool:
    """Whether there is a client of Qdrant: the extra `quantumlayer-agents[memory]`."""
    return find_spec("qdrant_client") is not None


class QdrantIndex:
    """`Index` on the server at an `http(s)://` URL, or in the client's local mode in a folder.

    It is opened when it is first used. A folder belongs to one process at a time: to others it is
    unavailable. Each step is given up after `limit_seconds`.
    """

    def __init__(self, location: str | Path, *, limit_seconds: float) -> None:
        """Opens nothing yet."""
        self._location = location
        self._limit_seconds = limit_seconds
        # The local mode keeps to the thread that opened it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="memory")
        self._client: QdrantClient | None = None

    def open_ahead(self) -> None:
        """Begins to open it, which takes seconds; a failure shows when it is used."""
        self._thread.submit(self._opened)

    async def kept(self, organisation_id: UUID) -> frozenset[UUID]:
        """See `Index`."""
        return await self._step(lambda: self._kept(_collection(organisation_id)))

    async def remember(self, organisation_id: UUID, texts: Mapping[UUID, str]) -> None:
        """See `Index`."""
        left = iter(texts.items())
        while some := dict(islice(left, _AT_ONCE)):
            await self._step(partial(self._remember, _collection(organisation_id), some))

    async def forget(self, organisation_id: UUID, runs: Collection[UUID]) -> None:
        """See `Index`."""
        await self._step(lambda: self._forget(_collection(organisation_id), runs))

    async def nearest(self, organisation_id: UUID, text: str, most: int) -> Sequence[UUID]:
        """See `Index`."""
        return await self._step(lambda: self._nearest(_collection(organisation_id), text, most))

    async def close(self) -> None:
        """Gives the folder or the connections back."""
        closing = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        await asyncio.wait([asyncio.wrap_future(closing)], timeout=self._limit_seconds)

    def _kept(self, collection: str) -> frozenset[UUID]:
        client, found, offset = self._opened(), set[UUID](), None
        if not client.collection_exists(collection):
            return frozenset()
        while True:
            points, offset = client.scroll(
                collection, limit=1_000, offset=offset, with_payload=False, with_vectors=False
            )
            found |= {UUID(str(point.id)) for point in points}
            if offset is None:
                return frozenset(found)

    def _remember(self, collection: str, texts: Mapping[UUID, str]) -> None:
        from qdrant_client import models  # noqa: PLC0415 - an optional extra, which takes seconds

        client = self._opened()
        if not client.collection_exists(collection):
            rare = models.SparseVectorParams(modifier=models.Modifier.IDF)
            try:
                client.create_collection(
                    collection, vectors_config={}, sparse_vectors_config={_WORDS: rare}
                )
            except Exception:
                # On a server another worker may have been first.
                if not client.collection_exists(collection):
                    raise
        points = [
            models.PointStruct(id=str(run), vector={_WORDS: _sparse(text)}, payload={})
            for run, text in texts.items()
        ]
        client.upsert(collection, points)

    def _forget(self, collection: str, runs: Collection[UUID]) -> None:
        client = self._opened()
        if not client.collection_exists(collection):
            return
        client.delete(collection, [str(run) for run in runs])
        if client.count(collection).count == 0:
            client.delete_collection(collection)

    def _nearest(self, collection: str, text: str, most: int) -> Sequence[UUID]:
        client = self._opened()
        if not client.collection_exists(collection):
            return ()
        found = client.query_points(
            collection, query=_sparse(text), using=_WORDS, limit=most, with_payload=False
        )
        return tuple(UUID(str(point.id)) for point in found.points if point.score > 0)

    def _opened(self) -> "QdrantClient":
        if self._client is None:
            from qdrant_client import QdrantClient  # noqa: PLC0415 - as above

            if str(self._location).startswith(("http://", "https://")):
                self._client = QdrantClient(
                    url=str(self._location),
                    timeout=max(1, round(self._limit_seconds)),
                    check_compatibility=False,
                )
            else:
                self._client = QdrantClient(path=str(self._location))
        return self._client

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


def _collection(organisation_id: UUID) -> str:
    return f"memory-{organisation_id}"


def _sparse(text: str) -> "models.SparseVector":
    from qdrant_client import models  # noqa: PLC0415 - as above

    vector = word_vector(text)
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))
