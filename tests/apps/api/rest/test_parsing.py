"""The parser's routes within the API: the same answers, for those with a credential."""

import pytest

from tests.support.api_client import ApiClient

FILES = {"files": [{"path": "a.py", "content": "def f(x):\n    return x\n"}]}


@pytest.mark.parametrize("key", [None, "ql_" + "A" * 43])
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/analyze"), ("GET", "/v1/languages")])
async def test_strangers_get_nothing(
    api: ApiClient, method: str, path: str, key: str | None
) -> None:
    answer = await api.with_key(key).request(method, path)
    assert answer.status_code == 401


async def test_a_stranger_s_body_is_not_even_read(api: ApiClient) -> None:
    answer = await api.with_key(None).request("POST", "/v1/analyze", content=b"x" * 9 * 1024**2)
    assert answer.status_code == 401


async def test_whoever_has_a_key_may_analyse(api: ApiClient) -> None:
    answer = await api.request("POST", "/v1/analyze", json=FILES)
    assert answer.status_code == 200
    (file,) = answer.json()["files"]
    assert [symbol["name"] for symbol in file["symbols"]] == ["f"]


async def test_files_may_be_larger_than_other_bodies(api: ApiClient) -> None:
    large = {"files": [{"path": "a.py", "content": "x = 1\n" * 100_000}]}
    answer = await api.request("POST", "/v1/analyze", json=large)
    assert answer.json()["files"][0]["metrics"]["linesOfCode"] == 100_000


async def test_refusals_look_like_all_others_here(api: ApiClient) -> None:
    answer = await api.request("POST", "/v1/analyze", content=b"{")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "BAD_INPUT"


async def test_the_languages_are_listed(api: ApiClient) -> None:
    answer = await api.request("GET", "/v1/languages")
    assert "python" in {one["name"] for one in answer.json()["languages"]}
