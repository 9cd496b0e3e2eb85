"""An application as it is delivered, in a person's browser; hostile pages reach nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from quantumlayer.qtest.delivered import Delivery, Volume, emulating_starter
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.preview import Bounds, CannotPreview, Preview, previewed

pytestmark = pytest.mark.slow

DOCKERFILE = """\
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY service.py ./
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "service.py"]
"""
SERVICE = """\
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTE = Path("/data/note")
PAGE = b'<!doctype html><html lang="en"><title>Notes</title><h1>Notes</h1>'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGE if self.path == "/" else NOTE.read_bytes() if NOTE.exists() else b"nothing"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        NOTE.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        print("noted by", self.headers.get("Cookie"))
        self.send_response(204)
        self.end_headers()


def stop(*_):
    print("put down")
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
print("ready")
ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""
ASK = """async (url) => {
  try { return (await fetch(url, {mode: 'no-cors', method: 'POST', body: 'x'})).type; }
  catch (error) { return String(error); }
}"""


def project(folder: Path, service: str = SERVICE) -> Delivery:
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "service.py").write_text(service)
    return Delivery(folder=folder, volumes=(Volume(path="/data"),), start_seconds=15)


@asynccontextmanager
async def browser(preview: Preview) -> AsyncIterator[Page]:
    """A person's browser, with the preview open."""
    program = (await asyncio.to_thread(installed_browser)).program
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox"]
        )
        page = await (await chromium.new_context()).new_page()
        await page.goto(preview.url)
        yield page
        await chromium.close()


@asynccontextmanager
async def somebody_else(heard: list[bytes]) -> AsyncIterator[int]:
    """Another service of this machine, such as a platform, that sets a cookie; its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 200 OK\r\nSet-Cookie: session=secret; Path=/\r\n"
            b"Content-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        )
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_a_person_uses_it_and_it_reaches_nothing_else(tmp_path: Path, cache: Path) -> None:
    # given
    heard: list[bytes] = []
    delivery = project(tmp_path / "project")
    async with (
        previewed(delivery, emulating_starter(cache)) as preview,
        somebody_else(heard) as port,
        browser(preview) as page,
    ):
        other = await page.context.new_page()
        await other.goto(f"http://127.0.0.1:{port}/")
        assert len(await page.context.cookies(f"http://127.0.0.1:{port}/")) == 1
        asked = len(heard)
        # when
        shown = await page.inner_text("h1")
        own = await page.evaluate(ASK, preview.url)
        stolen = [await page.evaluate(ASK, f"http://{host}:{port}/")
                  for host in ("127.0.0.1", "localhost")]  # fmt: skip
        # then
        assert (shown, own) == ("Notes", "basic")
        assert all("Failed to fetch" in each for each in stolen), stolen
        assert len(heard) == asked
        _, said = await preview.said()
        assert "noted by None" in said, "no cookie of another service of this machine"


async def test_data_is_kept_where_that_is_asked_for(tmp_path: Path, cache: Path) -> None:
    # given
    delivery, data = project(tmp_path / "project"), tmp_path / "data"
    starter = emulating_starter(cache)
    async with previewed(delivery, starter, data=data) as preview, browser(preview) as page:
        assert await page.evaluate("async () => (await fetch('/note')).text()") == "nothing"
        await page.evaluate("async () => { await fetch('/note', {method: 'POST', body: 'milk'}) }")
    # when
    async with previewed(delivery, starter, data=data) as preview, browser(preview) as page:
        again = await page.evaluate("async () => (await fetch('/note')).text()")
    async with previewed(delivery, starter) as preview, browser(preview) as page:
        alone = await page.evaluate("async () => (await fetch('/note')).text()")
    # then
    assert (again, alone) == ("milk", "nothing")
    assert (data / "data/note").read_text() == "milk"


async def test_a_preview_says_why_it_has_ended(tmp_path: Path, cache: Path) -> None:
    # given
    delivery, starter = project(tmp_path / "project"), emulating_starter(cache)
    for bounds, reason in (
        (Bounds(idle_seconds=0.3), "Nobody has used the preview for 0 s."),
        (Bounds(seconds=0.3), "The preview's time is over: 0 s."),
    ):
        async with previewed(delivery, starter, bounds=bounds) as preview:
            # when
            end = await preview.ended()
            # then
            assert (end.reason, end.by_itself) == (reason, False)
    ending = SERVICE.replace("NOTE.write_bytes", "import os; os._exit(3); NOTE.write_bytes")
    async with previewed(project(tmp_path / "other", ending), starter) as preview:
        async with browser(preview) as page:
            await page.evaluate(ASK, preview.url)
        end = await preview.ended()
        assert (end.reason, end.by_itself) == (
            "The application has ended by itself, with status 3.", True
        )  # fmt: skip


async def test_what_does_not_start_is_told_with_its_words(tmp_path: Path, cache: Path) -> None:
    broken = project(tmp_path / "project", "raise SystemExit('no luck today')\n")
    with pytest.raises(CannotPreview) as told:
        async with previewed(broken, emulating_starter(cache)):
            pass
    assert "no luck today" in told.value.log
    serving = broken.model_copy(update={"serves": False})
    with pytest.raises(CannotPreview, match="serves nobody"):
        async with previewed(serving, emulating_starter(cache)):
            pass
