"""Using every control of a page once, and telling those that do nothing."""

import asyncio
import contextlib
import json
import re
import time
from collections import Counter
from typing import Any

from quantumlayer.qtest.payload.browser_pipe import Refused
from quantumlayer.qtest.payload.page_drags import not_dragged
from quantumlayer.qtest.payload.page_reloads import Sent, about_to_reload, answered
from quantumlayer.qtest.payload.page_tab import Tab

MOST_USES = 80
MOST_ALIKE = 2
MOST_RELOADS = 25
SHOWS_SECONDS = 0.5
# Before something is called dead it gets more time.
SHOWS_LATE_SECONDS = 1.5
CLICK_SECONDS = 1.0
# In which clocks have ticked, and what moves has moved.
TIMED_SECONDS, LIVELY_SECONDS = 1.2, 0.1
ENTER = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
# They take away what others need: used last.
LAST = re.compile(r"(?i)\b(delete|remove|clear|reset|sign out|log ?out|cancel|close|discard)\b")

Control = dict[str, Any]


class Using:
    """A page whose controls are used, one after another."""

    def __init__(self, tab: Tab, address: str, until: float) -> None:
        self.tab = tab
        self.address = address
        self.until = until
        self.times: Counter[str] = Counter()
        self.doubtful: dict[str, Control] = {}
        self.uses = self.reloads = self.drags = 0
        self.met: dict[str, None] = {}

    async def all(self) -> None:
        """Use what there is, and what appears meanwhile; then what did nothing, once more."""
        await self.watched()
        self.tab.using = True
        try:
            while (control := await self.next()) is not None:
                if not (LAST.search(control["name"]) and await self.dragged()):
                    await self.one(control)
            for key in list(self.doubtful):
                await self.again(key)
            await self.dragged()
        finally:
            self.tab.using = False

    async def dragged(self) -> bool:
        """Drag what can be dragged, once; whether there was anything."""
        if self.drags or not self.time_left() or not await self.here():
            return False
        wrong = await not_dragged(self.tab)
        if wrong is None:
            return False
        self.drags += 1
        if wrong:
            self.tab.fault("dead control", wrong)
        await self.tab.rest()
        return True

    def time_left(self) -> bool:
        return time.monotonic() < self.until

    async def next(self) -> Control | None:
        """A control that has not been used; the page is loaded anew where that brings one back."""
        while self.uses < MOST_USES and self.time_left():
            if await self.here():
                found: list[Control] = [each for each in await self.tab.ask("eyes.controls()")
                         if not each["used"] and self.times[each["key"]] < MOST_ALIKE]  # fmt: skip
                if found:
                    return min(found, key=lambda each: bool(LAST.search(each["name"])))
                return None
        return None

    async def here(self) -> bool:
        """Go back where a control has led elsewhere."""
        tab = self.tab
        if bare(tab.address) == bare(self.address):
            return True
        self.met.setdefault(tab.address, None)
        self.reloads += 1
        if self.reloads > MOST_RELOADS:
            self.uses = MOST_USES
            return False
        await self.anew()
        return True

    async def anew(self) -> None:
        """Load the page again, and see what happens by itself."""
        self.tab.using = False
        await self.tab.go(self.address)
        await self.watched()
        self.address = self.tab.address  # where that leads now
        self.tab.using = True

    async def watched(self) -> None:
        """Wait for what happens by itself, where something does."""
        await asyncio.sleep(TIMED_SECONDS if await self.tab.ask("eyes.timed()") else LIVELY_SECONDS)

    async def one(self, control: Control) -> None:
        """Use a control for the first time."""
        self.uses += 1
        self.times[control["key"]] += 1
        works = await self.used(control, SHOWS_SECONDS)
        if works:
            self.doubtful.pop(control["key"], None)
        elif self.times[control["key"]] == 1 and not control["chosen"]:
            self.doubtful[control["key"]] = control

    async def again(self, key: str) -> None:
        """Use once more what did nothing, now that others have been used; then on a fresh page."""
        for fresh in (False, True):
            if not self.time_left():
                return
            if fresh or bare(self.tab.address) != bare(self.address):
                await self.anew()
            same = [each for each in await self.tab.ask("eyes.controls()") if each["key"] == key]
            if not same:
                continue
            await self.tab.ask(f"eyes.complete({same[0]['number']})")
            if await self.used(same[0], SHOWS_LATE_SECONDS):
                return
        self.tab.fault("dead control", f"{shown(self.doubtful[key])} does nothing")

    async def used(self, control: Control, seconds: float) -> bool:
        """Use a control; whether anything came of it."""
        tab, number = self.tab, control["number"]
        documents, known = tab.documents, len(tab.faults)
        try:
            kind = control["kind"]
            if kind in ("button", "toggle"):
                works = await self.pressed(control, seconds)
            elif kind == "fragment":
                works = bool(await tab.ask(f"eyes.targeted({number})"))
            else:
                works = await self.filled(kind, number)
            await tab.rest()
        except Refused:
            # A document that has gone meanwhile answers no more.
            works = tab.documents != documents
            if not works:
                tab.fault("hang", f"{shown(control)} makes the page stop answering")
                raise
            await tab.rest()
        new = tab.faults[known:]
        told = f"using {shown(control)}: "
        tab.faults[known:] = [(kind, words if kind in ("hang", "crash") else told + words)
                              for kind, words in new]  # fmt: skip
        return works or bool(new)

    async def pressed(self, control: Control, seconds: float) -> bool:
        """Press with the mouse where it shows, or as assistive technology does."""
        tab, number = self.tab, control["number"]
        place = await tab.ask(f"eyes.place({number})")
        before = await tab.ask(f"eyes.value({number})")
        picture = await self.picture() if await tab.ask("eyes.canvas()") else ""
        sent = await about_to_reload(tab, number)
        await asyncio.sleep(0.03)  # scrolling there is no effect
        await tab.ask(f"eyes.arm({number})")
        acts = tab.acts
        if place is None:
            await tab.ask(f"eyes.press({number})")
        else:
            await self.clicked(place["x"], place["y"])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if tab.acts != acts or await self.changed():
                return sent is None or await self.answered(sent)
            if control["kind"] == "toggle" and await tab.ask(f"eyes.value({number})") != before:
                return True
            await asyncio.sleep(0.04)
        return bool(picture) and picture != await self.picture()

    async def answered(self, sent: Sent) -> bool:
        """As `answered`, of the page that is looked at."""
        self.tab.using = False
        try:
            return await answered(self.tab, sent, self.address)
        finally:
            self.tab.using = True

    async def clicked(self, x: float, y: float) -> None:
        """Press and release. What opens a window is told of no end: whether the page still lives
        is asked afterwards."""
        for step in ("mouseMoved", "mousePressed", "mouseReleased"):
            with contextlib.suppress(Refused):
                await self.tab.send(
                    "Input.dispatchMouseEvent", CLICK_SECONDS, type=step, x=x, y=y,
                    button="none" if step == "mouseMoved" else "left",
                    buttons=int(step == "mousePressed"), clickCount=1,
                )  # fmt: skip

    async def changed(self) -> bool:
        return bool(await self.tab.ask("eyes.changed()"))

    async def picture(self) -> str:
        return str((await self.tab.send("Page.captureScreenshot", format="png"))["data"])

    async def filled(self, kind: str, number: int) -> bool:
        """Write, set or choose; whether it took that."""
        tab = self.tab
        await tab.ask(f"eyes.place({number})")
        if kind == "choice":
            wanted = await tab.ask(f"eyes.choose({number})")
            return wanted is None or await tab.ask(f"eyes.value({number})") == wanted
        if kind == "setting":
            wanted = await tab.ask(f"eyes.set({number})")
            return bool(await tab.ask(f"eyes.value({number})") == wanted)
        wanted = await tab.ask(f"eyes.wanted({number})")
        before = await tab.ask(f"eyes.value({number})")
        enters = await tab.ask(f"eyes.ready({number})")
        await tab.send("Input.insertText", text=wanted)
        took = await tab.ask(f"eyes.value({number})")
        if enters:
            with contextlib.suppress(Refused):
                for step in ("keyDown", "keyUp"):
                    await tab.send("Input.dispatchKeyEvent", type=step, **ENTER)
        return bool(took != before or took == wanted)


def bare(address: str) -> str:
    return address.partition("#")[0]


def shown(control: Control) -> str:
    """A control for people."""
    name = json.dumps(control["name"], ensure_ascii=False)
    return (
        f"<{control['tag']}> {name}" if control["name"] else f"a <{control['tag']}> without a name"
    )
