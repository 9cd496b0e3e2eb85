"""A run that asks what becomes of a wish that no stack serves, asked on its page in a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from quantumlayer.core.caches import cache_folder
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.environments.axe import axe_script
from tests.apps.api.test_runs import finished, start, until_status
from tests.support.api_client import ApiClient
from tests.support.scripted_run import ASKING, LACKING

QUESTION = """query($id: ID!) { run(id: $id) { status reason
  question { words nearest title waitSeconds until decision byDefault } } }"""
ASKED = "No stack serves “rails”, “ruby”"


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The browser of this machine."""
    program = (await asyncio.to_thread(installed_browser)).program
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox"]
        )
        yield started
        await started.close()


Signed = Callable[..., AbstractAsyncContextManager[Page]]


@pytest_asyncio.fixture
async def signed_in(chromium: Browser, api: ApiClient) -> Signed:
    """Opens a page of somebody who is signed in; it fails on what the page's console complains."""

    @asynccontextmanager
    async def opened(**options: Any) -> AsyncIterator[Page]:  # noqa: ANN401 - a context's options
        link = (await api.data("mutation { createOwnerLink { url } }"))["createOwnerLink"]["url"]
        context = await chromium.new_context(**options)
        page = await context.new_page()
        complaints: list[str] = []

        def hear(said: ConsoleMessage) -> None:
            if said.type == "error":
                complaints.append(said.text)

        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        await page.goto(link)
        if options.get("java_script_enabled") is False:
            await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{api.url}/")
        yield page
        await context.close()
        assert complaints == []

    return opened


async def asking(api: ApiClient) -> str:
    """A run that waits for an answer."""
    run_id = await start(api, f"A shop {ASKING}")
    async with asyncio.timeout(30):
        while (await api.data(QUESTION, id=run_id))["run"]["question"] is None:  # noqa: ASYNC110 - a run of another process
            await asyncio.sleep(0.05)
    return run_id


async def overflowing(page: Page) -> int:
    """How much wider the page is than what shows it."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    found: int = await page.evaluate(script)
    return found


async def complaints_of_axe(page: Page) -> list[str]:
    """What keeps people with disabilities out of the page, in axe's words."""
    script = await axe_script(cache_folder())
    assert script is not None
    # By the protocol: the page's own policy lets no script in that is not its own.
    protocol = await page.context.new_cdp_session(page)
    await protocol.send(
        "Runtime.evaluate", {"expression": await asyncio.to_thread(script.read_text)}
    )
    told = await protocol.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then((found) => found.violations.flatMap((one) =>"
            " one.nodes.map((node) => `${one.id}: ${node.html}`)))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found: list[str] = told["result"]["value"]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_run_asks_on_its_page_on_a_phone_and_in_the_dark(
    signed_in: Signed, api: ApiClient, scheme: str
) -> None:
    run_id = await asking(api)
    async with signed_in(viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        assert "Asks what becomes of “rails”, “ruby”" in await page.inner_text("main")
        await page.goto(f"{api.url}/runs/{run_id}")
        region = page.get_by_role("region", name=ASKED)
        await expect(region).to_contain_text("The nearest is Python service.")
        timer = region.get_by_role("timer")
        begun = re.fullmatch(r", in (\d\d?) s", await timer.inner_text())
        assert begun is not None
        await expect(timer).not_to_have_text(begun[0])
        assert await timer.inner_text() < begun[0]
        assert await overflowing(page) == 0
        assert await complaints_of_axe(page) == []
    await api.data("mutation($id: ID!) { cancelRun(runId: $id) { id } }", id=run_id)


async def test_the_keyboard_answers_and_the_page_says_what_was_decided(
    signed_in: Signed, api: ApiClient
) -> None:
    run_id = await asking(api)
    async with signed_in() as page:
        await page.goto(f"{api.url}/runs/{run_id}")
        passed: list[str] = []
        while "It was not meant" not in passed:
            await page.keyboard.press("Tab")
            passed.append(await page.evaluate("document.activeElement.textContent.trim()"))
            assert len(passed) < 10
        await page.keyboard.press("Enter")
        await expect(page.locator("#question")).to_contain_text("Decided: it was not asked for")
        await expect(page.get_by_role("button", name="It was not meant")).to_have_count(0)
        await until_status(api, run_id, "finished")
        story = page.locator("#story")
        await expect(story).to_contain_text("serves “rails”, “ruby”; the nearest is Python service")
        await expect(story).to_contain_text("not meant")
        assert await complaints_of_axe(page) == []
    assert passed[-2:] == ["Build it with Python service", "It was not meant"]
    run = (await api.data(QUESTION, id=run_id))["run"]
    assert run["reason"] == "not_meant"
    assert (run["question"]["decision"], run["question"]["byDefault"]) == ("not_meant", False)


async def test_without_scripts_it_is_answered_as_well(signed_in: Signed, api: ApiClient) -> None:
    run_id = await asking(api)
    async with signed_in(java_script_enabled=False) as page:
        await page.goto(f"{api.url}/runs/{run_id}")
        assert " UTC, in " in await page.inner_text("#question")
        await page.get_by_role("button", name="It was not meant").click()
        assert page.url == f"{api.url}/runs/{run_id}"
        assert "Decided: it was not asked for." in await page.inner_text("#question")


async def test_a_question_comes_and_goes_while_somebody_looks(
    signed_in: Signed, api: ApiClient
) -> None:
    run_id = await start(api, f"A shop {ASKING}")
    async with signed_in() as page:
        # It may have asked by now, or be about to.
        await page.goto(f"{api.url}/runs/{run_id}")
        await expect(page.get_by_role("region", name=ASKED)).to_be_visible()
        await page.get_by_role("button", name="Stop the run").focus()
        decide = "mutation($id: ID!) { decideWish(runId: $id, decision: accept) { id } }"
        await api.data(decide, id=run_id)
        await expect(page.get_by_role("region", name=ASKED)).to_have_count(0)
        await expect(page.locator("#question")).to_contain_text("Decided: it is built")


async def test_what_is_missing_comes_first_and_nothing_is_asked(
    signed_in: Signed, api: ApiClient
) -> None:
    run_id = await finished(api, f"An app {LACKING}")
    async with signed_in(viewport={"width": 360, "height": 740}, color_scheme="dark") as page:
        await page.goto(f"{api.url}/runs/{run_id}")
        first, second = [await page.inner_text(f"main > :nth-child({n})") for n in (1, 2)]
        assert "incomplete" in first
        assert LACKING in second
        assert await page.inner_text("#question") == ""
        assert await overflowing(page) == 0
        assert await complaints_of_axe(page) == []
