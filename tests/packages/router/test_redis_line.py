"""What many calls ask of one Redis at once goes over one line, and nobody gets another's answer."""

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError, ResponseError

from quantumlayer.router.redis_line import line_to
from tests.support.redis_server import redis_server


@pytest.fixture
def name() -> str:
    return f"line:{uuid4()}"


async def test_more_calls_than_a_pool_has_connections_each_get_their_own_answer(
    redis_url: str, name: str
) -> None:
    # given: a client that may hold one connection
    pool = ConnectionPool.from_url(redis_url, max_connections=1)
    async with Redis(connection_pool=pool) as redis:
        line = line_to(redis)
        # when: hundreds ask at once
        answers = await asyncio.gather(*(line.ask("ECHO", f"{name}:{n}") for n in range(700)))
        # then: none is turned away, and all are told apart
        assert answers == [f"{name}:{n}".encode() for n in range(700)]
        await pool.disconnect()


async def test_commands_are_carried_out_in_the_order_in_which_they_were_asked(
    redis_url: str, name: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        line = line_to(redis)
        answers = await asyncio.gather(*(line.ask("INCR", name) for _ in range(300)))
        assert answers == list(range(1, 301))


async def test_several_commands_of_one_call_are_answered_together(
    redis_url: str, name: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        answers = await line_to(redis).ask_all([("SET", name, b"\x00"), ("GET", name)])
        assert answers[1] == b"\x00"


async def test_the_error_of_one_command_is_its_own(redis_url: str, name: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        line = line_to(redis)
        good, bad, also = await asyncio.gather(
            line.ask("SET", name, "word"),
            line.ask("INCR", name),
            line.ask("GET", name),
            return_exceptions=True,
        )
        assert isinstance(bad, ResponseError)
        assert (bool(good), also) == (True, b"word")


async def test_who_gives_up_takes_nobodys_answer_away(redis_url: str, name: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        line = line_to(redis)
        others = [asyncio.create_task(line.ask("ECHO", f"{n}")) for n in range(20)]
        leaving = asyncio.create_task(line.ask("ECHO", "leaving"))
        late = [asyncio.create_task(line.ask("ECHO", f"{n}")) for n in range(20, 40)]
        await asyncio.sleep(0)
        leaving.cancel()
        assert await asyncio.gather(*others, *late) == [f"{n}".encode() for n in range(40)]


@pytest.mark.slow
async def test_a_server_that_went_away_is_an_error_and_is_found_again() -> None:
    async with redis_server() as server, server.client() as redis:
        line = line_to(redis)
        assert await line.ask("ECHO", "a") == b"a"
        await server.stop()
        asked = (line.ask("ECHO", "b") for _ in range(5))
        gone = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(one, RedisError | OSError) for one in gone)
        await server.start()
        assert await line.ask("ECHO", "c") == b"c"


async def test_everybody_who_uses_a_client_shares_its_line(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as one, Redis.from_url(redis_url) as other:
        assert line_to(one) is line_to(one)
        assert line_to(one) is not line_to(other)
