"""Who gets in: by key, by link, by cookie; and who does not."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.support.api_client import ApiClient, Json

KEY = (
    'mutation($role: RoleName!) { createApiKey(name: "a test\'s", role: $role) { key id prefix } }'
)
LINK = "mutation { createOwnerLink { url expiresAt } }"
START = 'mutation { startGeneration(input: { prompt: "An app" }) { id } }'
VIEWER = "{ viewer { role credential permissions } }"


async def caller(owner: ApiClient, role: str) -> ApiClient:
    """A client whose fresh key has that role."""
    made = (await owner.data(KEY, role=role))["createApiKey"]
    assert made["key"].startswith(made["prefix"])
    return owner.with_key(made["key"])


@asynccontextmanager
async def signed_in(owner: ApiClient) -> AsyncIterator[httpx.AsyncClient]:
    """A browser after the owner link."""
    token = (await owner.data(LINK))["createOwnerLink"]["url"].partition("token=")[2]
    async with httpx.AsyncClient(base_url=owner.url) as browser:
        answer = await browser.post("/auth/owner", data={"token": token})
        assert answer.status_code == 303
        yield browser


@pytest.mark.parametrize(
    "key", [None, "nonsense", "ql_" + "A" * 43, "ql_" + "A" * 42, "ql_!" + "A" * 42]
)
@pytest.mark.parametrize("path", ["/graphql", "/v1/runs/x/capsule", "/v1/runs/x/report"])
async def test_without_a_known_key_nothing_is_open(
    api: ApiClient, path: str, key: str | None
) -> None:
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    method = "POST" if path == "/graphql" else "GET"
    answer = await api.with_key(None).request(
        method, path, headers=headers, **({"json": {"query": VIEWER}} if method == "POST" else {})
    )
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_even_the_schema_is_not_shown_to_strangers(api: ApiClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert (await api.request("GET", path)).status_code == 404
    code, _ = await api.with_key(None).error("{ __schema { types { name } } }")
    assert code == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", ["owner", "member", "viewer"])
async def test_a_key_speaks_with_its_role(api: ApiClient, role: str) -> None:
    viewer = (await (await caller(api, role)).data(VIEWER))["viewer"]
    assert viewer["role"] == role
    assert viewer["credential"] == "api_key"


@pytest.mark.parametrize(
    ("role", "operation", "allowed"),
    [
        ("owner", START, True),
        ("member", START, True),
        ("viewer", START, False),
        ("owner", LINK, True),
        ("member", LINK, False),
        ("viewer", LINK, False),
        ("member", KEY.replace("$role", "viewer", 2).replace("(viewer: RoleName!)", ""), False),
        ("viewer", 'mutation { cancelRun(runId: "x") { id } }', False),
    ],
)
async def test_roles_decide_what_may_be_done(
    api: ApiClient, role: str, operation: str, *, allowed: bool
) -> None:
    answer = await (await caller(api, role)).answer(operation)
    if allowed:
        assert "errors" not in answer
    else:
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert role in error["message"]


async def test_the_database_keeps_no_key(api: ApiClient, database_url: str) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - only this test needs it
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - as above

    from quantumlayer.core.identity import organisation_id  # noqa: PLC0415 - only this test needs it

    made = await caller(api, "member")
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        organisation = str(organisation_id("default"))
        await connection.execute(
            text("SELECT set_config('app.organisation_id', :id, true)"), {"id": organisation}
        )
        rows = (await connection.execute(text("SELECT api_keys::text FROM api_keys"))).scalars()
        stored = "".join(rows)
    await engine.dispose()
    assert made.key is not None
    assert made.key[:9] in stored
    assert made.key[9:] not in stored


async def test_fetching_an_owner_link_does_not_use_it_up(api: ApiClient) -> None:
    url = (await api.data(LINK))["createOwnerLink"]["url"]
    async with httpx.AsyncClient() as browser:
        for _ in range(3):
            page = await browser.get(url)
            assert page.status_code == 200
            assert "set-cookie" not in page.headers
        token = re.search(r'name="token" value="([\w-]+)"', page.text)
        assert token is not None
        signed = await browser.post(f"{api.url}/auth/owner", data={"token": token[1]})
    assert signed.status_code == 303
    cookie = signed.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_an_owner_link_works_once_even_when_used_twice_at_once(api: ApiClient) -> None:
    token = (await api.data(LINK))["createOwnerLink"]["url"].partition("token=")[2]
    async with httpx.AsyncClient(base_url=api.url) as browser:
        answers = await asyncio.gather(
            *(browser.post("/auth/owner", data={"token": token}) for _ in range(5))
        )
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 43])
async def test_an_unknown_link_says_how_to_get_another(api: ApiClient, token: str) -> None:
    answer = await api.with_key(None).request("POST", "/auth/owner", data={"token": token})
    assert answer.status_code == 410
    assert "quantumlayer owner-link" in answer.text


async def test_another_site_cannot_sign_a_browser_in(api: ApiClient) -> None:
    answer = await api.with_key(None).request(
        "POST",
        "/auth/owner",
        data={"token": secrets.token_urlsafe(32)},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403


async def test_a_signed_in_browser_asks_and_acts_from_its_own_origin(api: ApiClient) -> None:
    async with signed_in(api) as browser:
        answer = await browser.post("/graphql", json={"query": START}, headers={"origin": api.url})
        assert "errors" not in answer.json()
        viewer = (await browser.post("/graphql", json={"query": VIEWER})).json()["data"]["viewer"]
        assert viewer["credential"] == "browser_session"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_a_page_of_another_origin_cannot_act_with_the_cookie(
    api: ApiClient, headers: dict[str, str]
) -> None:
    async with signed_in(api) as browser:
        answer = await browser.post("/graphql", json={"query": START}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_form_cannot_reach_graphql_with_the_cookie(api: ApiClient) -> None:
    async with signed_in(api) as browser:
        answer = await browser.post(
            "/graphql",
            content=json.dumps({"query": START}),
            headers={"content-type": "text/plain"},
        )
    assert answer.status_code == 400


async def test_after_signing_out_the_cookie_is_worth_nothing(api: ApiClient) -> None:
    async with signed_in(api) as browser:
        cookies = dict(browser.cookies)
        await browser.post("/auth/sign-out")
    async with httpx.AsyncClient(base_url=api.url, cookies=cookies) as thief:
        assert (await thief.get("/")).status_code == 401


@pytest.mark.parametrize(
    "payload", [{}, {"authorization": "Bearer nonsense"}, {"authorization": 7}]
)
async def test_a_websocket_without_a_known_key_is_closed(api: ApiClient, payload: Json) -> None:
    async with api.socket(payload) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_a_websocket_may_carry_its_key_in_the_handshake(api: ApiClient) -> None:
    async with api.socket({}, additional_headers=api.headers) as socket:
        assert json.loads(await socket.recv())["type"] == "connection_ack"


async def test_a_websocket_of_another_origin_is_refused(api: ApiClient) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with api.socket(origin=Origin("https://evil.example")):
            pass
    assert refused.value.response.status_code == 403
