"""Questions that say nearly the same share an answer, within what must be equal."""

import asyncio
import math
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4
from zlib import crc32

import pytest

from quantumlayer.router.answers import (
    Answer,
    Keeping,
    Lookup,
    Outcome,
    SemanticCache,
    SemanticPolicy,
    SemanticQuestion,
)
from quantumlayer.router.answers.qdrant_answers import open_qdrant

MISS = Lookup(Outcome.MISS)
UNAVAILABLE = Lookup(Outcome.UNAVAILABLE)
NEAR = SemanticPolicy(threshold=0.9, limit_seconds=30)
ASKED = "what is the capital of France please tell me in one word"
NEARLY = "please tell me in one word what is the capital city of France"


async def embed(text: str) -> list[float]:
    """Counts words, without regard to their order."""
    vector = [0.0] * 64
    for word in text.lower().split():
        vector[crc32(word.encode()) % 64] += 1
    return vector


def question(organisation_id: UUID, text: str = ASKED, **given: object) -> SemanticQuestion:
    return SemanticQuestion.of(
        organisation_id,
        model=str(given.pop("model", "fast")),
        system=str(given.pop("system", "Be brief.")),
        text=text,
        exact=given,
    )


def an_answer(text: str = "Paris") -> Answer:
    return Answer(200, (("content-type", "application/json"),), (text.encode(),))


def hit(answer: Answer) -> Lookup:
    return Lookup(Outcome.HIT, answer)


@pytest.fixture
async def cache(tmp_path: Path) -> AsyncIterator[SemanticCache]:
    opened = await SemanticCache.open(tmp_path, embed, embedding="words", policy=NEAR)
    yield opened
    await opened.close()


async def kept(cache: SemanticCache, asked: SemanticQuestion, answer: Answer) -> Keeping:
    return await cache.keep(await cache.find(asked), answer)


async def test_a_question_that_says_nearly_the_same_gets_the_answer(
    cache: SemanticCache, organisation_id: UUID
) -> None:
    assert (await cache.find(question(organisation_id))).found == MISS
    assert await kept(cache, question(organisation_id), an_answer()) is Keeping.KEPT

    again = await cache.find(question(organisation_id, NEARLY))
    assert again.found == hit(an_answer())
    assert again.similarity is not None
    assert 0.9 < again.similarity < 1
    far = await cache.find(question(organisation_id, "how tall is the Eiffel tower"))
    assert far.found == MISS


@pytest.mark.parametrize(
    "other",
    [
        {"model": "smart"},
        {"system": "Be thorough."},
        {"temperature": 0.5},
        {"text": f"{ASKED} 2"},
    ],
)
async def test_what_must_be_equal_is(
    cache: SemanticCache, organisation_id: UUID, other: dict[str, str]
) -> None:
    await kept(cache, question(organisation_id), an_answer())
    assert (await cache.find(question(organisation_id, **other))).found == MISS


async def test_figures_in_another_order_are_another_question(
    cache: SemanticCache, organisation_id: UUID
) -> None:
    await kept(cache, question(organisation_id, "take 3 away from 5"), an_answer("2"))
    assert (await cache.find(question(organisation_id, "take 5 away from 3"))).found == MISS


async def test_one_organisation_never_reads_what_another_was_answered(
    cache: SemanticCache,
) -> None:
    ours, theirs = uuid4(), uuid4()
    await kept(cache, question(theirs), an_answer("their secret"))
    await kept(cache, question(ours, "something else"), an_answer("ours"))

    assert (await cache.find(question(ours))).found == MISS
    assert (await cache.find(question(theirs))).found == hit(an_answer("their secret"))


async def test_the_nearest_of_many_is_given_and_a_later_answer_takes_the_place_of_an_earlier(
    cache: SemanticCache, organisation_id: UUID
) -> None:
    for word in ("France", "Spain", "Italy"):
        await kept(cache, question(organisation_id, f"{ASKED} {word}"), an_answer(word))
    spain = question(organisation_id, f"{ASKED} Spain")
    assert (await cache.find(spain)).found == hit(an_answer("Spain"))
    await kept(cache, spain, an_answer("Madrid"))
    assert (await cache.find(spain)).found == hit(an_answer("Madrid"))


async def test_an_answer_outlives_the_process_and_expires_in_time(
    tmp_path: Path, organisation_id: UUID
) -> None:
    for ttl_seconds, found in ((0.0, MISS), (3600.0, hit(an_answer()))):
        policy = SemanticPolicy(threshold=0.9, ttl_seconds=ttl_seconds, limit_seconds=30)
        writer = await SemanticCache.open(tmp_path, embed, embedding="words", policy=policy)
        await kept(writer, question(organisation_id), an_answer())
        await writer.close()
        reader = await SemanticCache.open(tmp_path, embed, embedding="words", policy=policy)
        assert (await reader.find(question(organisation_id, NEARLY))).found == found
        await reader.close()


async def test_old_answers_are_deleted_as_new_ones_come(
    tmp_path: Path, organisation_id: UUID
) -> None:
    answers = open_qdrant(tmp_path, "words", timeout_seconds=1)
    for number in range(120):
        asked = question(organisation_id, f"question {number}")
        vector = await embed(asked.text)
        answers.keep(asked, vector, b"packed", now=float(number), until=float(number + 10))
    (collection,) = answers._client.get_collections().collections
    count = answers._client.count(collection.name).count
    answers.close()

    # The hundredth swept out what was old by then; ten were not, and twenty came after it.
    assert count == 30


async def test_a_collection_that_somebody_deleted_is_made_again(
    tmp_path: Path, organisation_id: UUID
) -> None:
    answers = open_qdrant(tmp_path, "words", timeout_seconds=1)
    asked = question(organisation_id)
    vector = await embed(asked.text)
    for _ in range(2):
        answers.keep(asked, vector, b"packed", now=1, until=10)
        assert answers.find(asked, vector, least_similarity=0.9, now=1) is not None
        (collection,) = answers._client.get_collections().collections
        answers._client.delete_collection(collection.name)
        with pytest.raises(ValueError, match="not found"):
            answers.find(asked, vector, least_similarity=0.9, now=1)
        assert answers.find(asked, vector, least_similarity=0.9, now=1) is None
    answers.close()


@pytest.mark.parametrize(
    ("answer", "keeping"),
    [
        (Answer(200, (), (b"half",), complete=False), Keeping.INCOMPLETE),
        (Answer(500, (), (b"oh",)), Keeping.INCOMPLETE),
        (Answer(200, (), (bytes(300_000),)), Keeping.TOO_LARGE),
    ],
)
async def test_only_whole_good_answers_of_a_fair_size_are_kept(
    cache: SemanticCache, organisation_id: UUID, answer: Answer, keeping: Keeping
) -> None:
    assert await kept(cache, question(organisation_id), answer) is keeping
    assert (await cache.find(question(organisation_id))).found == MISS


async def test_many_at_once_each_get_their_own(cache: SemanticCache, organisation_id: UUID) -> None:
    asked = [question(organisation_id, f"tell me about item number {n}") for n in range(40)]
    await asyncio.gather(*(kept(cache, one, an_answer(one.text)) for one in asked))
    found = await asyncio.gather(*(cache.find(one) for one in asked))
    assert [one.found for one in found] == [hit(an_answer(one.text)) for one in asked]


async def test_an_embedding_that_fails_hangs_or_is_no_vector_is_a_miss_that_says_so(
    tmp_path: Path, organisation_id: UUID
) -> None:
    asked: list[str] = []

    async def broken(text: str) -> list[float]:
        asked.append(text)
        match len(asked):
            case 1:
                raise ConnectionResetError
            case 2:
                await asyncio.sleep(3600)
        return [math.nan]

    policy = SemanticPolicy(limit_seconds=0.2, rest_seconds=0)
    cache = await SemanticCache.open(tmp_path, broken, embedding="broken", policy=policy)
    for _ in range(2):
        looked_up = await cache.find(question(organisation_id))
        assert looked_up.found == UNAVAILABLE
        assert await cache.keep(looked_up, an_answer()) is Keeping.UNAVAILABLE
    assert (await cache.find(question(organisation_id))).found != hit(an_answer())
    await cache.close()
    assert len(asked) == 3


async def test_after_a_failure_neither_embedding_nor_qdrant_is_asked_for_a_while(
    tmp_path: Path, organisation_id: UUID
) -> None:
    asked: list[str] = []

    async def broken(text: str) -> list[float]:
        asked.append(text)
        raise ConnectionResetError

    policy = SemanticPolicy(rest_seconds=60)
    cache = await SemanticCache.open(tmp_path, broken, embedding="broken", policy=policy)
    for _ in range(5):
        assert (await cache.find(question(organisation_id))).found == UNAVAILABLE
    await cache.close()
    assert len(asked) == 1


async def test_a_server_that_is_not_there_is_a_miss_that_says_so(organisation_id: UUID) -> None:
    cache = await SemanticCache.open("http://127.0.0.1:1", embed, embedding="words")
    looked_up = await cache.find(question(organisation_id))
    assert looked_up.found == UNAVAILABLE
    assert await cache.keep(looked_up, an_answer()) is Keeping.UNAVAILABLE
    await cache.close()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the client's lock
async def test_a_folder_that_another_has_is_said_when_it_is_opened(
    cache: SemanticCache, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="already accessed"):
        await SemanticCache.open(tmp_path, embed, embedding="words")


@pytest.mark.slow
def test_the_client_is_imported_only_when_the_cache_is_used() -> None:
    program = "import sys, quantumlayer.router.answers; print('qdrant_client' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout == b"False\n"
