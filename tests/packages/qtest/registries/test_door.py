"""The door lets out to registries, in each way that clients ask, and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quantumlayer.qtest.registries.door import opened
from quantumlayer.qtest.registries.endpoints import Endpoint, Registries


class Server:
    """Says which request it got, and by which address."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        if head.startswith("CONNECT"):  # as a proxy: answers, and is itself what is behind it
            writer.write(b"HTTP/1.1 200 Fine\r\n\r\n")
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
        body = self.name.encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Server"]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self


@pytest.fixture
async def registry(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    async with Server("registry").running() as server:
        yield server


async def said(socket: Path, *requests: str) -> str:
    """What comes back for requests that are sent one after the other's answer."""
    reader, writer = await asyncio.open_unix_connection(str(socket))
    answer = b""
    for number, request in enumerate(requests):
        writer.write(request.encode())
        if number + 1 < len(requests):
            answer += await reader.readuntil(b"\r\n\r\n")
    answer += await reader.read()
    writer.close()
    return answer.decode()


def named(server: Server, host: str = "127.0.0.1") -> Registries:
    return Registries(frozenset({Endpoint(host, server.port)}))


async def test_a_tunnel_and_a_plain_request_reach_a_registry(
    registry: Server, tmp_path: Path
) -> None:
    place = f"127.0.0.1:{registry.port}"
    async with opened(tmp_path / "door", named(registry)) as door:
        tunnelled = await said(
            door.socket, f"CONNECT {place} HTTP/1.1\r\n\r\n", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        plain = await said(
            door.socket,
            f"GET http://{place}/a/b?c=d HTTP/1.1\r\nHost: elsewhere\r\nAccept: y\r\n"
            "Proxy-Authorization: Basic x\r\nConnection: keep-alive\r\n\r\n",
        )
    assert tunnelled.startswith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
    assert (plain[:15], plain[-8:]) == ("HTTP/1.1 200 OK", "registry")
    assert registry.asked[1] == (
        f"GET /a/b?c=d HTTP/1.1\r\nHost: {place}\r\nAccept: y\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    "request_line",
    [
        "CONNECT 127.0.0.1:@ HTTP/1.1",
        "CONNECT localhost:@ HTTP/1.1",
        "GET http://127.0.0.1:@/ HTTP/1.1",
        "GET http://registry.example@127.0.0.1:@/ HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
        "CONNECT registry.example:22 HTTP/1.1",
        "CONNECT REGISTRY.EXAMPLE.:443 HTTP/1.1",
    ],
)
async def test_whoever_is_no_registry_is_refused_and_remembered(
    request_line: str, registry: Server, tmp_path: Path
) -> None:
    known = Registries(known=frozenset({Endpoint("registry.example", 443)}))
    line = request_line.replace("@ ", f"{registry.port} ").replace("@/", f"{registry.port}/")
    async with opened(tmp_path / "door", known) as door:
        answer = await said(door.socket, f"{line}\r\n\r\n")
        assert answer.startswith("HTTP/1.1 403 ")
        assert len(door.refused) == 1
    assert registry.asked == []


@pytest.mark.parametrize(
    "request_line", ["GET / HTTP/1.1", "CONNECT nowhere HTTP/1.1", "GET ftp://a/ HTTP/1.1", "x"]
)
async def test_what_is_no_request_of_a_proxy_is_refused(
    request_line: str, tmp_path: Path, registry: Server
) -> None:
    async with opened(tmp_path / "door", named(registry)) as door:
        answer = await said(door.socket, f"{request_line}\r\n\r\n")
    assert answer.startswith("HTTP/1.1 400 ")


async def test_a_default_that_leads_into_the_own_network_is_not_reached(
    registry: Server, tmp_path: Path
) -> None:
    # "localhost" stands for a name that a hostile or mistaken name server gives a private address.
    endpoint = Endpoint("localhost", registry.port)
    async with opened(tmp_path / "a", Registries(known=frozenset({endpoint}))) as door:
        refused = await said(door.socket, f"CONNECT {endpoint} HTTP/1.1\r\n\r\n")
    async with opened(tmp_path / "b", Registries(), learns=True) as door:
        learning = await said(door.socket, f"CONNECT {endpoint} HTTP/1.1\r\n\r\n")
    async with opened(tmp_path / "c", named(registry, "localhost")) as door:
        allowed = await said(
            door.socket, f"CONNECT {endpoint} HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"
        )
    assert "502 Bad Gateway" in refused
    assert "QL_REGISTRY_HOSTS" in refused
    assert "502 Bad Gateway" in learning
    assert allowed.endswith("registry")


async def test_the_deployments_own_proxy_is_used(
    registry: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Registries(known=frozenset({Endpoint("r.example", 443), Endpoint("r.example", 80)}))
    async with Server("upstream").running() as upstream:
        address = f"http://user:p%40ss@127.0.0.1:{upstream.port}"
        monkeypatch.setenv("https_proxy", address)
        monkeypatch.setenv("http_proxy", address)
        async with opened(tmp_path / "door", known) as door:
            tunnelled = await said(
                door.socket, "CONNECT r.example:443 HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"
            )
            plain = await said(door.socket, "GET http://r.example/x HTTP/1.1\r\nA: b\r\n\r\n")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        async with opened(tmp_path / "own", named(registry)) as door:
            direct = await said(
                door.socket, f"GET http://127.0.0.1:{registry.port}/ HTTP/1.1\r\n\r\n"
            )
    assert (tunnelled[-8:], plain[-8:], direct[-8:]) == ("upstream", "upstream", "registry")
    account = "Proxy-Authorization: Basic dXNlcjpwQHNz"
    assert upstream.asked[0].startswith("CONNECT r.example:443 HTTP/1.1\r\n")
    assert upstream.asked[2].startswith("GET http://r.example/x HTTP/1.1\r\nHost: r.example\r\n")
    assert [account in head for head in upstream.asked] == [True, False, True]


async def test_when_the_door_closes_every_connection_is_cut(
    registry: Server, tmp_path: Path
) -> None:
    async with opened(tmp_path / "door", named(registry)) as door:
        reader, writer = await asyncio.open_unix_connection(str(door.socket))
        writer.write(f"CONNECT 127.0.0.1:{registry.port} HTTP/1.1\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
    async with asyncio.timeout(10):
        assert await reader.read() == b""
    writer.close()
