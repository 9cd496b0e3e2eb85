"""A real Redis, and an organisation of each test's own in it."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from tests.support.clocks import Clock


@pytest.fixture(scope="session")
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def organisation_id() -> UUID:
    return uuid4()


@pytest.fixture
def clock() -> Clock:
    return Clock()
