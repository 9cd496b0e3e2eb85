"""Steps that Redis runs as one: Lua scripts, and one error for all the ways that it can be away."""

import asyncio
from collections.abc import Iterable, Sequence
from hashlib import sha1
from importlib.resources import files
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from quantumlayer.router.redis_line import RedisLine, line_to

SERVER_CLOCK = "redis.call('TIME')"
"""Lua for `{seconds, microseconds}`: the server's clock, since those of workers differ and jump."""


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
        self._line = line_to(redis)
        self._package = package
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._scripts: dict[str, Script] = {}

    async def run(self, step: str, keys: Sequence[str], arguments: Iterable[object]) -> list[str]:
        """What the step answers to the arguments' texts; raises `RedisAway` within the patience."""
        script = self._scripts.get(step)
        if script is None:
            source = _source(self._package, step, self._clock)
            script = self._scripts[step] = Script(source)
        try:
            async with asyncio.timeout(self._patience_seconds):
                answer = await script.run(self._line, keys, map(str, arguments))
        except TimeoutError:
            raise RedisAway(f"Redis did not answer in {self._patience_seconds:g} s") from None
        except (RedisError, OSError) as error:
            raise RedisAway(f"Redis does not serve ({error})") from error
        return [_text(part) for part in cast("list[bytes | str]", answer)]


class Script:
    """A step in Lua, named by its digest; Redis is shown it where it does not know it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._digest = sha1(source.encode(), usedforsecurity=False).hexdigest()

    async def run(
        self, line: RedisLine, keys: Sequence[str], arguments: Iterable[str | bytes | int]
    ) -> object:
        """What it answers; raises `RedisError` or OSError."""
        rest = (len(keys), *keys, *arguments)
        try:
            return await line.ask("EVALSHA", self._digest, *rest)
        except NoScriptError:
            return await line.ask("EVAL", self._source, *rest)


def _source(package: str, step: str, clock: str) -> str:
    folder = files(package)
    parts = [(folder / f"{name}.lua").read_text("utf-8") for name in ("prelude", step)]
    return "\n".join([f"local clock = {clock}", *parts])


def _text(part: bytes | str) -> str:
    return part.decode() if isinstance(part, bytes) else part
