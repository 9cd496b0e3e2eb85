"""Every route that a service describes, asked once well and once badly."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import Delivery
from quantumlayer.qtest.delivered.drafts import Known
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import Finding
from quantumlayer.qtest.delivered.routes import routed
from tests.packages.qtest.delivered import apis
from tests.packages.qtest.delivered.small_server import Here, Reply, Replying, served


async def tried(reply: Replying, folder: Path) -> Finding:
    """Try the routes of a service."""
    socket = folder / "socket"
    async with served(reply, socket):
        return await routed(
            Here(socket), Delivery(folder=folder, contract="/openapi.json"), Known()
        )


async def test_a_service_that_keeps_its_word_is_asked_everything(tmp_path: Path) -> None:
    # when
    finding = await tried(apis.Notes(), tmp_path)
    # then
    assert finding.reason == ""
    assert finding.evidence.splitlines() == [
        "POST /notes: 201",
        "GET /notes: 200",
        "GET /count: 200",
        "GET /notes/1: 200",
        "GET /echo/remembered: 200",
        "PUT /notes/1: 200",
        "POST /notes without the required `text`: 422",
        "POST /notes with an object as `text`, a string: 422",
        "GET /notes/987654321 about something that does not exist: 404",
        "PUT /notes/1 without the required `text`: 422",
        "PUT /notes/1 with an object as `text`, a string: 422",
        "PUT /notes/987654321 about something that does not exist: 404",
        "DELETE /notes/987654321 about something that does not exist: 404",
        "DELETE /notes/1: 204",
    ]


@pytest.mark.parametrize("kind", apis.BROKEN)
async def test_a_broken_promise_is_told(kind: str, tmp_path: Path) -> None:
    # given
    reply, told = apis.BROKEN[kind]
    # when
    finding = await tried(reply, tmp_path)
    # then
    assert told in f"{finding.reason}\n{finding.evidence}"
    assert finding.reason


async def test_a_closed_schema_that_is_extended_is_not_taken_at_its_word(tmp_path: Path) -> None:
    # given: what many libraries describe so, and no answer fits
    finding = await tried(apis.described_by_extension(lacking=""), tmp_path)
    # then
    assert finding.reason == ""


async def test_of_a_closed_schema_that_is_extended_the_rest_holds(tmp_path: Path) -> None:
    finding = await tried(apis.described_by_extension(lacking="stars"), tmp_path)
    assert "`GET /notes/1`: it answers 200, and not as described" in finding.evidence


async def test_who_has_to_sign_in_does_so_first(tmp_path: Path) -> None:
    # when
    finding = await tried(apis.Boards(), tmp_path)
    # then
    assert finding.reason == ""
    assert {"POST /users: 201", "POST /login: 200", "POST /boards: 201",
            "POST /boards/first/cards: 201", "POST /boards by nobody who is known: 401",
            } <= set(finding.evidence.splitlines())  # fmt: skip


async def test_a_guarded_route_that_is_open_is_told(tmp_path: Path) -> None:
    # when
    finding = await tried(apis.Boards(guards=False), tmp_path)
    # then
    assert "`POST /boards` by nobody who is known: it answers 201" in finding.reason


@pytest.mark.parametrize(
    "reply",
    [
        lambda *_: Reply(404, "application/json", "{}"),
        lambda *_: apis.PAGE,
        lambda *_: apis.said(200, {"openapi": "3.1.0", "paths": {}}),
        lambda *_: apis.said(200, [1, 2]),
        lambda _method, path, *_: apis.said(200 if "openapi" in path else 400, apis.DOCUMENT),
    ],
)
async def test_where_nothing_can_be_tried_nothing_is_told(reply: Replying, tmp_path: Path) -> None:
    # when, then
    with pytest.raises(NothingToAsk):
        await tried(reply, tmp_path)


async def test_a_description_may_be_wrong_in_any_way(tmp_path: Path) -> None:
    # given
    loop = {"$ref": "#/components/schemas/Loop"}
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/a": {"post": {"requestBody": loop, "responses": {"200": loop}}, "get": 3},
            "/b": {"get": {"parameters": [None, {"in": "path"}, {"in": "query", "name": 4}],
                           "responses": {"200": {"content": {"application/json": {"schema": {
                               "type": "nothing", "pattern": "(", "properties": 3}}}}}}},
            "c": {"get": {}},
            "/d": None,
        },
        "components": {"schemas": {"Loop": loop}},
    }  # fmt: skip
    # when
    finding = await tried(
        lambda _method, path, *_: apis.said(200, document if "openapi" in path else {}), tmp_path
    )
    # then
    assert finding.reason == ""
