"""Previews over GraphQL: started in a real sandbox, reached by their name, seen by nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from quantumlayer.core.database import Database, new_id
from quantumlayer.core.events import EventLog
from quantumlayer.core.objects import FolderObjectStore
from quantumlayer.core.runs.recorder import CapsuleRow, RunRecorder
from quantumlayer.core.settings import ApiSettings
from tests.apps.api.test_runs import finished, start
from tests.packages.qtest.preview.projects import SERVICE, archive
from tests.support.api_client import ApiClient
from tests.support.scripted_run import WAITING

FIELDS = "id runId state reason address log expiresAt endedAt"
START = f"mutation($id: ID!) {{ startPreview(runId: $id) {{ {FIELDS} }} }}"
STOP = f"mutation($id: ID!) {{ stopPreview(id: $id) {{ {FIELDS} }} }}"
ONE = f"query($id: ID!) {{ preview(id: $id) {{ {FIELDS} }} }}"
ALL = f"query($run: ID) {{ previews(runId: $run) {{ {FIELDS} }} }}"
Json = dict[str, Any]
Made = Callable[..., Awaitable[str]]


@pytest_asyncio.fixture
async def made(api: ApiClient, api_settings: ApiSettings, tmp_path: Path) -> AsyncIterator[Made]:
    """Makes a finished run whose capsule holds a service."""
    database, redis = Database(api_settings.database_url), Redis.from_url(api_settings.redis_url)
    recorder = RunRecorder(database, EventLog(database, redis))
    objects = FolderObjectStore(api_settings.object_store)
    organisation = UUID(
        (await api.data("{ viewer { organisationId } }"))["viewer"]["organisationId"]
    )

    async def run_of(service: str = SERVICE) -> str:
        run_id = await finished(api)
        content = archive(tmp_path / run_id, service)
        sha256 = await objects.put(content)
        async with recorder.recording(organisation, UUID(run_id)) as told:
            made = CapsuleRow(sha256, len(content), "made.zip", "passed", "somebody")
            await told.put_capsule(made)
        return run_id

    yield run_of
    await redis.aclose()
    await database.close()


async def until(api: ApiClient, preview_id: str, *states: str) -> Json:
    """The preview, once it is in one of these states."""
    async with asyncio.timeout(60):
        while True:
            found: Json = (await api.data(ONE, id=preview_id))["preview"]
            if found["state"] in states:
                return found
            await asyncio.sleep(0.1)


async def asked(address: str, path: str = "/", **headers: str) -> httpx.Response:
    """An answer as a browser gets it, which finds the name by itself."""
    parts = urlsplit(address)
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(
            f"http://127.0.0.1:{parts.port}{path}", headers={"host": parts.netloc, **headers}
        )


@pytest.mark.slow
async def test_what_a_run_has_made_is_shown_until_it_is_stopped(api: ApiClient, made: Made) -> None:
    # given
    run_id = await made()
    # when
    begun = (await api.data(START, id=run_id))["startPreview"]
    ready = await until(api, begun["id"], "ready", "failed")
    # then
    assert (begun["state"], begun["address"]) == ("building", None)
    assert (ready["state"], ready["reason"]) == ("ready", "")
    name = urlsplit(ready["address"]).hostname or ""
    assert len(bytes.fromhex(name.removesuffix(".localhost"))) == 16
    answer = await asked(ready["address"])
    assert "Notes" in answer.text
    assert f"frame-ancestors {api.url};" in answer.headers["content-security-policy"]
    elsewhere = ready["address"].replace(name, "localhost")
    assert "Notes" not in (await asked(elsewhere)).text
    own = f"ql_session_{urlsplit(api.url).port}=secret"
    await asked(ready["address"], "/note", cookie=own)
    assert "secret" not in (await until(api, begun["id"], "ready"))["log"]
    # when
    ended = (await api.data(STOP, id=begun["id"]))["stopPreview"]
    # then
    assert (ended["state"], ended["reason"], ended["address"]) == ("ended", "It was stopped.", None)
    async with asyncio.timeout(20):
        while True:
            try:
                await asked(ready["address"])
            except httpx.ConnectError:
                break
            except httpx.TransportError:
                pass  # it is being stopped just now
            await asyncio.sleep(0.1)
    assert [one["id"] for one in (await api.data(ALL, run=run_id))["previews"]] == [begun["id"]]


@pytest.mark.slow
async def test_what_does_not_start_is_told_with_its_words(api: ApiClient, made: Made) -> None:
    broken = await made("raise SystemExit('no luck today')\n")
    without = await finished(api)
    first, second = [
        (await api.data(START, id=one))["startPreview"]["id"] for one in (broken, without)
    ]
    told = await until(api, first, "failed", "ready")
    assert told["state"] == "failed"
    assert "no luck today" in told["log"]
    told = await until(api, second, "failed", "ready")
    assert "there is no Dockerfile" in told["reason"]


@pytest.mark.slow
async def test_an_application_that_ends_by_itself_says_so(api: ApiClient, made: Made) -> None:
    leaving = "        if self.path == '/note':\n            import os\n            os._exit(3)\n"
    ending = SERVICE.replace("        body = PAGE", f"{leaving}        body = PAGE")
    begun = (await api.data(START, id=await made(ending)))["startPreview"]
    ready = await until(api, begun["id"], "ready", "failed")
    assert (await asked(ready["address"], "/note")).status_code == 502
    ended = await until(api, begun["id"], "ended")
    assert ended["reason"] == "The application has ended by itself, with status 3."


async def test_nobody_else_starts_sees_or_stops_one(api: ApiClient) -> None:
    run_id = await finished(api)
    begun = (await api.data(START, id=run_id))["startPreview"]
    key = await api.data('mutation { createApiKey(name: "e", role: viewer) { key } }')
    viewer = api.with_key(key["createApiKey"]["key"])
    assert (await viewer.error(START, id=run_id))[0] == "FORBIDDEN"
    assert (await viewer.error(STOP, id=begun["id"]))[0] == "FORBIDDEN"
    for unknown in (str(new_id()), "nonsense"):
        assert (await api.error(START, id=unknown))[0] == "NOT_FOUND"
        assert (await api.error(STOP, id=unknown))[0] == "NOT_FOUND"
        assert (await api.error(ONE, id=unknown))[0] == "NOT_FOUND"
    waiting = await start(api, prompt=WAITING)
    code, said = await api.error(START, id=waiting)
    assert (code, said) == ("CONFLICT", "The run has no capsule, so there is nothing to show.")
    await api.data("mutation($id: ID!) { cancelRun(runId: $id) { id } }", id=waiting)
    await until(api, begun["id"], "failed")


async def test_without_temporal_none_is_started(
    api: ApiClient, api_without_temporal: ApiClient
) -> None:
    run_id = await finished(api)
    assert (await api_without_temporal.error(START, id=run_id))[0] == "UNAVAILABLE"
    (left,) = (await api.data(ALL, run=run_id))["previews"]
    assert (left["state"], "Temporal does not answer" in left["reason"]) == ("failed", True)
