"""`quantumlayer keys` and `owner-link`."""

from __future__ import annotations

from dataclasses import replace

from tests.support.api_client import ApiClient
from tests.support.command_line import CommandLine


async def test_a_key_is_made_and_works(ql: CommandLine, api: ApiClient) -> None:
    ended = await ql.run("keys", "create", "--name", "robot", "--role", "viewer", "--json")
    assert set(ended.json) == {"key", "id", "prefix"}
    viewer = await api.with_key(ended.json["key"]).data("{ viewer { role } }")
    assert viewer["viewer"]["role"] == "viewer"


async def test_people_get_the_key_on_stdout_and_the_warning_beside_it(ql: CommandLine) -> None:
    ended = await ql.run("keys", "create", "--name", "robot")
    assert ended.out.startswith("ql_")
    assert len(ended.out.strip()) == 46
    assert "Nobody can show it again" in ended.err


async def test_only_an_owner_makes_keys_and_links(ql: CommandLine) -> None:
    member = (await ql.run("keys", "create", "--name", "m", "--json")).json["key"]
    other = replace(ql, environment={**ql.environment, "QL_API_KEY": member})
    for arguments in (("keys", "create", "--name", "x"), ("owner-link",)):
        ended = await other.run(*arguments)
        assert ended.status == 1
        assert "member" in ended.error


async def test_wrong_usage_is_status_2(ql: CommandLine) -> None:
    for arguments in (("--name", " "), (), ("--name", "x", "--role", "king")):
        assert (await ql.run("keys", "create", *arguments)).status == 2


async def test_an_owner_link_is_fresh_every_time(ql: CommandLine, api: ApiClient) -> None:
    first, second = await ql.run("owner-link"), await ql.run("owner-link", "--json")
    assert first.out.strip().startswith(f"{api.url}/auth/owner?token=")
    assert second.json["url"] != first.out.strip()
