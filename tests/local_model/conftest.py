"""The model is started once for all of these tests, which only `make test-local-model` runs."""

from collections.abc import AsyncIterator

import pytest

from tests.local_model.llama import LlamaServer, llama_server


@pytest.fixture(scope="session")
async def llama() -> AsyncIterator[LlamaServer]:
    """A real model of 135 million parameters."""
    async with llama_server() as server:
        yield server
