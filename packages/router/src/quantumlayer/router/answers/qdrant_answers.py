"""Answers beside the vectors of their questions, in Qdrant; imported only where it is used.

A collection for each organisation and embedding; in it a point for each question:
`partition` (what must be equal), `until` (seconds since 1970), `packed` (base64).
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from qdrant_client import QdrantClient, models

from quantumlayer.router.answers.semantic_questions import SemanticQuestion

_SWEEP_EVERY = 100


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest kept question's answer, and how near it is (cosine, 1 is the same)."""

    packed: bytes
    similarity: float


class QdrantAnswers:
    """One embedding's answers. It blocks: for threads, and in the local mode for one alone."""

    def __init__(self, client: QdrantClient, embedding: str, *, indexed: bool) -> None:
        self._client = client
        self._indexed = indexed
        self._embedding = sha256(embedding.encode()).hexdigest()[:12]
        self._there: set[str] = set()
        self._ready: set[str] = set()
        self._kept = 0

    def find(
        self,
        question: SemanticQuestion,
        vector: list[float],
        *,
        least_similarity: float,
        now: float,
    ) -> Neighbour | None:
        """The nearest kept question of the same partition whose answer is good at `now`."""
        collection = self._name(question.organisation_id, vector)
        with self._noticing(collection):
            if not self._exists(collection):
                return None
            points = self._client.query_points(
                collection,
                query=vector,
                query_filter=models.Filter(
                    must=[
                        models.FieldCondition(
                            key="partition", match=models.MatchValue(value=question.partition)
                        ),
                        models.FieldCondition(key="until", range=models.Range(gt=now)),
                    ]
                ),
                limit=1,
                score_threshold=least_similarity,
            ).points
        if not points:
            return None
        payload = points[0].payload or {}
        return Neighbour(base64.b64decode(payload["packed"]), points[0].score)

    def keep(
        self,
        question: SemanticQuestion,
        vector: list[float],
        packed: bytes,
        *,
        now: float,
        until: float,
    ) -> None:
        """Keeps an answer in place of an earlier one to the very same question."""
        collection = self._name(question.organisation_id, vector)
        payload = {
            "partition": question.partition,
            "until": until,
            "packed": base64.b64encode(packed).decode(),
        }
        name = str(uuid5(NAMESPACE_URL, f"{question.partition}/{question.text}"))
        point = models.PointStruct(id=name, vector=vector, payload=payload)
        with self._noticing(collection):
            self._make(collection, len(vector))
            self._client.upsert(collection, [point])
            self._kept += 1
            if self._kept % _SWEEP_EVERY == 0:
                self.forget_old(collection, now)

    def forget_old(self, collection: str, now: float) -> None:
        """Deletes what is no longer good."""
        old = models.FieldCondition(key="until", range=models.Range(lte=now))
        self._client.delete(collection, models.FilterSelector(filter=models.Filter(must=[old])))

    def close(self) -> None:
        """Gives the folder or the connections back."""
        self._client.close()

    def _name(self, organisation_id: UUID, vector: list[float]) -> str:
        return f"answers-{organisation_id}-{self._embedding}-{len(vector)}"

    def _exists(self, collection: str) -> bool:
        if collection not in self._there and self._client.collection_exists(collection):
            self._there.add(collection)
        return collection in self._there

    def _make(self, collection: str, dimensions: int) -> None:
        if collection in self._ready:
            return
        if not self._exists(collection):
            size = models.VectorParams(size=dimensions, distance=models.Distance.COSINE)
            try:
                self._client.create_collection(collection, vectors_config=size)
            except Exception:
                # Another process may have been first.
                if not self._exists(collection):
                    raise
        if self._indexed:
            self._index(collection)
        self._ready.add(collection)

    @contextmanager
    def _noticing(self, collection: str) -> Iterator[None]:
        """After a failure it is looked whether the collection is still there."""
        try:
            yield
        except Exception:
            self._there.discard(collection)
            self._ready.discard(collection)
            raise

    def _index(self, collection: str) -> None:
        """What is filtered by; a server may refuse filters without, the local mode knows none."""
        tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
        self._client.create_payload_index(collection, "partition", field_schema=tenant)
        until = models.PayloadSchemaType.FLOAT
        self._client.create_payload_index(collection, "until", field_schema=until)


def is_server(location: str | Path) -> bool:
    """Whether it is a URL, and no folder."""
    return str(location).startswith(("http://", "https://"))


def open_qdrant(location: str | Path, embedding: str, timeout_seconds: float) -> QdrantAnswers:
    """Answers on the server at an `http(s)://` URL, or in the local mode in a folder.

    A folder belongs to one process at a time; the local mode reads every point of an organisation
    in Python at each look-up, so it is for some thousands of answers.
    """
    if is_server(location):
        whole = max(1, round(timeout_seconds))
        client = QdrantClient(url=str(location), timeout=whole, check_compatibility=False)
    else:
        client = QdrantClient(path=str(location))
    return QdrantAnswers(client, embedding, indexed=is_server(location))
