"""The browser check of ten pages, held against a bare Playwright run of the same checks.

Both start the Chromium of this machine and look at the same ten sound pages: every page is loaded
on a wide screen, on a phone and in the dark; console errors, failed requests, an empty root,
sideways scrolling and a bright screen are told; axe runs; every control is used once with an effect
that shows; three pictures are taken. Playwright does that without a sandbox, by a script that knows
what each control does, which is the least that such a run can cost.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from benchmarks.figures import Figure, report
from quantumlayer.core.caches import cache_folder
from quantumlayer.qtest.delivered import Delivery
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.delivered.pages import looked_at
from quantumlayer.qtest.environments.axe import axe_script
from quantumlayer.qtest.registries.door import pumped
from tests.packages.qtest.delivered import sites
from tests.packages.qtest.delivered.small_server import Here

PAGES = 10
ROUNDS = 3
AIM_RATIO = 1.5
AXE = """axe.run(document, {resultTypes: ['violations'], elementRef: false}).then((found) =>
  found.violations.filter((each) => ['serious', 'critical'].includes(each.impact)).length)"""
WIDE, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)


def paths() -> list[str]:
    """Ten pages: five boards, each with a page beside it."""
    return [f"/{number}{page}" for number in range(PAGES // 2) for page in ("/", "/about")]


@asynccontextmanager
async def at_port(socket: Path) -> AsyncIterator[str]:
    """The site at a port, as Playwright needs it; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, to_there = await asyncio.open_unix_connection(socket)
            await asyncio.gather(pumped(reader, to_there), pumped(there, writer))
            to_there.close()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def ours(socket: Path, folder: Path, cache: Path) -> float:
    """Seconds of our check."""
    delivery = Delivery(folder=folder, pages=tuple(paths()), dark=True)
    begun = time.perf_counter()
    finding = await looked_at(Here(socket), delivery, cache)
    seconds = time.perf_counter() - begun
    if finding.reason or len(finding.pictures) != 3 * PAGES:
        raise RuntimeError(f"a sound page is refused: {finding.reason}")
    return seconds


async def plainly(url: str, axe: str) -> float:
    """Seconds of the bare run, from the browser's start to its end."""
    program = installed_browser().program
    begun = time.perf_counter()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox"]
        )
        for path in paths():
            await checked(browser, f"{url}{path}", axe)
        await browser.close()
    return time.perf_counter() - begun


async def checked(browser: Browser, url: str, axe: str) -> None:
    """One page, as somebody tests it who knows it."""
    context = await browser.new_context(viewport=WIDE)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda each: wrong.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda each: wrong.append(str(each)))
    page.on("response", lambda each: wrong.append(each.url) if each.status >= 400 else None)
    await page.goto(url)
    await page.locator("h1").wait_for()
    await page.screenshot()
    await accessible(page, axe)
    if not url.endswith("about"):
        await used(page)
    await page.set_viewport_size(PHONE)
    await page.goto(url)
    await page.locator("h1").wait_for()
    across = await page.evaluate("document.documentElement.scrollWidth")
    await page.screenshot()
    await page.set_viewport_size(WIDE)
    await page.emulate_media(color_scheme="dark")
    await page.goto(url)
    await page.locator("h1").wait_for()
    await page.screenshot()
    await accessible(page, axe)
    await context.close()
    if wrong or across > PHONE["width"]:
        raise RuntimeError(f"a sound page is refused: {wrong}, {across}")


async def accessible(page: Page, axe: str) -> None:
    """Run axe, which finds nothing."""
    await page.evaluate(axe)
    if await page.evaluate(AXE):
        raise RuntimeError("axe finds something on a sound page")


async def used(page: Page) -> None:
    """Use every control of a board once, and wait for what comes of it."""
    await page.get_by_label("Title").fill("Sample")
    await page.get_by_label("Column").select_option("Done")
    await page.get_by_label("Urgent").check()
    await page.get_by_role("button", name="Add card").click()
    await page.locator("#list li").wait_for()
    await page.get_by_role("tab", name="Urgent").click()
    await page.locator("#urgent[aria-selected=true]").wait_for()
    await page.get_by_role("tab", name="All").click()
    await page.locator("#all[aria-selected=true]").wait_for()
    await page.get_by_role("button", name="Help").click()
    await page.get_by_role("button", name="Close").click()
    await page.locator("dialog").wait_for(state="hidden")
    await page.get_by_role("button", name="Copy link").click()
    await page.get_by_role("link", name="Cards").click()
    await page.get_by_role("button", name="Clear").click()
    await page.locator("#list li").wait_for(state="detached")


async def browser_figures() -> list[Figure]:
    """Seconds of both, side by side, and their ratio: the median of three rounds."""
    cache = cache_folder()
    script = await axe_script(cache)
    if script is None:
        raise RuntimeError("axe-core is not in the cache: run `make setup`")
    axe = await asyncio.to_thread(script.read_text, "utf-8")
    mine: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as name:
        folder = Path(name)
        socket = folder / "socket"
        # Browsers ask for it by themselves.
        files = {**sites.together([""] * (PAGES // 2)), "/favicon.ico": ""}
        async with sites.open_site(files, socket), at_port(socket) as url:
            for _ in range(ROUNDS):
                mine.append(await ours(socket, folder, cache))
                bare.append(await plainly(url, axe))
    ratios = [one / other for one, other in zip(mine, bare, strict=True)]
    return [
        Figure(f"browser check of {PAGES} pages", statistics.median(mine), "s"),
        Figure(
            f"bare Playwright run of the same checks, {PAGES} pages", statistics.median(bare), "s"
        ),
        Figure("browser check over bare Playwright", statistics.median(ratios), "x", AIM_RATIO),
    ]


def main() -> int:
    """Print the table and write the figures; 1 when an aim is missed."""
    figures = asyncio.run(browser_figures())
    report("pages", figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
