"""One tab of the browser: what it is asked to do, and what has gone wrong in it."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from quantumlayer.qtest.payload.browser_pipe import Browser, Event, Refused
from quantumlayer.qtest.payload.page_traffic import Traffic

WORLD = "eyes"
FOLDER = Path(__file__).parent
SCRIPTS = (("page_marks.js", ""), ("page_eyes.js", WORLD), ("page_drags.js", WORLD))
QUIET_SECONDS = 0.12
SETTLE_SECONDS = 4.0
TRIES = 5
MOST_FAULTS = 40
LONGEST_WORDS = 300


class Tab:
    """A page with its faults, as (kind, words).

    `acts` counts what shows outside of the document: requests, navigations, windows, downloads;
    `writes` those of the requests that ask for more than an answer.
    """

    def __init__(
        self, browser: Browser, origin: str, target: str, session: str, patience: float
    ) -> None:
        """`patience`: in how many seconds a page has to be loaded."""
        self.browser = browser
        self.origin = origin
        self.target = target
        self.session = session
        self.faults: list[tuple[str, str]] = []
        self.notes: dict[str, None] = {}
        self.outside: dict[str, None] = {}
        self.patience = patience
        self.status = 0
        self.media_type = ""
        self.acts = self.writes = self.documents = self.dialogs = 0
        self.address = ""
        self.world = 0
        self.main_frame = ""
        self.loaded = asyncio.Event()
        self.gone = asyncio.Event()
        self.picture = ""
        self.flying_sockets: dict[str, str] = {}
        self.dragged: asyncio.Future[Event] | None = None
        self.traffic = Traffic()
        self.flying: dict[str, tuple[str, str]] = {}
        self.last = time.monotonic()
        self.using = False
        self.ambient: set[str] = set()
        self.refused_at = 0.0
        self.answering: set[asyncio.Task[None]] = set()

    async def send(self, method: str, seconds: float = 10.0, /, **parameters: object) -> Event:
        """A command to this page. Raises Refused."""
        return await self.browser.send(method, self.session, seconds, **parameters)

    async def open(self) -> None:
        """Listen to everything. Raises Refused."""
        for domain in ("Page", "Runtime", "Network", "Log", "Inspector"):
            await self.send(f"{domain}.enable")
        await self.send("Network.setBypassServiceWorker", bypass=True)
        await self.send("Page.setInterceptFileChooserDialog", enabled=True)
        await self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        for name, world in SCRIPTS:
            source = (FOLDER / name).read_text("utf-8")
            named = {"worldName": world} if world else {}
            await self.send("Page.addScriptToEvaluateOnNewDocument", source=source, **named)

    async def go(self, address: str) -> str:
        """Load an address and wait until it rests; why it cannot be loaded, empty when it can."""
        self.loaded.clear()
        self.status, self.media_type, self.world = 0, "", 0
        self.flying.clear()
        answer = await self.send("Page.navigate", self.patience, url=address)
        if error := answer.get("errorText"):
            return str(error)
        try:
            async with asyncio.timeout(self.patience):
                await self.loaded.wait()
        except TimeoutError:
            waiting = "; ".join(sorted({url for url, _ in self.flying.values()})[:3])
            for_what = f", waits for {waiting}" if waiting else ""
            return f"it is not loaded after {self.patience:.0f} s{for_what}"
        await self.rest()
        self.ambient.clear()
        with contextlib.suppress(Refused):
            await self.ask("eyes.settled()")
        return ""

    async def rest(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until nothing is on its way any more, which may never be."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            quiet = time.monotonic() - self.last > QUIET_SECONDS
            if quiet and not any(kind not in ("EventSource", "WebSocket", "Media")
                                 for _, kind in self.flying.values()):  # fmt: skip
                return
            await asyncio.sleep(0.03)

    async def stillness(self, still: float, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until for so long neither anything was on its way nor the document changed.

        That may never be, so no longer than `seconds`. Raises Refused.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await self.rest(deadline - time.monotonic())
            since = min(time.monotonic() - self.last, float(await self.ask("eyes.still()")))
            if since > still:
                return
            await asyncio.sleep(min(still - since + 0.03, max(deadline - time.monotonic(), 0)))

    async def ask(self, expression: str, seconds: float = 10.0) -> Any:  # noqa: ANN401 - JSON
        """The value of an expression in the world of our own. Raises Refused."""
        for left in reversed(range(TRIES)):
            await self.seeing()
            try:
                answer = await self.evaluated(expression, seconds)
                break
            except Refused as error:
                # The document has given way to another.
                if not left or "context" not in str(error).lower():
                    raise
                await asyncio.sleep(0.1)
        if failed := answer.get("exceptionDetails"):
            raise Refused(said(failed))
        return answer.get("result", {}).get("value")

    async def evaluated(self, expression: str, seconds: float) -> Event:
        """The answer in the present document, which may go meanwhile: then nobody answers."""
        asking = asyncio.ensure_future(self.send(
            "Runtime.evaluate", seconds, expression=expression, contextId=self.world,
            returnByValue=True, awaitPromise=True,
        ))  # fmt: skip
        gone = asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait({asking, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise Refused("the context of the question is gone")
            return asking.result()
        finally:
            asking.cancel()
            gone.cancel()

    async def seeing(self) -> None:
        """Wait for our own world of the document, which is made with it."""
        for _ in range(50):
            if self.world:
                return
            await asyncio.sleep(0.02)

    def own(self, address: str) -> bool:
        """Whether an address is the application's."""
        return urlsplit(address).netloc == urlsplit(self.origin).netloc

    def fault(self, kind: str, words: str) -> None:
        """Note once what is wrong."""
        found = (kind, " ".join(words.split())[:LONGEST_WORDS])
        if found not in self.faults and len(self.faults) < MOST_FAULTS:
            self.faults.append(found)

    def in_background(self, method: str, **parameters: object) -> None:
        async def told() -> None:
            with contextlib.suppress(Refused):
                await self.send(method, **parameters)

        self.meanwhile(told())

    def meanwhile(self, doing: Coroutine[object, object, None]) -> None:
        """Do something while others go on."""
        task = asyncio.ensure_future(doing)
        self.answering.add(task)
        task.add_done_callback(self.answering.discard)


def said(details: Event) -> str:
    """An exception in its own words, with its first line of the stack."""
    thrown = details.get("exception", {})
    words = thrown.get("description") or str(thrown.get("value", details.get("text", "")))
    return " ".join(words.split("\n")[:2])
