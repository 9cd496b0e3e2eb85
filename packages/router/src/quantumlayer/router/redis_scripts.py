"""Steps that Redis runs as one: Lua scripts, and one error for all the ways that it can be away."""

import asyncio
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import cast

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

SERVER_CLOCK = "redis.call('TIME')"
"""Lua for `{seconds, microseconds}`: the server's clock, since those of workers differ and jump."""

# Steps take well under a millisecond, so few connections carry many calls; a client's pool does not
# wait for one of its own to come free, but fails.
_CONNECTIONS = 16


class RedisAway(Exception):  # noqa: N818 - says what happened
    """Redis refused the connection, broke it off, kept silent or would not run the step."""


class RedisScripts:
    """The Lua files of one package; `prelude.lua` stands before each of them.

    A script that was sent twice because its first answer was lost must do no harm: the client
    sends again by itself, and who gives up waiting does not know what happened.
    """

    def __init__(
        self, redis: "Redis", package: str, *, patience_seconds: float, clock: str = SERVER_CLOCK
    ) -> None:
        self._redis = redis
        self._package = package
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._scripts: dict[str, AsyncScript] = {}
        self._turns = asyncio.Semaphore(_CONNECTIONS)

    async def run(self, step: str, keys: Sequence[str], arguments: Iterable[object]) -> list[str]:
        """What the step answers to the arguments' texts; raises `RedisAway` within the patience."""
        script = self._scripts.get(step)
        if script is None:
            source = _source(self._package, step, self._clock)
            script = self._scripts[step] = self._redis.register_script(source)
        try:
            async with asyncio.timeout(self._patience_seconds), self._turns:
                answer = await script(keys=keys, args=[str(each) for each in arguments])
        except TimeoutError:
            raise RedisAway(f"Redis did not answer in {self._patience_seconds:g} s") from None
        except (RedisError, OSError) as error:
            raise RedisAway(f"Redis does not serve ({error})") from error
        return [_text(part) for part in cast("list[bytes | str]", answer)]


def _source(package: str, step: str, clock: str) -> str:
    folder = files(package)
    parts = [(folder / f"{name}.lua").read_text("utf-8") for name in ("prelude", step)]
    return "\n".join([f"local clock = {clock}", *parts])


def _text(part: bytes | str) -> str:
    return part.decode() if isinstance(part, bytes) else part
