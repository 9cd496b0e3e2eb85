"""The capsule and the report of a run, over plain HTTP."""

from __future__ import annotations

import base64
import hashlib

import pytest
import pytest_asyncio

from tests.apps.api.test_runs import finished, start
from tests.support import capsules
from tests.support.api_client import ApiClient
from tests.support.scripted_run import PICTURED, WAITING


@pytest_asyncio.fixture(scope="module")
async def path(api: ApiClient) -> str:
    """Where the capsule of a finished run is."""
    return f"/v1/runs/{await finished(api)}/capsule"


@pytest_asyncio.fixture(scope="module")
async def whole(api: ApiClient, path: str) -> bytes:
    """All of its bytes."""
    return (await api.request("GET", path)).content


async def test_the_whole_capsule_comes_with_everything_to_check_it(
    api: ApiClient, path: str, whole: bytes
) -> None:
    answer = await api.request("GET", path)
    digest = hashlib.sha256(whole).digest()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(len(whole))
    assert answer.headers["etag"] == f'"{digest.hex()}"'
    assert answer.headers["digest"] == f"sha-256={base64.b64encode(digest).decode()}"
    assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "filename*=UTF-8''b%C3%BCcher%20%221%22.zip" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_tells_the_same_and_sends_nothing(api: ApiClient, path: str) -> None:
    head, get = await api.request("HEAD", path), await api.request("GET", path)
    names = ("content-length", "etag", "content-type", "digest", "content-disposition")
    assert {name: head.headers[name] for name in names} == {
        name: get.headers[name] for name in names
    }
    assert head.content == b""


async def test_parts_put_together_are_the_whole(api: ApiClient, path: str, whole: bytes) -> None:
    middle = len(whole) // 2
    parts = [
        await api.request("GET", path, headers={"range": wanted})
        for wanted in (f"bytes=0-{middle - 1}", f"bytes={middle}-")
    ]
    assert [part.status_code for part in parts] == [206, 206]
    assert b"".join(part.content for part in parts) == whole
    assert parts[1].headers["content-range"] == f"bytes {middle}-{len(whole) - 1}/{len(whole)}"
    assert parts[1].headers["content-length"] == str(len(whole) - middle)


async def test_the_end_can_be_asked_for(api: ApiClient, path: str, whole: bytes) -> None:
    answer = await api.request("GET", path, headers={"range": "bytes=-7"})
    assert (answer.status_code, answer.content) == (206, whole[-7:])


async def test_what_lies_beyond_the_end_is_416(api: ApiClient, path: str, whole: bytes) -> None:
    answer = await api.request("GET", path, headers={"range": f"bytes={len(whole)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(whole)}"


async def test_a_part_of_another_content_is_answered_with_the_whole(
    api: ApiClient, path: str, whole: bytes
) -> None:
    stale = {"range": "bytes=5-", "if-range": '"0000"'}
    assert (await api.request("GET", path, headers=stale)).content == whole
    etag = hashlib.sha256(whole).hexdigest()
    fresh = {"range": "bytes=5-", "if-range": f'"{etag}"'}
    assert (await api.request("GET", path, headers=fresh)).content == whole[5:]


async def test_what_the_client_has_is_not_sent_again(api: ApiClient, path: str) -> None:
    etag = (await api.request("HEAD", path)).headers["etag"]
    answer = await api.request("GET", path, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_the_report_is_shown_but_may_not_act(api: ApiClient, path: str) -> None:
    answer = await api.request("GET", path.replace("/capsule", "/report"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "<html" in answer.text


@pytest.mark.parametrize("what", ["capsule", "report"])
async def test_a_run_without_a_capsule_says_so(api: ApiClient, what: str) -> None:
    run_id = await start(api, prompt=WAITING)
    answer = await api.request("GET", f"/v1/runs/{run_id}/{what}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "no capsule" in answer.json()["detail"]
    await api.data("mutation($run: ID!) { cancelRun(runId: $run) { id } }", run=run_id)


@pytest.mark.parametrize("run_id", ["nonsense", "00000000-0000-4000-8000-000000000000"])
async def test_the_capsule_of_an_unknown_run_is_404(api: ApiClient, run_id: str) -> None:
    answer = await api.request("GET", f"/v1/runs/{run_id}/capsule")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


async def test_a_picture_of_a_page_is_an_image_for_the_runs_organisation_alone(
    api: ApiClient,
) -> None:
    # given
    run_id = await finished(api, f"Answers {PICTURED}.")
    query = """query($id: ID!) { run(id: $id) { delivery {
        pictures { page width scheme url sha256 size } } } }"""
    (picture,) = (await api.data(query, id=run_id))["run"]["delivery"]["pictures"]
    assert (picture["page"], picture["width"], picture["scheme"]) == ("/", 360, "dark")
    path = picture["url"].removeprefix(api.url)
    # when
    answer = await api.request("GET", path)
    # then
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert hashlib.sha256(answer.content).hexdigest() == picture["sha256"]
    assert len(answer.content) == picture["size"]
    # and nothing else of the store, of another run, or for nobody
    capsule = hashlib.sha256((await api.request("GET", f"/v1/runs/{run_id}/capsule")).content)
    for other in (
        f"/v1/runs/{run_id}/pictures/{capsule.hexdigest()}",
        f"/v1/runs/{run_id}/pictures/..%2f..%2fx",
        path.replace(run_id, await start(api, WAITING)),
    ):
        assert (await api.request("GET", other)).status_code == 404, other
    assert (await api.request("GET", path, headers={"authorization": ""})).status_code == 401


async def test_the_report_shows_pictures_without_loading_anything(api: ApiClient) -> None:
    page = (await api.request("GET", f"/v1/runs/{await finished(api)}/report")).text
    assert "data:image/png;base64," + base64.b64encode(capsules.PICTURE).decode() in page
    assert 'src="pictures/' not in page
