"""Vectors come in the order of the texts, or it is said why they do not."""

import pytest
from pydantic import SecretStr

from quantumlayer.router import ProviderUnavailable
from quantumlayer.router.embedding import EmbeddingModel
from tests.support.model_server import ModelServer


async def test_each_text_has_its_vector() -> None:
    async with ModelServer([]) as server:
        model = EmbeddingModel(server.base_url, "words", SecretStr("a-key"))
        first, second = await model.vectors(["tea milk", "tea"])
        (again,) = await model.vectors(["tea"])

    assert (sum(first), sum(second)) == (2, 1)
    assert again == second
    asked = server.requests[0]
    assert asked.headers["authorization"] == "Bearer a-key"
    assert asked.body["input"] == ["tea milk", "tea"]


async def test_without_a_server_it_is_said_which() -> None:
    with pytest.raises(ProviderUnavailable, match="the embeddings"):
        await EmbeddingModel("http://127.0.0.1:9/v1", "words").vectors(["tea"])
