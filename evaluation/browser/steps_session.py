"""Does the steps of a plan in one window, inside the browser's own sandbox.

usage: … steps_session.main() with a plan: `port` where the application is reached at 127.0.0.1,
`door`, the socket that leads there, `program`, the browser, and `steps`.
"""

import asyncio
import contextlib
import json
import time
from asyncio import StreamReader, StreamWriter
from functools import partial
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.browser_pipe import Browser, Refused, started
from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.forwarder import forwarding
from quantumlayer.qtest.payload.page_events import heard
from quantumlayer.qtest.payload.page_tab import Tab

ADDRESS = "127.0.0.1"
SEEN_SECONDS = 8.0
POLL_SECONDS = 0.1
SCRIPT = Path(__file__).with_name("hands.js").read_text("utf-8")


async def opened(browser: Browser, plan: dict[str, Any], origin: str) -> Tab:
    """A window of its own. Raises Refused."""
    await browser.send("Target.setDiscoverTargets", "", plan["load_seconds"], discover=True)
    context = (await browser.send("Target.createBrowserContext"))["browserContextId"]
    made = await browser.send("Target.createTarget", url="about:blank", browserContextId=context)
    attached = await browser.send("Target.attachToTarget", targetId=made["targetId"], flatten=True)
    tab = Tab(browser, origin, made["targetId"], attached["sessionId"], plan["load_seconds"])
    browser.listeners[tab.session] = partial(heard, tab)
    await tab.open()
    return tab


async def done(tab: Tab, step: dict[str, Any], origin: str) -> str:
    """Do one step; why it cannot be done or is not seen, empty when all is well."""
    if step["open"] and (reason := await tab.go(origin + step["open"])):
        return f"{step['open']}: {reason}"
    doing = [
        (f"hands.fill({json.dumps(field)}, {json.dumps(text)})", f"there is no field {field!r}")
        for field, text in step["fill"].items()
    ]
    if words := step["press"]:
        doing.append((f"hands.press({json.dumps(words)})", f"nothing to press says {words!r}"))
    if reason := await first_wrong(tab, doing):
        return reason
    await tab.rest()
    seeing = [
        *((f"hands.shows({json.dumps(one)})", f"{one!r} is not shown") for one in step["shows"]),
        *((f"!hands.shows({json.dumps(one)})", f"{one!r} is shown") for one in step["hides"]),
        *((f"Boolean({one})", f"{one} is not so") for one in step["holds"]),
    ]
    return await first_wrong(tab, seeing)


async def first_wrong(tab: Tab, expected: list[tuple[str, str]]) -> str:
    """The reason of the first expression that does not become true; empty where all do."""
    for expression, reason in expected:
        if not await until(tab, expression):
            return reason
    return ""


async def until(tab: Tab, expression: str) -> bool:
    """Whether an expression becomes true within seconds."""
    deadline = time.monotonic() + SEEN_SECONDS
    while True:
        with contextlib.suppress(Refused):
            if await tab.ask(f"(() => {{ {SCRIPT}; return {expression}; }})()"):
                return True
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)


async def session(emit: Emit, plan: dict[str, Any]) -> None:
    """All steps, up to the first that is wrong."""
    forward = forwarding(plan["door"], "")

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await forward(reader, writer)

    await asyncio.start_server(serve, ADDRESS, plan["port"])
    origin = f"http://{ADDRESS}:{plan['port']}"
    try:
        browser, listening = await started(plan["program"], plan["folder"])
        try:
            tab = await opened(browser, plan, origin)
            for number, step in enumerate(plan["steps"], 1):
                if reason := await done(tab, step, origin):
                    emit("wrong", step=number, words=reason)
                    break
        finally:
            browser.process.kill()
            listening.cancel()
    except Refused as error:
        emit("no_browser", words=str(error))
        return
    emit("closed")


def main() -> None:
    """Do what the plan says, and report."""
    emit, plan = open_channel()
    emit("opened")
    asyncio.run(session(emit, plan))
