"""GraphQL over HTTP: what is negotiated, what is refused, and what an error tells."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from quantumlayer.core.settings import ApiSettings
from tests.support.api_client import NOWHERE, ApiClient, serving

RESPONSE_JSON = "application/graphql-response+json"


async def post(api: ApiClient, query: object, accept: str = "*/*") -> httpx.Response:
    """The answer to a query, as the client accepts it."""
    return await api.request("POST", "/graphql", json={"query": query}, headers={"accept": accept})


async def test_the_modern_media_type_is_given_to_whoever_accepts_it(api: ApiClient) -> None:
    answer = await post(api, "{ viewer { role } }", f"{RESPONSE_JSON}, application/json;q=0.9")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(RESPONSE_JSON)


@pytest.mark.parametrize("query", ["{ nonsense }", "{ viewer {", "{ run(id: 7.5) { id } }"])
async def test_an_operation_that_never_ran_is_400_there_and_has_no_data(
    api: ApiClient, query: str
) -> None:
    answer = await post(api, query, RESPONSE_JSON)
    assert answer.status_code == 400
    assert "data" not in answer.json()
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert (await post(api, query, "application/json")).status_code == 200


async def test_an_operation_that_ran_is_200_whatever_its_fields_said(api: ApiClient) -> None:
    answer = await post(api, '{ run(id: "x") { id } }', RESPONSE_JSON)
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_queries_may_be_asked_by_get_but_nothing_is_changed_by_it(api: ApiClient) -> None:
    asked = await api.request("GET", "/graphql", params={"query": "{ viewer { role } }"})
    assert asked.json()["data"]["viewer"]["role"] == "owner"
    changed = await api.request(
        "GET", "/graphql", params={"query": "mutation { createOwnerLink { url } }"}
    )
    assert changed.status_code == 400


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"query": "\\ud800"}', b"[" * 100_000, b"{}"],
)
async def test_a_body_that_is_no_operation_is_400(api: ApiClient, content: bytes) -> None:
    answer = await api.request(
        "POST", "/graphql", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_megabyte_is_refused_before_it_is_read(api: ApiClient) -> None:
    answer = await post(api, "x" * 1_000_000)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_megabyte_without_an_announced_length_is_refused_too(api: ApiClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    answer = await api.request(
        "POST", "/graphql", content=pieces(), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "{ " + "project: " * 0 + "".join(f"a{n}: viewer {{ role }} " for n in range(30)) + "}",
            "aliased",
        ),
        ("{ runs(first: 100) { nodes { files { path sha256 size role origin } } } }", "costly"),
        ("{ " + "a{" * 40 + "b" + "}" * 40 + " }", "nested"),
        ("{ viewer { " + "role @skip(if: false) " * 30 + "} }", "directives"),
        ("{ viewer { " + "role " * 3_000 + "} }", "tokens"),
        ("{ " + "{" * 1_500, "Syntax"),
        ("query { ...a } fragment a on Query { ...a }", "itself"),
    ],
)
async def test_operations_that_ask_for_too_much_are_refused(
    api: ApiClient, query: str, said: str
) -> None:
    answer = (await post(api, query)).json()
    assert "data" not in answer
    assert any(said in error["message"] for error in answer["errors"])
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_INPUT"}


async def test_the_usual_introspection_is_within_limits(api: ApiClient) -> None:
    from graphql import get_introspection_query  # noqa: PLC0415 - only this test needs it

    data = await api.data(get_introspection_query())
    assert data["__schema"]["subscriptionType"]["name"] == "Subscription"


async def test_a_hundred_errors_are_not_all_told(api: ApiClient) -> None:
    answer = (
        await post(api, "{ viewer { " + " ".join(f"no{n}" for n in range(90)) + " } }")
    ).json()
    assert len(answer["errors"]) == 20


async def test_answers_name_the_request_as_the_client_did(api: ApiClient) -> None:
    named = await api.request("GET", "/healthz", headers={"x-request-id": "mine-1"})
    assert named.headers["x-request-id"] == "mine-1"
    forged = await api.request("GET", "/healthz", headers={"x-request-id": "a b\tc"})
    assert forged.headers["x-request-id"] != "a b\tc"


async def test_a_failure_of_ours_is_masked_and_logged_under_the_request_id(
    api: ApiClient, api_settings: ApiSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """The object store's folder is a file: reading from it fails as nobody foresaw."""
    from tests.apps.api.test_runs import finished  # noqa: PLC0415 - only this test needs it

    run_id = await finished(api)
    broken = api_settings.object_store.parent / "a-file"
    broken.write_text("not a folder")
    settings = api_settings.model_copy(update={"object_store": broken})
    async with serving(settings) as other:
        with caplog.at_level(logging.ERROR):
            answer = await other.answer(f'{{ run(id: "{run_id}") {{ requirements }} }}')
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] in error["message"]
    assert "Not a directory" not in str(answer)
    assert any("Not a directory" in (record.exc_text or "") for record in caplog.records)


async def test_only_the_modern_websocket_protocol_is_spoken(api: ApiClient) -> None:
    url = api.url.replace("http", "ws", 1) + "/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-ws")]) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4406


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nothing", 404), ("DELETE", "/healthz", 405)]
)
async def test_what_is_not_here_is_said_as_problem_details(
    api: ApiClient, method: str, path: str, status: int
) -> None:
    answer = await api.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert path in answer.json()["detail"]


async def test_readiness_names_each_part(api: ApiClient, api_without_temporal: ApiClient) -> None:
    ready = await api.with_key(None).request("GET", "/readyz")
    assert ready.status_code == 200
    assert ready.json()["parts"] == {
        "database": "ok",
        "redis": "ok",
        "temporal": "ok",
        "setup": "ok",
    }
    waiting = await api_without_temporal.with_key(None).request("GET", "/readyz")
    assert waiting.status_code == 503
    assert waiting.json()["parts"]["temporal"] == "down"


async def test_a_list_of_runs_costs_as_many_statements_as_one_run(
    api: ApiClient, api_settings: ApiSettings
) -> None:
    from sqlalchemy import event  # noqa: PLC0415 - only this test needs it
    from sqlalchemy.engine import Engine  # noqa: PLC0415 - as above

    from tests.apps.api.test_runs import finished  # noqa: PLC0415 - only this test needs it

    project = "many"
    for _ in range(3):
        await finished(api, project=project)
    statements: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith("SELECT") and "set_config" not in statement:
            statements.append(statement)

    async def asked(first: int) -> int:
        statements.clear()
        await api.data(
            f'{{ runs(first: {first}, project: "{project}") {{ nodes {{ project {{ slug }}'
            " files { path } tests { name } findings { rule } testSummary { executed }"
            " capsule { sha256 } } } }"
        )
        return len([one for one in statements if "queued_runs" not in one])

    event.listen(Engine, "before_cursor_execute", count)
    try:
        assert await asked(3) == await asked(1)
    finally:
        event.remove(Engine, "before_cursor_execute", count)


async def test_without_a_database_every_answer_says_so(api_settings: ApiSettings) -> None:
    url = f"postgresql+asyncpg://nobody:nothing@{NOWHERE}/nothing"
    settings = api_settings.model_copy(update={"database_url": url})
    async with serving(settings, set_up=False) as api:
        answer = await api.answer("{ viewer { role } }")
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert "database" in answer["errors"][0]["message"]
        page = await api.request("GET", "/")
        assert page.status_code == 503
        # Never 4403: a client would take its key for unknown and give up.
        async with api.socket() as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        ready = await api.request("GET", "/readyz")
        assert ready.json()["parts"]["database"] == "down"
        assert (await api.request("GET", "/healthz")).status_code == 200
