"""One part's keeper, tried on a real server that serves, waits, is silent or fails as told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quantumlayer.cli.platform import keeper as keeping
from quantumlayer.cli.platform.applications import Application
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.keeper import Keeper
from quantumlayer.cli.platform.parts import Launch
from quantumlayer.cli.platform.ports import PortBook
from quantumlayer.cli.platform.state import PartRecord

# Reads before each answer what it is told: `serve`, `wait`, `silence`; `fail` ends it at its start.
_SERVER = """
import http.server, pathlib, sys, time
port, told = int(sys.argv[1]), pathlib.Path(sys.argv[2])
if told.read_text() == "fail":
    sys.exit("as told")
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        word = told.read_text()
        if word == "silence":
            time.sleep(3600)
        self.send_response(200 if word == "serve" else 503)
        self.end_headers()
        self.wfile.write(b'{"parts": {"database": "down", "redis": "ok"}}')
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


class Told(Application):
    """An application of the platform, but for the program behind its port."""

    def __init__(self, ports: PortBook, folder: Path) -> None:
        super().__init__("worker", ports, dict, grace=1.0)
        self._book = ports
        self._file = folder / "told"
        self.tell("serve")

    def tell(self, word: str) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(word)
        fresh.replace(self._file)

    def launch(self) -> Launch:
        port = str(self._book["worker"])
        argv = (sys.executable, "-c", _SERVER, port, str(self._file))
        return Launch(argv=argv, environment={}, grace=1.0)


class Kept:
    """A part under its keeper, and every record that the keeper has told."""

    def __init__(self, part: Told, home: Home, ports: PortBook) -> None:
        self.part = part
        self.told: list[PartRecord] = []
        self._news = asyncio.Event()
        self.keeper = Keeper(part, home, ports, self._publish, lambda _message: None)

    def _publish(self, record: PartRecord) -> bool:
        self.told.append(record)
        self._news.set()
        return True

    @property
    def now(self) -> PartRecord:
        return self.told[-1]

    @property
    def pid(self) -> int:
        assert self.now.process is not None
        return self.now.process.pid

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    async def until(self, holds: Callable[[PartRecord], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds(self.now):
                self._news.clear()
                await self._news.wait()

    async def until_serving(self, restarts: int) -> None:
        await self.until(lambda now: now.state == "running" and now.restarts == restarts)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is counted in checks happens sooner."""
    monkeypatch.setattr(keeping, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr("quantumlayer.cli.platform.readiness.CHECK_TIMEOUT_SECONDS", 0.5)


@asynccontextmanager
async def kept(home: Home) -> AsyncIterator[Kept]:
    ports = PortBook(home)
    one = Kept(Told(ports, home.root), home, ports)
    await one.keeper.start()
    task = asyncio.create_task(one.keeper.keep())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await one.keeper.stop()


async def test_a_part_that_is_killed_over_and_over_is_back_each_time_without_a_pause(
    home: Home,
) -> None:
    async with kept(home) as one:
        began = time.monotonic()
        for deaths in range(1, 11):
            one.kill()
            await one.until_serving(deaths)

    # A pause that doubles from half a second would by now have added up to minutes.
    assert time.monotonic() - began < 30


async def test_a_part_that_is_killed_while_it_comes_up_comes_up_all_the_same(home: Home) -> None:
    async with kept(home) as one:
        first = one.pid
        one.kill()
        seen = {first}
        for _ in range(3):
            await one.until(lambda now: now.process is not None and now.process.pid not in seen)
            seen.add(one.pid)
            one.kill()
        await one.until(lambda now: now.state == "running" and now.process is not None)

        assert one.pid not in seen


async def test_a_part_that_only_waits_for_another_is_left_alone_and_says_for_which(
    home: Home,
) -> None:
    async with kept(home) as one:
        process = one.pid
        one.part.tell("wait")
        await one.until(lambda now: now.state == "waiting")
        assert one.now.detail == "worker waits for database"
        # Many more checks than a silent part is granted.
        await asyncio.sleep(keeping.CHECK_SECONDS * keeping.FAILURES_TO_RESTART * 5)
        one.part.tell("serve")
        await one.until_serving(0)

        assert one.pid == process


async def test_a_part_that_waits_for_too_long_is_tried_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WAITING_SECONDS", 0.3)
    async with kept(home) as one:
        one.part.tell("wait")
        await one.until(lambda now: now.restarts == 1)
        one.part.tell("serve")
        await one.until_serving(1)


async def test_a_part_that_is_silent_is_started_again(home: Home) -> None:
    async with kept(home) as one:
        process = one.pid
        one.part.tell("silence")
        await one.until(lambda now: now.restarts == 1)
        one.part.tell("serve")
        await one.until_serving(1)

        assert one.pid != process
        assert "no answer" in (one.now.last_exit or "")


async def test_a_part_that_fails_by_itself_is_tried_until_it_is_mended(home: Home) -> None:
    async with kept(home) as one:
        one.part.tell("fail")
        one.kill()
        await one.until(lambda now: "as told" in (now.detail or ""))
        mended_at = len(one.told)
        one.part.tell("serve")
        await one.until_serving(1)

        assert all(record.state != "running" for record in one.told[mended_at:-1])
