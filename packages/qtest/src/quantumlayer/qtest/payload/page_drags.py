"""Dragging what can be dragged to where it is taken, and telling whether anything comes of it.

What the browser itself drags goes by its own events, once it has said what is dragged; what a
script drags goes by the mouse alone.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from quantumlayer.qtest.payload.page_tab import Tab

MOST_DROPS = 6
STEPS = 6
BEGUN_SECONDS, FALLEN_SECONDS, STEP_SECONDS = 0.4, 1.0, 0.02
NOTHING_TAKES_IT = "nothing on the page takes it"
NOTHING_COMES_OF_IT = "it does nothing"

Point = dict[str, float]


@dataclass
class Dragging:
    """One thing that can be dragged, at a place. `own`: what it lies in takes it."""

    tab: Tab
    thing: dict[str, Any]
    own: bool = False

    async def mouse(self, step: str, point: Point) -> None:
        held = step != "mouseReleased"
        await self.tab.send("Input.dispatchMouseEvent", type=step, x=point["x"], y=point["y"],
                            button="left", buttons=int(held), clickCount=1)  # fmt: skip

    async def begun(self) -> dict[str, Any] | None:
        """Take it, and pull; what the browser drags, None where a script does."""
        tab, x, y = self.tab, self.thing["x"], self.thing["y"]
        tab.dragged = asyncio.get_running_loop().create_future()
        await tab.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        await self.mouse("mousePressed", self.thing)
        for far in (3, 8, 14):
            await self.mouse("mouseMoved", {"x": x + far, "y": y + far})
            await asyncio.sleep(STEP_SECONDS)
        await asyncio.wait([tab.dragged], timeout=BEGUN_SECONDS)
        return tab.dragged.result() if tab.dragged.done() else None

    async def over(self, kind: str, point: Point, data: dict[str, Any]) -> None:
        await self.tab.send("Input.dispatchDragEvent", type=kind, x=point["x"], y=point["y"],
                            data=data)  # fmt: skip

    async def takers(self, data: dict[str, Any]) -> list[Point]:
        """Where it is taken, other than where it lies; what is like its place first."""
        spots = await self.tab.ask("eyes.spots()")
        points = [*spots["near"], *spots["across"]]
        await self.over("dragEnter", points[0], data)
        found: dict[str, list[Point]] = {"": [], "own": [], "other": []}
        for point in points:
            await self.over("dragOver", point, data)
            await asyncio.sleep(0)
            found[await self.tab.ask("new Promise((done) => setTimeout(() => done(eyes.taken())))")
                  ].append(point)  # fmt: skip
        self.own = bool(found["own"])
        return found["other"]

    async def fallen(self, before: str, writes: int) -> bool:
        """Whether something comes of it within a moment."""
        deadline = time.monotonic() + FALLEN_SECONDS
        while time.monotonic() < deadline:
            if self.tab.writes != writes or await self.tab.ask("eyes.arrangement()") != before:
                return True
            await asyncio.sleep(0.05)
        return False


async def not_dragged(tab: Tab) -> str | None:
    """What is wrong with what can be dragged, empty where nothing is, None where nothing can be.

    Raises Refused.
    """
    thing = await tab.ask("eyes.drags()")
    if thing is None:
        return None
    await tab.send("Input.setInterceptDrags", enabled=True)
    try:
        wrong = await tried(tab, thing)
    finally:
        await tab.send("Input.setInterceptDrags", enabled=False)
    name = json.dumps(thing["name"], ensure_ascii=False)
    return f"dragging <{thing['tag']}> {name}: {wrong}" if wrong else ""


async def tried(tab: Tab, thing: dict[str, Any]) -> str:
    """Drag it to one place after another, until something comes of it."""
    dragging = Dragging(tab, thing)
    before, writes = await tab.ask("eyes.arrangement()"), tab.writes
    data = await dragging.begun()
    if data is None:
        return await by_mouse(dragging, before, writes)
    places = await dragging.takers(data)
    if not places:
        await dropped(dragging, thing, data)
        # Alone where it lies, it has nowhere to go.
        return "" if dragging.own else NOTHING_TAKES_IT
    for place in places[:MOST_DROPS]:
        if data is not None:
            await dragging.over("dragOver", place, data)
            await dropped(dragging, place, data)
        if await dragging.fallen(before, writes):
            return ""
        data = await again(dragging)
    await dragging.mouse("mouseReleased", thing)
    return NOTHING_COMES_OF_IT


async def again(dragging: Dragging) -> dict[str, Any] | None:
    """Begin to drag once more, where it lies now."""
    thing = await dragging.tab.ask("eyes.drags()")
    dragging.thing = thing or dragging.thing
    return await dragging.begun()


async def dropped(dragging: Dragging, place: Point, data: dict[str, Any]) -> None:
    await dragging.over("drop", place, data)
    await dragging.mouse("mouseReleased", place)


async def by_mouse(dragging: Dragging, before: str, writes: int) -> str:
    """As `tried`, of what a script drags."""
    places = (await dragging.tab.ask("eyes.spots()"))["near"]
    for place in places[:MOST_DROPS]:
        x, y = dragging.thing["x"], dragging.thing["y"]
        for step in range(1, STEPS + 1):
            part = step / STEPS
            await dragging.mouse("mouseMoved", {"x": x + (place["x"] - x) * part,
                                                "y": y + (place["y"] - y) * part})  # fmt: skip
            await asyncio.sleep(STEP_SECONDS)
        await asyncio.sleep(BEGUN_SECONDS)
        await dragging.mouse("mouseReleased", place)
        await asyncio.sleep(BEGUN_SECONDS)
        if await dragging.fallen(before, writes):
            return ""
        await again(dragging)
    await dragging.mouse("mouseReleased", dragging.thing)
    return NOTHING_COMES_OF_IT if places else ""
