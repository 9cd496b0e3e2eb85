"""Connecting to a registry as this machine does: directly, or through the proxy it has been given.

A name is looked up here and each address is checked before it is connected to, so that a name
cannot lead into the deployment's own network.
"""

import asyncio
import base64
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from quantumlayer.qtest.registries.endpoints import Endpoint, Registries

CONNECT_SECONDS = 20.0
LARGEST_HEAD = 64 * 1024


class Unreachable(Exception):  # noqa: N818 - a state of the network
    """The registry cannot be connected to; says why."""


@dataclass(frozen=True)
class There:
    """A connection. `whole`: the next hop is a proxy, which wants whole addresses and `extra`."""

    reader: StreamReader
    writer: StreamWriter
    whole: bool = False
    extra: list[str] = field(default_factory=list)


async def reach(endpoint: Endpoint, registries: Registries, *, tunnel: bool) -> There:
    """Connect to an endpoint that is allowed. Raises Unreachable."""
    upstream = upstream_for(endpoint, tunnel=tunnel)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if upstream is None:
                return There(*await directly(endpoint, registries))
            return await through(upstream, endpoint, tunnel=tunnel)
    except TimeoutError as error:
        raise Unreachable(f"{endpoint} did not answer in {CONNECT_SECONDS:.0f} s.") from error
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise Unreachable(f"{endpoint} cannot be reached: {error}") from error


def upstream_for(endpoint: Endpoint, *, tunnel: bool) -> str | None:
    """The proxy that the deployment's environment names for this endpoint."""
    proxies = getproxies()
    if proxy_bypass(f"{endpoint.host}:{endpoint.port}"):
        return None
    return proxies.get("https" if tunnel else "http") or proxies.get("all")


async def directly(endpoint: Endpoint, registries: Registries) -> tuple[StreamReader, StreamWriter]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    allowed = [each for each in addresses if registries.may_be_at(endpoint, each)]
    if not allowed:
        raise Unreachable(
            f"{endpoint} lies in a private network ({', '.join(addresses)}). If it is a registry "
            "of yours, name it in QL_REGISTRY_HOSTS."
        )
    complaint: OSError | None = None
    for address in allowed:
        try:
            return await asyncio.open_connection(address, endpoint.port, limit=LARGEST_HEAD)
        except OSError as error:
            complaint = error
    raise Unreachable(f"{endpoint} cannot be reached: {complaint}")


async def through(upstream: str, endpoint: Endpoint, *, tunnel: bool) -> There:
    """Connect by way of the deployment's own proxy."""
    parts = urlsplit(upstream if "://" in upstream else f"http://{upstream}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(f"A proxy of the kind `{parts.scheme}` cannot be used.")
    secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname,
        parts.port or (443 if secure else 80),
        ssl=ssl.create_default_context() if secure else None,
        limit=LARGEST_HEAD,
    )
    extra = []
    if parts.username is not None:
        account = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        extra.append(f"Proxy-Authorization: Basic {base64.b64encode(account).decode()}")
    if tunnel:
        lines = [f"CONNECT {endpoint} HTTP/1.1", f"Host: {endpoint}", *extra, "", ""]
        writer.write("\r\n".join(lines).encode("latin-1"))
        head = await reader.readuntil(b"\r\n\r\n")
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        if words[1:2] != ["200"]:
            writer.close()
            raise Unreachable(f"The proxy does not lead to {endpoint}: {' '.join(words[1:])}")
    return There(reader, writer, whole=not tunnel, extra=extra)
