"""The audit in PostgreSQL as the gateway keeps it: every call once, whatever goes away."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from quantumlayer.router.configuration import ConfigurationError, read_text
from tests.apps.gateway.test_completions import CONFIGURATION, ask, served
from tests.support.cutting_proxy import CuttingProxy, cutting_proxy
from tests.support.gateway import ADMIN, KEY, gateway, written
from tests.support.model_server import ModelServer, TextReply

ALWAYS = TextReply(content="Hello, Ada.", times=None)
ADMINISTRATOR = {"authorization": f"Bearer {ADMIN}"}


@pytest.fixture
def organisation() -> str:
    return f"org-{uuid4().hex}"


def configured(organisation: str, database: str, base: str = CONFIGURATION) -> str:
    """The configuration with a database and an administrator, for an organisation of its own."""
    return f'database: {database}\nadmin: ["ADMIN"]\n{base.replace("acme", organisation)}'


def through(proxy: CuttingProxy, url: str) -> str:
    """The database's URL by way of the proxy."""
    return url.replace(f":{urlsplit(url).port}/", f":{urlsplit(proxy.url).port}/")


async def audit(client: httpx.AsyncClient, organisation: str, **more: object) -> httpx.Response:
    wanted: dict[str, Any] = {"organisation": organisation, **more}
    return await client.get("/admin/audit", params=wanted, headers=ADMINISTRATOR)


async def kept(client: httpx.AsyncClient, organisation: str, number: int) -> list[dict[str, Any]]:
    """The organisation's rows, once there are so many."""
    async with asyncio.timeout(30):
        while len(found := await all_rows(client, organisation)) < number:  # noqa: ASYNC110 - rows come from another process
            await asyncio.sleep(0.1)
    return found


async def all_rows(client: httpx.AsyncClient, organisation: str) -> list[dict[str, Any]]:
    """The organisation's rows, page after page; none while they cannot be read."""
    found: list[dict[str, Any]] = []
    answer = await audit(client, organisation, limit=1000)
    while answer.status_code == 200:
        page = answer.json()
        found += page["rows"]
        if not page["next"]:
            return found
        answer = await client.get(f"/admin/audit?{page['next']}", headers=ADMINISTRATOR)
    return []


async def waiting(client: httpx.AsyncClient) -> int:
    text = (await client.get("/metrics")).text
    [line] = [one for one in text.splitlines() if one.startswith("ql_gateway_audit_waiting_rows ")]
    return int(float(line.split()[1]))


async def test_calls_are_read_back_by_run_key_and_time_page_by_page(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    configuration = configured(organisation, database_url)
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
        for number in range(5):
            run = {"x-ql-run": f"run-{number % 2}", "x-ql-file": "a.py"}
            assert (await ask(client, headers=run)).status_code == 200
        assert (await ask(client, model="slow")).status_code == 404, "is no call of anything"
        rows = await kept(client, organisation, 5)
        first = (await audit(client, organisation, run="run-0", limit=2)).json()
        second = (await client.get(f"/admin/audit?{first['next']}", headers=ADMINISTRATOR)).json()
        since = (await audit(client, organisation, since=rows[1]["at"])).json()
    assert len(rows) == 5
    assert [row["run"] for row in rows] == ["run-0", "run-1", "run-0", "run-1", "run-0"]
    assert rows[0]["cost"] == 18 * 10**12
    assert [row["id"] for row in first["rows"] + second["rows"]] == [
        row["id"] for row in rows if row["run"] == "run-0"
    ]
    assert second["next"] is None
    assert since["rows"] == rows[:2]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "organisation=NAME"),
        ("organisation=a&colour=1", "there is organisation, run, key"),
        ("organisation=a&since=yesterday", "a time such as"),
        ("organisation=a&limit=0", "from 1 to 1,000"),
        ("organisation=a&before=7", "the id of the last row"),
    ],
)
async def test_a_question_that_cannot_be_understood_is_told_how_to_ask(
    tmp_path: Path, database_url: str, organisation: str, query: str, said: str
) -> None:
    configuration = configured(organisation, database_url)
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
        answer = await client.get(f"/admin/audit?{query}", headers=ADMINISTRATOR)
        assert answer.status_code == 400
        assert said in answer.json()["error"]["message"]
        refused = await client.get("/admin/audit?organisation=a")
        assert refused.status_code == 401, f"{KEY} is no administrator's"


async def test_without_a_database_rows_stay_on_the_disk_and_are_not_read(tmp_path: Path) -> None:
    configuration = f'admin: ["ADMIN"]\n{CONFIGURATION}'
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
        answer = await audit(client, "acme")
        assert answer.status_code == 503
        assert "under `database`" in answer.json()["error"]["message"]
        assert "postgresql" not in (await client.get("/readyz")).json()["parts"]


@pytest.mark.slow
async def test_while_postgresql_is_away_calls_go_on_and_afterwards_every_row_is_there_once(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    async with cutting_proxy(database_url) as proxy:
        configuration, port = configured(organisation, through(proxy, database_url)), proxy.url
        async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
            await ask(client)
            await kept(client, organisation, 1)
            assert (await client.get("/readyz")).json()["parts"]["postgresql"] == "ok"
    # The proxy is gone, and PostgreSQL with it: this gateway has only ever seen it down.
    async with served(tmp_path, [ALWAYS], configuration=configuration) as (client, *_):
        for _ in range(20):
            assert (await ask(client)).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["parts"]["postgresql"]) == (200, "down")
        assert await waiting(client) == 20
        assert (await audit(client, organisation)).status_code == 503
        async with cutting_proxy(database_url, urlsplit(port).port or 0) as proxy:
            for _ in range(10):
                assert (await ask(client)).status_code == 200
                proxy.cut()
            rows = await kept(client, organisation, 31)
            async with asyncio.timeout(10):
                while await waiting(client):  # noqa: ASYNC110 - the last drain may be under way
                    await asyncio.sleep(0.1)
    assert len(rows) == len({row["id"] for row in rows}) == 31


@pytest.mark.slow
async def test_rows_of_a_gateway_that_was_killed_are_brought_by_the_next(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    async with ModelServer([ALWAYS]) as server:
        text = configured(organisation, nowhere).replace("PRICE", "weight: 1")
        text = text.replace("ONE", server.base_url).replace("TWO", server.base_url)
        path = tmp_path / "gateway.yaml"
        path.write_text(written(tmp_path, text))
        async with own_process(path) as (process, client):
            asked = [(await ask(client)).headers["x-request-id"] for _ in range(10)]
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with gateway(tmp_path, text.replace(nowhere, database_url)) as next_one:
            rows = await kept(next_one, organisation, 10)
    assert sorted(row["id"] for row in rows) == sorted(asked)


@asynccontextmanager
async def own_process(path: Path) -> AsyncIterator[tuple[Process, httpx.AsyncClient]]:
    """A gateway as it is started for good, and a client of it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    arguments = ("-m", "quantumlayer.gateway", "--config", str(path), "--port", str(port))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"authorization": f"Bearer {KEY}"},
            timeout=30,
            trust_env=False,
        ) as client:
            async with asyncio.timeout(60):
                while not await serves(client):  # noqa: ASYNC110 - it says nothing when it does
                    await asyncio.sleep(0.1)
            yield process, client
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def serves(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_processes_on_one_folder_write_every_row_once(
    tmp_path: Path, database_url: str, organisation: str
) -> None:
    async with ModelServer([ALWAYS]) as server:
        text = configured(organisation, database_url).replace("PRICE", "weight: 1")
        text = text.replace("ONE", server.base_url).replace("TWO", server.base_url)
        async with gateway(tmp_path, text) as one, gateway(tmp_path, text) as two:
            many = await asyncio.gather(*(ask(client) for client in (one, two) * 25))
            assert {answer.status_code for answer in many} == {200}
            rows = await kept(one, organisation, 50)
    assert {row["id"] for row in rows} == {answer.headers["x-request-id"] for answer in many}
    assert list((tmp_path / "state" / "audit").glob("*.audit")) == [], "all were handed over"


def test_a_database_that_is_none_is_told_with_its_line() -> None:
    with pytest.raises(ConfigurationError, match="postgresql\\+asyncpg://") as raised:
        read_text("database: mysql://secret@host/x\nproviders: {one: {}}", {})
    assert "secret" not in str(raised.value)
