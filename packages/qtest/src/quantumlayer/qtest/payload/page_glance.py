"""Opens the named pages, each as somebody's first, and tells what stands there and what went wrong.

Nothing is used: whoever looks wants to see what a start gives. The plan is as in `page_session`.
"""

import asyncio
from typing import Any

from quantumlayer.qtest.payload.browser_pipe import Refused
from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.page_checks import WIDE, sized
from quantumlayer.qtest.payload.page_session import Session, browser_of

TEXT_CHARACTERS = 6_000
# Long enough for what is asked for a moment after the page is there, and says so until it came.
STILL_SECONDS = 1.0
TEXT = "document.body ? document.body.innerText : ''"


async def glance(session: Session, path: str) -> None:
    """Open one page and tell of it. Raises Refused where the browser answers no more."""
    tab = await session.opened()
    await sized(tab, *WIDE)
    wrong = await tab.go(f"{session.origin}{path}")
    text, title = "", ""
    if not wrong:
        await tab.stillness(STILL_SECONDS)
        text = str(await tab.ask(TEXT))[:TEXT_CHARACTERS]
        title = str(await tab.ask("document.title"))[:200]
    session.emit("glanced", page=path, wrong=wrong, status=tab.status, title=title, text=text,
                 faults=tab.faults, outside=list(tab.outside)[:10])  # fmt: skip
    await session.closed(tab)


async def look(emit: Emit, plan: dict[str, Any]) -> None:
    """Open every page of the plan."""
    try:
        async with browser_of(plan) as browser:
            session = Session(browser, plan, emit)
            await session.begin()
            for path in plan["paths"]:
                await glance(session, path)
    except Refused as error:
        emit("no_browser", words=str(error))
        return
    emit("closed")


def main() -> None:
    """Look at what the plan names, and report."""
    emit, plan = open_channel()
    emit("opened")
    asyncio.run(look(emit, plan))
