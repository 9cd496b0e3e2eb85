"""An application as it is delivered, in a person's browser; hostile pages reach nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from quantumlayer.qtest.delivered import emulating_starter
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.preview import Bounds, CannotPreview, Preview, previewed
from tests.packages.qtest.preview.projects import SERVICE, project

pytestmark = pytest.mark.slow

ASK = """async (url) => {
  try { return (await fetch(url, {mode: 'no-cors', method: 'POST', body: 'x'})).type; }
  catch (error) { return String(error); }
}"""

# Without one of its own the browser asks for the page's icon, some time after the page.
WITH_ICON = b"<link rel='icon' href='data:,'>ok"


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
            b"Content-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (len(WITH_ICON), WITH_ICON)
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
    # then
    assert again == "milk"
    assert (data / "data/note").read_text() == "milk"


async def test_a_preview_says_why_it_has_ended(tmp_path: Path, cache: Path) -> None:
    # given
    delivery, starter = project(tmp_path / "project"), emulating_starter(cache)
    async with previewed(delivery, starter, bounds=Bounds(idle_seconds=0.3)) as preview:
        # when
        end = await preview.ended()
        # then
        assert (end.reason, end.by_itself) == ("Nobody has used the preview for 0 s.", False)
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
