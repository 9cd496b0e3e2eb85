"""`quantumlayer preview`: an application for this user's browser, until it is stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.packages.qtest.delivered import services
from tests.support.command_line import CommandLine, line_with

COMPOSE = "services: {notes: {build: ., environment: {SESSION_SECRET: sesame}}}\n"


@pytest.fixture
def projects(tmp_path: Path) -> CommandLine:
    """The command beside a sound service, and one that cannot be built."""
    for name in ("notes", "broken", "empty"):
        (tmp_path / name).mkdir()
    for name in ("notes", "broken"):
        services.write_service(tmp_path / name, "python")
        (tmp_path / name / "compose.yaml").write_text(COMPOSE)
    dockerfile = tmp_path / "broken/Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("COPY service.py", "COPY gone.py"))
    cache = os.environ.get("QL_CACHE_DIR", str(Path.home() / ".cache" / "quantumlayer"))
    return CommandLine(tmp_path, {"QL_HOME": "home", "QL_CACHE_DIR": cache})


async def asked(url: str, path: str) -> httpx.Response:
    """An answer as a browser gets it, which finds the name by itself."""
    parts = urlsplit(url)
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {"host": parts.netloc}
        return await client.get(f"http://127.0.0.1:{parts.port}{path}", headers=headers)


@pytest.mark.slow
async def test_an_archive_is_shown_until_it_is_stopped(projects: CommandLine) -> None:
    # given
    with zipfile.ZipFile(projects.folder / "notes.zip", "w") as archive:
        for path in (projects.folder / "notes").iterdir():
            archive.write(path, path.name)
    # when
    async with projects.started("preview", "notes.zip", "--json") as process:
        ready = json.loads(await line_with(process.stdout, '"ready"'))
        answer = await asked(ready["text"], "/healthz")
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 30)
    # then
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (process.returncode, err) == (0, b"")
    told = [json.loads(line) for line in out.decode().splitlines()]
    assert told[-1] == {"type": "stopped", "text": "stopped; nothing is left running"}
    with pytest.raises(httpx.ConnectError):
        await asked(ready["text"], "/healthz")


@pytest.mark.slow
async def test_whoever_kills_it_leaves_nothing_of_it(projects: CommandLine) -> None:
    # given
    async with projects.started("preview", "notes", "--json") as process:
        ready = json.loads(await line_with(process.stdout, '"ready"'))
        held = psutil.Process(process.pid).children(recursive=True)
        # when
        process.kill()
        await process.wait()
    # then
    _, left = await asyncio.to_thread(psutil.wait_procs, held, timeout=20)
    assert (bool(held), left) == (True, [])
    with pytest.raises(httpx.ConnectError):
        await asked(ready["text"], "/healthz")


@pytest.mark.slow
async def test_people_read_where_it_is_and_what_it_says(projects: CommandLine) -> None:
    ended = await projects.run("preview", "notes", "--seconds", "1")
    assert ended.status == 0, ended.err
    assert "preview: http://" in ended.err
    assert ended.err.strip().splitlines()[-1] == "preview: The preview's time is over: 1 s."


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("empty", 1, "there is no Dockerfile at the top"),
        pytest.param("broken", 1, "it cannot be built", marks=pytest.mark.slow),
    ],
)
async def test_what_cannot_be_shown_says_why(
    what: str, status: int, words: str, projects: CommandLine
) -> None:
    ended = await projects.run("preview", what)
    assert (ended.status, words in ended.err) == (status, True), ended.err
