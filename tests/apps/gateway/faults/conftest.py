"""One Redis for all of these tests: each leaves it running."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.apps.gateway.faults.trouble import client_of
from tests.support.redis_parts import MortalRedis, mortal_redis


@pytest.fixture(scope="session")
def server() -> Iterator[MortalRedis]:
    """A server that may be killed and suspended."""
    with mortal_redis() as redis:
        yield redis


@pytest.fixture
async def mortal(server: MortalRedis) -> AsyncIterator[MortalRedis]:
    """The same, set to remember all that it answered when it is killed, as docs/gateway.md says."""
    async with client_of(server) as client:
        await client.config_set("appendfsync", "always")
    yield server
