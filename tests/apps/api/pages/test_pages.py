"""The pages, as a browser asks for them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from quantumlayer.core.database import Database
from quantumlayer.core.events import EventLog, EventType
from quantumlayer.core.runs.recorder import RunRecorder
from quantumlayer.core.settings import ApiSettings
from tests.apps.api.test_runs import finished, start, until_status
from tests.support.api_client import ApiClient
from tests.support.scripted_run import ASKING, LACKING, MISSING, WAITING


@pytest_asyncio.fixture
async def browser(api: ApiClient) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is signed in as owner."""
    link = (await api.data("mutation { createOwnerLink { url } }"))["createOwnerLink"]["url"]
    token = link.partition("token=")[2]
    async with httpx.AsyncClient(base_url=api.url, headers={"origin": api.url}) as client:
        answer = await client.post("/auth/owner", data={"token": token}, follow_redirects=True)
        assert answer.status_code == 200
        yield client


def hidden_key(page: str) -> str:
    """The idempotency key of the form."""
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/", "/runs/00000000-0000-0000-0000-000000000000"])
async def test_a_stranger_is_told_how_to_sign_in_and_nothing_else(
    api: ApiClient, path: str
) -> None:
    answer = await api.with_key(None).request("GET", path)
    assert answer.status_code == 401
    assert "quantumlayer owner-link" in answer.text
    assert "<form" not in answer.text


async def test_pages_run_only_their_own_scripts_and_ask_nobody_else(
    browser: httpx.AsyncClient, api: ApiClient
) -> None:
    for path in ("/", f"/runs/{await finished(api)}", "/auth/owner?token=" + "A" * 43):
        answer = await browser.get(path)
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"script-src 'nonce-([\w-]+)'", policy)
        assert nonce is not None
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert set(re.findall(r'nonce="([\w-]+)"', answer.text)) == {nonce[1]}
        assert not re.findall(r'(?:src|href)="https?://(?!127\.0\.0\.1)', answer.text)
        assert not re.findall(r'\son\w+="|\sstyle="', answer.text)


async def test_the_form_starts_a_run_and_shows_it(browser: httpx.AsyncClient) -> None:
    home = await browser.get("/")
    form = {"prompt": "A page's wish", "key": hidden_key(home.text), "language": "python"}
    answer = await browser.post("/runs", data=form)
    assert answer.status_code == 303
    again = await browser.post("/runs", data=form)
    assert again.headers["location"] == answer.headers["location"]
    page = await browser.get(answer.headers["location"])
    assert "A page&#39;s wish" in page.text


@pytest.mark.parametrize(("ticked", "accepted"), [({"accept_partial": "yes"}, True), ({}, False)])
async def test_the_form_asks_for_a_part_only_where_its_box_is_ticked(
    browser: httpx.AsyncClient, api: ApiClient, ticked: dict[str, str], accepted: bool
) -> None:
    home = await browser.get("/")
    assert 'name="accept_partial"' in home.text
    form = {"prompt": "  rooms:\r\n    - name", "key": hidden_key(home.text), **ticked}
    answer = await browser.post("/runs", data=form)
    run_id = answer.headers["location"].rpartition("/")[2]
    query = "query($id: ID!) { run(id: $id) { acceptPartial prompt } }"
    run = (await api.data(query, id=run_id))["run"]
    assert run == {"acceptPartial": accepted, "prompt": "  rooms:\n    - name"}


async def test_a_wrong_prompt_is_said_above_the_form_and_kept_in_it(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post("/runs", data={"prompt": "<b>\x00", "key": "k"})
    assert answer.status_code == 400
    assert "control characters" in answer.text
    assert "&lt;b&gt;" in answer.text


async def test_a_finished_run_shows_all_there_is(
    browser: httpx.AsyncClient, api: ApiClient
) -> None:
    run_id = await finished(api, prompt="<script>alert(1)</script> as a service")
    page = (await browser.get(f"/runs/{run_id}")).text
    assert "<script>alert" not in page
    for shown in ("Answers", "passed", "src/answer.py", "test_answer", "Say why."):
        assert shown in page
    assert f"/v1/runs/{run_id}/capsule" in page
    assert f"/v1/runs/{run_id}/report" in page
    assert "http://127.0.0.1:8233/namespaces/default/workflows/" in page
    assert "Cancel the run" not in page


async def test_what_is_missing_stands_before_all_else(
    browser: httpx.AsyncClient, api: ApiClient
) -> None:
    run_id = await finished(api, prompt=f"An app {LACKING}")
    page = (await browser.get(f"/runs/{run_id}")).text
    shown = page.partition("<main>")[2]
    assert shown.count(MISSING) == 1
    assert shown.index("incomplete") < shown.index(MISSING) < shown.index("An app")
    home = (await browser.get("/")).text
    assert MISSING in home
    changes = "changes { path line before after noticedBy }"
    query = f"query($id: ID!) {{ run(id: $id) {{ missing proofs {{ id state {changes} }} }} }}"
    told = (await api.data(query, id=run_id))["run"]
    assert told["missing"] == [MISSING]
    assert told["proofs"] == [
        {"id": "R1", "state": "tested", "changes": [
            {"path": "src/answer.py", "line": 2, "before": "return 42", "after": "return 43",
             "noticedBy": ""}]}
    ]  # fmt: skip


async def test_a_run_is_cancelled_from_its_page(browser: httpx.AsyncClient, api: ApiClient) -> None:
    run_id = await start(api, prompt=WAITING)
    await until_status(api, run_id, "running")
    assert "Cancel the run" in (await browser.get(f"/runs/{run_id}")).text
    answer = await browser.post(f"/runs/{run_id}/cancel")
    assert answer.status_code == 303
    await until_status(api, run_id, "cancelled")
    assert (await browser.post(f"/runs/{run_id}/cancel")).status_code == 303


async def asking(browser: httpx.AsyncClient, api: ApiClient) -> str:
    """A run whose page asks what becomes of a wish."""
    run_id = await start(api, prompt=f"A <shop> {ASKING}")
    async with asyncio.timeout(30):
        while 'name="decision"' not in (await browser.get(f"/runs/{run_id}")).text:  # noqa: ASYNC110 - a run of another process
            await asyncio.sleep(0.05)
    return run_id


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("accept", "it is built with the nearest, and that wish is missing."),
        ("stop", "nothing is built."),
        ("not_meant", "it was not asked for."),
    ],
)
async def test_an_answer_is_shown_and_a_later_one_changes_nothing(
    browser: httpx.AsyncClient, api: ApiClient, decision: str, said: str
) -> None:
    run_id = await asking(browser, api)
    answer = await browser.post(f"/runs/{run_id}/wish", data={"decision": decision})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{run_id}")
    assert f"Decided: {said}" in (await browser.get(f"/runs/{run_id}")).text
    later = "stop" if decision != "stop" else "accept"
    late = await browser.post(f"/runs/{run_id}/wish", data={"decision": later})
    assert late.status_code == 409
    assert 'role="alert">The run asks nothing now' in late.text
    assert f"Decided: {said}" in late.text
    query = "query($id: ID!) { run(id: $id) { reason } }"
    await until_status(api, run_id, "finished")
    assert (await api.data(query, id=run_id))["run"]["reason"] == decision


@pytest.mark.parametrize(
    ("wait", "by", "said", "buttons"),
    [
        (60, None, "Without an answer it is built with the nearest", 3),
        (0, None, "as the run may leave parts out", 0),
        (60, "default", "Decided by default: it is built with the nearest", 0),
        (60, "somebody", "Decided: it is built with the nearest", 0),
        # Its time is over, and the worker has not come to say so.
        (1, None, ": the time to answer is over", 3),
    ],
)
async def test_the_page_says_how_far_a_question_has_come(
    browser: httpx.AsyncClient,
    api: ApiClient,
    api_settings: ApiSettings,
    wait: int,
    by: str | None,
    said: str,
    buttons: int,
) -> None:
    run_id = await start(api, prompt=WAITING)
    await until_status(api, run_id, "running")
    question = {"words": ["<ruby>"], "nearest": "go-tool", "title": "Go tool", "waitSeconds": wait}
    decision = {"decision": "accept", "by": by}
    organisation = (await api.data("{ viewer { organisationId } }"))["viewer"]["organisationId"]
    database, redis = Database(api_settings.database_url), Redis.from_url(api_settings.redis_url)
    recorder = RunRecorder(database, EventLog(database, redis))
    async with recorder.recording(UUID(organisation), UUID(run_id)) as told:
        await told.tell("wish.unserved", EventType.WISH_UNSERVED, question)
        if by is not None:
            await told.tell("wish.decided", EventType.WISH_DECIDED, decision)
    await redis.aclose()
    await database.close()
    await asyncio.sleep(1.1 if wait == 1 else 0)

    page = (await browser.get(f"/runs/{run_id}")).text

    assert "<ruby>" not in page
    assert said in " ".join(page.split())
    assert page.count('name="decision"') == buttons
    assert ("Asks what becomes of" in (await browser.get("/")).text) == bool(buttons)
    await browser.post(f"/runs/{run_id}/cancel")
    await until_status(api, run_id, "cancelled")


async def test_only_who_may_run_answers_and_only_from_our_own_pages(
    browser: httpx.AsyncClient, api: ApiClient
) -> None:
    run_id = await asking(browser, api)
    path, wish = f"/runs/{run_id}/wish", {"decision": "stop"}
    for foreign in ({"origin": "https://evil.example"}, {"origin": "http://a1.localhost:8180"}):
        assert (await browser.post(path, data=wish, headers=foreign)).status_code == 403
    made = await api.data('mutation { createApiKey(name: "eye", role: viewer) { key } }')
    viewer = api.with_key(made["createApiKey"]["key"])
    assert 'name="decision"' not in (await viewer.request("GET", f"/runs/{run_id}")).text
    assert (await viewer.request("POST", path, data=wish)).status_code == 403
    assert (await api.with_key(None).request("POST", path, data=wish)).status_code == 401
    for wrong in ({"decision": ""}, {"decision": "STOP"}, {"decision": "<b>"}):
        answer = await browser.post(path, data=wrong)
        assert answer.status_code == 400
        assert "accept, stop, not_meant" in answer.text
    unknown = "/runs/00000000-0000-0000-0000-000000000000/wish"
    assert (await browser.post(unknown, data=wish)).status_code == 404
    assert 'name="decision"' in (await browser.get(f"/runs/{run_id}")).text
    await browser.post(f"/runs/{run_id}/cancel")
    await until_status(api, run_id, "cancelled")
    assert "Nothing was decided of it." in (await browser.get(f"/runs/{run_id}")).text


async def test_a_page_of_another_origin_starts_nothing(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        "/runs", data={"prompt": "x", "key": "k"}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_an_unknown_run_has_a_page_that_says_so(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/runs/nonsense")
    assert answer.status_code == 404
    assert "nonsense" in answer.text


async def test_a_viewer_sees_runs_but_no_form(api: ApiClient) -> None:
    made = await api.data('mutation { createApiKey(name: "eye", role: viewer) { key } }')
    viewer = api.with_key(made["createApiKey"]["key"])
    page = await viewer.request("GET", "/")
    assert page.status_code == 200
    assert 'action="/runs"' not in page.text
    assert (await viewer.request("POST", "/runs", data={"prompt": "x"})).status_code == 403
