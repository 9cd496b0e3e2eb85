"""One line to a Redis: what many calls ask of it at the same time is sent and answered together.

A connection for each command costs a client's pool more than the server's work, and a few hundred
calls at once are more than a pool has. On a line, commands that come while others are under way
wait for the next trip, in their order; the busier it is, the less each of them costs.
"""

import asyncio
from collections.abc import Sequence
from weakref import WeakValueDictionary

from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError, ResponseError

Command = tuple[str | bytes | float, ...]
# Answers may be large: so many at most are held at once, and the rest goes with the next trip.
_MOST_AT_ONCE = 256
# Who asks gives up sooner; a server that keeps silent for longer is asked over a new connection.
_PATIENCE_SECONDS = 2.0

# By the client's identity, which is nobody else's for as long as its line holds it.
_lines: "WeakValueDictionary[int, RedisLine]" = WeakValueDictionary()


class RedisLine:
    """Sends the commands of everybody who uses one client; made by `line_to`."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._waiting: list[tuple[Command, asyncio.Future[object]]] = []
        self._sending: asyncio.Task[None] | None = None

    async def ask(self, *command: str | bytes | float) -> object:
        """What Redis answers to one command; raises `RedisError` or OSError.

        As with any command, who stops waiting does not know whether it was carried out.
        """
        return await self._asked(command)

    async def ask_all(self, commands: Sequence[Command]) -> list[object]:
        """The same for several, which are sent behind each other."""
        return await asyncio.gather(*map(self._asked, commands))

    def _asked(self, command: Command) -> "asyncio.Future[object]":
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        return answer

    async def _send(self) -> None:
        while self._waiting:
            batch = self._waiting[:_MOST_AT_ONCE]
            del self._waiting[:_MOST_AT_ONCE]
            wanted = [(command, answer) for command, answer in batch if not answer.done()]
            if not wanted:
                continue
            answered = await self._answers([command for command, _ in wanted])
            for (_, waiting), answer in zip(wanted, answered, strict=True):
                if waiting.done():
                    continue
                if isinstance(answer, Exception):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)

    async def _answers(self, commands: list[Command]) -> list[object]:
        """An answer or an error for each command."""
        # A connection of the client's, without the layers of its pipelines: these cost more than
        # the trip.
        pool = self._redis.connection_pool
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                connection = await pool.get_connection()  # type: ignore[no-untyped-call] # theirs
                try:
                    answers: list[object] = await connection.retry.call_with_retry(
                        lambda: _trip(connection, commands), lambda _: connection.disconnect()
                    )
                    return answers
                finally:
                    await pool.release(connection)
        except (RedisError, OSError) as error:
            return [error] * len(commands)


async def _trip(connection: AbstractConnection, commands: list[Command]) -> list[object]:
    # The client itself packs in Python, which takes ten times as long as in C.
    packed = b"".join(pack_command(command) for command in commands)  # type: ignore[arg-type] # theirs allows one word
    await connection.send_packed_command(packed)
    answers: list[object] = []
    for _ in commands:
        try:
            answers.append(await connection.read_response())
        except ResponseError as error:
            answers.append(error)
    return answers


def line_to(redis: "Redis") -> RedisLine:
    """The line over this client, the same for all who ask for it."""
    found = _lines.get(id(redis))
    if found is None:
        found = _lines[id(redis)] = RedisLine(redis)
    return found
