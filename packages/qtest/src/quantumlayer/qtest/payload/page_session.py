"""Looks at every page of a started application, inside the browser's own sandbox.

usage: … page_session.main() with a plan: `port` where the application is reached at 127.0.0.1,
`door`, the socket that leads there, `program`, the browser, `paths` to begin with, and bounds.
"""

import asyncio
import contextlib
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from quantumlayer.qtest.payload.browser_pipe import Browser, Event, Refused, started
from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.forwarder import forwarding
from quantumlayer.qtest.payload.page_checks import Looks, looked_at
from quantumlayer.qtest.payload.page_controls import Using
from quantumlayer.qtest.payload.page_events import heard
from quantumlayer.qtest.payload.page_tab import Tab
from quantumlayer.qtest.payload.page_uploads import picture_in

ADDRESS = "127.0.0.1"
# Of one path with different queries.
MOST_ALIKE = 3
OPENED_SECONDS = 0.3
CLOSE_SECONDS, START_SECONDS = 3.0, 30.0


class Crawl:
    """The pages that are known, and what is still to be looked at."""

    def __init__(self, origin: str, paths: Iterable[str], most: int) -> None:
        self.origin = origin
        self.most = most
        self.pending: list[tuple[str, str]] = [(urljoin(origin, path), "") for path in paths]
        self.known = {address for address, _ in self.pending}
        self.left_out: dict[str, None] = {}

    def add(self, addresses: Iterable[str], seen_on: str) -> None:
        """Note what a page leads to, where it is the application's own."""
        for found in addresses:
            address = urldefrag(found).url
            parts = urlsplit(address)
            if f"{parts.scheme}://{parts.netloc}" != self.origin or address in self.known:
                continue
            alike = sum(urlsplit(known).path == parts.path for known in self.known)
            if len(self.known) < self.most and alike < MOST_ALIKE:
                self.known.add(address)
                self.pending.append((address, seen_on))
            else:
                self.left_out.setdefault(address, None)


class Session:
    """A browser that goes from page to page."""

    def __init__(self, browser: Browser, plan: dict[str, Any], emit: Emit) -> None:
        self.browser = browser
        self.plan = plan
        self.emit = emit
        self.origin = f"http://{ADDRESS}:{plan['port']}"
        self.crawl = Crawl(self.origin, plan["paths"], plan["most"])
        self.until = time.monotonic() + plan["seconds"]
        self.context = ""
        self.picture = picture_in(plan["folder"])
        self.tab: Tab | None = None
        self.closing: set[asyncio.Task[None]] = set()
        browser.listeners[""] = self.hear

    def hear(self, method: str, event: Event) -> None:
        """Windows that a page opens are counted, and closed."""
        if method == "Target.targetCreated" and self.tab is not None:
            about = event["targetInfo"]
            if about["type"] == "page" and about.get("openerId") == self.tab.target:
                self.tab.acts += 1
                task = asyncio.ensure_future(self.shut(about["targetId"], OPENED_SECONDS))
                self.closing.add(task)
                task.add_done_callback(self.closing.discard)
        elif method == "Browser.downloadWillBegin" and self.tab is not None:
            self.tab.acts += 1

    async def shut(self, target: str, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        with contextlib.suppress(Refused):
            await self.browser.send("Target.closeTarget", "", CLOSE_SECONDS, targetId=target)
        if self.tab is not None and target != self.tab.target:
            self.tab.in_background("Page.bringToFront")

    async def fresh_context(self) -> None:
        """Storage and processes that nothing before has touched. Raises Refused."""
        made = await self.browser.send("Target.createBrowserContext")
        self.context = made["browserContextId"]
        await self.browser.send(
            "Browser.setDownloadBehavior", behavior="deny", browserContextId=self.context,
            eventsEnabled=True,
        )  # fmt: skip

    async def begin(self) -> None:
        """Be told of windows, in a context of its own. Raises Refused without a browser."""
        # Attaching to windows at their birth would leave who opened them waiting for ever.
        await self.browser.send("Target.setDiscoverTargets", "", START_SECONDS, discover=True)
        await self.fresh_context()

    async def run(self) -> None:
        """Look at pages until there are no more, or no time. Raises Refused without a browser."""
        await self.begin()
        while self.crawl.pending:
            if time.monotonic() > self.until:
                break
            address, seen_on = self.crawl.pending.pop(0)
            self.emit("visiting", page=self.path(address))
            if not await self.visit(address, seen_on):
                await self.fresh_context()
        left = [self.path(address) for address, _ in self.crawl.pending]
        self.emit("unseen", late=left, many=[self.path(each) for each in self.crawl.left_out][:50])

    def path(self, address: str) -> str:
        return address.removeprefix(self.origin) or "/"

    async def visit(self, address: str, seen_on: str) -> bool:
        """Look at one page; whether the browser can still be trusted afterwards."""
        begun = time.monotonic()
        tab = await self.opened()
        sound = True
        looks = Looks()
        using = Using(tab, address, min(self.until, begun + self.plan["page_seconds"]))
        try:
            async with asyncio.timeout(self.plan["page_seconds"] * 2):
                looks = await looked_at(tab, address, self.plan, using)
        except (Refused, TimeoutError) as error:
            sound = False
            if not any(kind in ("hang", "crash") for kind, _ in tab.faults):
                tab.fault("hang", f"it does not answer any more ({error or 'out of time'})")
        self.crawl.add([*looks.links, *using.met], self.path(address))
        linked = f" (a link on `{seen_on}`)" if seen_on else ""
        self.emit("page", page=self.path(address), linked=linked, faults=tab.faults[:40],
                  notes=list(tab.notes)[:20], outside=list(tab.outside)[:10],
                  controls=using.uses, title=looks.title,
                  seconds=round(time.monotonic() - begun, 3), pictures=looks.pictures,
                  links=len(looks.links), writes=tab.traffic.writes(),
                  reads=tab.traffic.reads(), shown=tab.traffic.shown(),
                  refused=tab.traffic.refused())  # fmt: skip
        await self.closed(tab)
        return sound

    async def opened(self) -> Tab:
        """A new tab. Raises Refused."""
        made = await self.browser.send(
            "Target.createTarget", url="about:blank", browserContextId=self.context
        )
        target = made["targetId"]
        attached = await self.browser.send("Target.attachToTarget", targetId=target, flatten=True)
        tab = Tab(self.browser, self.origin, target, attached["sessionId"],
                  self.plan["load_seconds"])  # fmt: skip
        self.browser.listeners[tab.session] = partial(heard, tab)
        self.tab = tab
        tab.picture = self.picture
        await tab.open()
        return tab

    async def closed(self, tab: Tab) -> None:
        self.browser.listeners.pop(tab.session, None)
        self.tab = None
        await self.shut(tab.target)


@contextlib.asynccontextmanager
async def browser_of(plan: dict[str, Any]) -> AsyncIterator[Browser]:
    """A browser that reaches the application. Raises Refused where there is none."""
    forward = forwarding(plan["door"], "")

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await forward(reader, writer)

    await asyncio.start_server(serve, ADDRESS, plan["port"])
    browser, listening = await started(plan["program"], plan["folder"])
    try:
        yield browser
    finally:
        browser.process.kill()
        listening.cancel()


async def session(emit: Emit, plan: dict[str, Any]) -> None:
    try:
        async with browser_of(plan) as browser:
            await Session(browser, plan, emit).run()
    except Refused as error:
        emit("no_browser", words=str(error))
        return
    emit("closed")


def main() -> None:
    """Look at what the plan names, and report."""
    emit, plan = open_channel()
    emit("opened")
    plan["axe"] = Path(plan["axe"]).read_text("utf-8")
    asyncio.run(session(emit, plan))
