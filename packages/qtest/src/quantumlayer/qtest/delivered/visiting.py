"""Starting a delivery to try it: a few requests, a few pages, and what it says meanwhile.

Unlike a climb it judges nothing: it tells what came, to whoever works on the project.
"""

import asyncio
from collections.abc import Sequence

from pydantic import JsonValue

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.delivered.calling import NoAnswer, call
from quantumlayer.qtest.delivered.errors import BeyondLimits, BuildBroken, CannotTell
from quantumlayer.qtest.delivered.model import Delivery
from quantumlayer.qtest.delivered.pages import Bounds, browsed
from quantumlayer.qtest.delivered.probing import not_started
from quantumlayer.qtest.delivered.starter import Running, Starter
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.model import Noun
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE
from quantumlayer.qtest.runners.records import Record, text

BODY_CHARACTERS = 3_000
LOG_CHARACTERS = 8_000
BOUNDS = Bounds(most=5, seconds=60.0, page_seconds=20.0, load_seconds=15.0)
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import page_glance; page_glance.main()"
)


class Asked(Noun):
    """A request; `body` is sent as JSON, None: none."""

    method: str = "GET"
    path: str
    body: JsonValue = None


class Visit(Noun):
    """What to try of a started application, in this order, requests before pages."""

    requests: tuple[Asked, ...] = ()
    pages: tuple[str, ...] = ()


class Told(Noun):
    """What came of a request or a page, in words; `failed`: nothing came of it, or an error."""

    asked: str
    answer: str
    failed: bool = False


class Visited(Noun):
    """What came of a visit: why it could not begin, empty where it did, answers, and the log."""

    trouble: str = ""
    answers: tuple[Told, ...] = ()
    log: str = ""


async def visited(delivery: Delivery, starter: Starter, visit: Visit) -> Visited:
    """Build and start a delivery, and try it. Raises nothing for what cannot be done."""
    try:
        return await tried(delivery, starter, visit)
    except (BuildBroken, CannotTell) as error:
        return Visited(trouble=str(error), log=error.output[-LOG_CHARACTERS:])
    except (QtestError, NotUnderstood) as error:
        return Visited(trouble=str(error))


async def tried(delivery: Delivery, starter: Starter, visit: Visit) -> Visited:
    """As `visited`. Raises BuildBroken, CannotTell, BeyondLimits and NotUnderstood."""
    async with starter.build(delivery) as image, image.start() as running:
        if not delivery.serves:
            return Visited(
                trouble="It serves nobody: no EXPOSE, no health check and no manifest names a "
                "port. Run a program that ends by itself with `run`."
            )
        reason = await not_started(running, image.port, delivery.start_seconds)
        if reason:
            return Visited(trouble=reason, log=(await running.log())[-LOG_CHARACTERS:])
        answers = [await answered(running, one) for one in visit.requests]
        answers += await glanced(running, visit.pages)
        try:
            log = await running.log()
        except BeyondLimits as error:
            return Visited(trouble=str(error), answers=tuple(answers))
        return Visited(answers=tuple(answers), log=log[-LOG_CHARACTERS:])


async def answered(running: Running, asked: Asked) -> Told:
    """One request, and what came back."""
    line = f"{asked.method} {asked.path}"
    try:
        answer = await call(running, asked.path, method=asked.method, body=asked.body)
    except NoAnswer as error:
        return Told(asked=line, answer=str(error), failed=True)
    leads = f", to {answer.location}" if answer.location else ""
    head = f"{answer.status} {answer.media_type or 'without a type'}{leads}"
    body = answer.body[:BODY_CHARACTERS]
    return Told(asked=line, answer=f"{head}\n{body}".rstrip(), failed=answer.status >= 500)


async def glanced(running: Running, pages: Sequence[str]) -> list[Told]:
    """What a browser shows of pages."""
    if not pages:
        return []
    try:
        browser = await asyncio.to_thread(installed_browser)
        plan = {"paths": list(pages), **BOUNDS.model_dump()}
        _, records = await browsed(running, START, browser, plan, browser.mounts, BOUNDS)
    except CannotTell as error:
        return [Told(asked="PAGE", answer=str(error), failed=True)]
    seen = {text(one, "page"): one for one in records.named("glanced")}
    return [told_of(page, seen.get(page)) for page in pages]


def told_of(page: str, record: Record | None) -> Told:
    """A page in words: what stands there, and what the browser complains about."""
    line = f"PAGE {page}"
    if record is None:
        return Told(asked=line, answer="the browser did not come to look at it", failed=True)
    if wrong := text(record, "wrong"):
        return Told(asked=line, answer=f"it cannot be loaded: {wrong}", failed=True)
    faults = [f"{kind}: {words}" for kind, words in record["faults"]]
    faults += [f"it wants {address}, which is not delivered" for address in record["outside"]]
    complaints = "".join(f"\n! {fault}" for fault in faults)
    shown = text(record, "text").strip() or "(nothing is to be seen)"
    head = f"{record['status']}, titled {text(record, 'title')!r}{complaints}"
    return Told(asked=line, answer=f"{head}\n{shown}", failed=bool(faults))
