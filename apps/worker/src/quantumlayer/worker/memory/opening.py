"""Opening the index of what is remembered, by the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quantumlayer.agents.memory import Meaning, QdrantIndex, is_installed
from quantumlayer.core.settings import WorkerSettings
from quantumlayer.router.embedding import EmbeddingModel

# No run waits longer for an index that does not answer.
_STEP_SECONDS = 2.0


class MemoryNotInstalled(RuntimeError):  # noqa: N818 - says what is the matter
    """There is to be a memory, and no client of Qdrant."""


@asynccontextmanager
async def open_memory(settings: WorkerSettings) -> AsyncIterator[QdrantIndex | None]:
    """The index of what is remembered; one that nobody uses any more can still be tended.

    Raises `MemoryNotInstalled`.
    """
    if not is_installed():
        if settings.memory:
            raise MemoryNotInstalled("QL_MEMORY is on: install quantumlayer-worker[memory]")
        yield None
        return
    location = settings.memory_url or settings.object_store.parent / "memory"
    index = QdrantIndex(location, limit_seconds=_STEP_SECONDS, meaning=_meaning(settings))
    if settings.memory:
        index.open_ahead()
    try:
        yield index
    finally:
        await index.close()


def _meaning(settings: WorkerSettings) -> Meaning | None:
    """What makes vectors of meaning; None where only words are to count."""
    url, name = settings.memory_embedding_url, settings.memory_embedding_model
    if url is None or not name:
        return None
    model = EmbeddingModel(
        base_url=str(url),
        name=name,
        api_key=settings.memory_embedding_api_key,
        timeout_seconds=_STEP_SECONDS,
    )
    return Meaning(model=f"{url} {name}", vectors=model.vectors, likeness=settings.memory_likeness)
