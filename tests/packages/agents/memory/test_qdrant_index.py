"""The index on Qdrant's real local mode: near runs of one organisation, never of another."""

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from quantumlayer.agents.memory import IndexUnavailable, Meaning, QdrantIndex, Vectors, followed
from quantumlayer.router.embedding import EmbeddingModel
from tests.support.model_server import ModelServer

LENDING, CHESS, ORDERS = uuid4(), uuid4(), uuid4()
TEXTS = {
    LENDING: "A library lends books to its members",
    CHESS: "A chess clock for two players",
    ORDERS: "Orders of a kitchen at night",
}


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[QdrantIndex]:
    # The first step imports the client, which takes seconds on a busy machine.
    opened = QdrantIndex(tmp_path, limit_seconds=60)
    yield opened
    await opened.close()


@pytest.fixture
def organisation() -> UUID:
    return uuid4()


async def test_the_nearest_come_first_and_what_shares_no_word_not_at_all(
    index: QdrantIndex, organisation: UUID
) -> None:
    await index.remember(organisation, TEXTS)

    near = await index.nearest(organisation, "Library members reserve books, two each", 3)

    assert near == (LENDING, CHESS)
    assert await index.nearest(organisation, "weather", 3) == ()
    assert await index.nearest(organisation, "", 3) == ()


async def test_an_organisation_sees_nothing_of_another(
    index: QdrantIndex, organisation: UUID
) -> None:
    await index.remember(uuid4(), TEXTS)

    assert await index.kept(organisation) == frozenset()
    assert await index.nearest(organisation, TEXTS[LENDING], 3) == ()


async def test_it_follows_what_is_to_be_kept(index: QdrantIndex, organisation: UUID) -> None:
    await followed(index, organisation, TEXTS)
    assert await index.kept(organisation) == TEXTS.keys()
    # when: one is forgotten, and one is new
    later = {LENDING: TEXTS[LENDING], (new := uuid4()): "A chess board"}
    await followed(index, organisation, later)
    # then
    assert await index.kept(organisation) == later.keys()
    assert await index.nearest(organisation, TEXTS[CHESS], 1) == (new,)
    # when: all are forgotten
    await followed(index, organisation, {})
    # then
    assert await index.nearest(organisation, TEXTS[LENDING], 3) == ()


async def test_what_is_remembered_outlives_the_process(tmp_path: Path, organisation: UUID) -> None:
    index = QdrantIndex(tmp_path, limit_seconds=60)
    await index.remember(organisation, TEXTS)
    await index.close()

    again = QdrantIndex(tmp_path, limit_seconds=60)
    assert await again.nearest(organisation, "books", 1) == (LENDING,)
    await again.close()


async def test_to_a_second_worker_the_folder_is_unavailable_until_the_first_is_gone(
    tmp_path: Path, organisation: UUID
) -> None:
    index = QdrantIndex(tmp_path, limit_seconds=60)
    await index.remember(organisation, TEXTS)
    second = QdrantIndex(tmp_path, limit_seconds=60)

    with pytest.raises(IndexUnavailable, match="already accessed by another instance"):
        await second.nearest(organisation, "books", 1)

    await index.close()
    assert await second.nearest(organisation, "books", 1) == (LENDING,)
    await second.close()


async def test_a_server_that_is_not_there_is_unavailable_and_delays_nobody() -> None:
    index = QdrantIndex("http://127.0.0.1:9", limit_seconds=0.05)
    with pytest.raises(IndexUnavailable):
        await index.nearest(uuid4(), "books", 1)
    await index.close()


def test_the_client_is_not_loaded_before_there_is_something_to_ask() -> None:
    loaded = "import sys, quantumlayer.agents.memory; print('qdrant_client' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)
    assert said.stdout.split() == [b"False"]


async def by_topic(texts: Sequence[str]) -> list[list[float]]:
    """Vectors as a model would make them: games lie apart from libraries, whatever the words."""
    topics = (("chess", "draughts"), ("ibrar",), ("kitchen",), ("weather",))
    return [[float(any(word in text for word in words)) for words in topics] for text in texts]


def meaning(vectors: Vectors = by_topic, model: str = "topics") -> Meaning:
    return Meaning(model=model, vectors=vectors, likeness=0.9)


async def test_by_meaning_what_shares_no_word_is_near(tmp_path: Path, organisation: UUID) -> None:
    index = QdrantIndex(tmp_path, limit_seconds=60, meaning=meaning())
    await index.remember(organisation, TEXTS)

    assert await index.nearest(organisation, "draughts", 3) == (CHESS,)
    assert {*await index.nearest(organisation, "Librarians at night", 3)} == {LENDING, ORDERS}
    assert await index.nearest(organisation, "weather", 3) == ()
    await index.close()


async def test_what_another_model_made_is_dropped_with_what_it_remembers(
    tmp_path: Path, organisation: UUID
) -> None:
    for each in (meaning(), meaning(model="others"), None):
        index = QdrantIndex(tmp_path, limit_seconds=60, meaning=each)
        # given: vectors of the model before; when: the rows are followed
        assert await index.kept(organisation) == frozenset()
        await followed(index, organisation, TEXTS)
        # then
        assert await index.kept(organisation) == TEXTS.keys()
        await index.close()


async def test_without_the_model_of_meaning_it_is_unavailable(
    tmp_path: Path, organisation: UUID
) -> None:
    nobody = EmbeddingModel("http://127.0.0.1:9/v1", "words")
    index = QdrantIndex(tmp_path, limit_seconds=60, meaning=meaning(nobody.vectors))
    with pytest.raises(IndexUnavailable, match="the embeddings"):
        await index.remember(organisation, TEXTS)
    await index.close()


async def test_a_server_of_embeddings_makes_the_vectors(tmp_path: Path, organisation: UUID) -> None:
    async with ModelServer([]) as server:
        model = EmbeddingModel(server.base_url, "words")
        index = QdrantIndex(tmp_path, limit_seconds=60, meaning=meaning(model.vectors))
        await index.remember(organisation, TEXTS)
        assert await index.nearest(organisation, "a chess clock for two players", 1) == (CHESS,)
        await index.close()
