"""The platform's own Redis: what it answered it remembers, whatever becomes of it."""

import pytest

from tests.apps.gateway.faults.trouble import client_of, killed
from tests.support.redis_parts import mortal_redis

pytestmark = pytest.mark.slow


async def test_what_it_answered_is_known_after_it_was_killed() -> None:
    with mortal_redis() as server:
        async with client_of(server) as client:
            for setting, value in (("appendfsync", "always"), ("maxmemory-policy", "noeviction")):
                assert await client.config_get(setting) == {setting: value}
            assert [await client.incrby("paid", 3) for _ in range(20)][-1] == 60
        await killed(server)
        async with client_of(server) as client:
            assert await client.get("paid") == b"60"
