"""The connections of this process to model servers: one pool an event loop."""

import asyncio
from weakref import WeakKeyDictionary

import aiohttp

# Unreachable servers must be said to be so in under two seconds, names looked up and all.
CONNECT_SECONDS = 1.8
_IDLE_SECONDS = 30.0

_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


def session() -> aiohttp.ClientSession:
    """The running loop's session, made at first use.

    It has no time limit but the one for connecting (who reads watches the clock), no cookies, and
    takes no proxy from the environment. How many connections are open at once is for the limits
    of rate to say.
    """
    loop = asyncio.get_running_loop()
    found = _sessions.get(loop)
    if found is None or found.closed:
        found = _sessions[loop] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "QuantumLayer"},
            trust_env=False,
        )
    return found


async def close_sessions() -> None:
    """Close the running loop's connections; safe to repeat, and the next call opens new ones."""
    found = _sessions.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()
