"""`quantumlayer memory`: list, forget, clear."""

from __future__ import annotations

from quantumlayer.core.settings import ApiSettings
from tests.apps.api.test_memories import remembered
from tests.support.api_client import ApiClient
from tests.support.command_line import CommandLine


async def test_what_is_remembered_is_listed_and_forgotten(
    ql: CommandLine, api: ApiClient, api_settings: ApiSettings
) -> None:
    older, newer = [await remembered(api, api_settings) for _ in range(2)]

    listed = (await ql.run("memory", "list")).out.splitlines()
    assert [line.split()[:2] for line in listed] == [[newer, "go-service"], [older, "go-service"]]
    assert [one["runId"] for one in (await ql.run("memory", "list", "--json")).json] == [
        newer,
        older,
    ]
    assert f"run {older} is forgotten" in (await ql.run("memory", "forget", older)).out
    assert f"run {older} was not remembered" in (await ql.run("memory", "forget", older)).out
    assert "forgotten: 1" in (await ql.run("memory", "clear", "--yes")).out
    assert "Nothing is remembered" in (await ql.run("memory", "list")).out
