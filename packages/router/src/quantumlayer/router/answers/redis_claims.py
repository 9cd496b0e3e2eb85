"""Idempotency keys in Redis: one hash a key, one script a step, Redis's own expiry as the time.

Kept as well as that Redis keeps: it must not evict (`maxmemory-policy noeviction`), and what an
asynchronous replica had not heard of is forgotten when it takes over.
"""

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from quantumlayer.router.answers.claims import (
    Busy,
    Claim,
    ClaimOutcome,
    Different,
    Finished,
    Owned,
    StoreGone,
)
from quantumlayer.router.redis_line import line_to
from quantumlayer.router.redis_scripts import Script

_DAY = 24 * 3600.0

# Each gets the record's name, then: token, request hash, milliseconds, and the answer to keep.
_CLAIM = """
local record = redis.call('HMGET', KEYS[1], 'hash', 'token', 'answer')
if record[1] and record[1] ~= ARGV[2] then return {'different'} end
if record[3] then return {'finished', record[3]} end
if record[2] and record[2] ~= ARGV[1] then
  return {'busy', redis.call('PTTL', KEYS[1])}
end
redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'token', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'owned'}
"""
_RENEW = """
local record = redis.call('HMGET', KEYS[1], 'token', 'answer')
if record[1] and record[1] ~= ARGV[1] then return 0 end
if record[2] then return 1 end
redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'token', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
_FINISH = """
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'token', ARGV[1], 'answer', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
_RELEASE = """
local record = redis.call('HMGET', KEYS[1], 'token', 'answer')
if record[1] == ARGV[1] and not record[2] then redis.call('DEL', KEYS[1]) end
return 1
"""


class RedisIdempotency:
    """Records that all processes share. `redis` gives back bytes (no `decode_responses`).

    A step gets `limit_seconds`, the client's own retries included.
    """

    def __init__(
        self,
        redis: "Redis",
        *,
        lease_seconds: float = 30,
        keep_seconds: float = _DAY,
        limit_seconds: float = 2,
    ) -> None:
        self.lease_seconds = lease_seconds
        self._keep_seconds = keep_seconds
        self._limit_seconds = limit_seconds
        self._line = line_to(redis)
        self._claim, self._renew, self._finish, self._release = (
            Script(source) for source in (_CLAIM, _RENEW, _FINISH, _RELEASE)
        )

    async def claim(self, claim: Claim) -> ClaimOutcome:
        match await self._run(self._claim, claim, self.lease_seconds):
            case [b"owned"]:
                return Owned()
            case [b"busy", int(milliseconds)]:
                return Busy(max(0, milliseconds) / 1000)
            case [b"different"]:
                return Different()
            case [b"finished", bytes(packed)]:
                return Finished(packed)
            case other:
                raise StoreGone(f"Redis answered {other!r}")

    async def renew(self, claim: Claim) -> bool:
        return await self._run(self._renew, claim, self.lease_seconds) == 1

    async def finish(self, claim: Claim, packed: bytes) -> bool:
        return await self._run(self._finish, claim, self._keep_seconds, packed) == 1

    async def release(self, claim: Claim) -> None:
        await self._run(self._release, claim, self.lease_seconds)

    async def _run(self, script: Script, claim: Claim, seconds: float, *packed: bytes) -> object:
        values: tuple[str | int | bytes, ...] = (
            claim.token,
            claim.request_hash,
            max(1, int(seconds * 1000)),
            *packed,
        )
        try:
            async with asyncio.timeout(self._limit_seconds):
                result = await script.run(self._line, [claim.name], values)
        except (RedisError, OSError) as error:
            raise StoreGone(f"{type(error).__name__}: {error}") from error
        return result
