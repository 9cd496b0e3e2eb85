"""`quantumlayer runs`: list, show, watch, cancel, download."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.api_client import ApiClient
from tests.support.command_line import CommandLine, line_with
from tests.support.cutting_proxy import cutting_proxy
from tests.support.scripted_run import WAITING

CANCEL = "mutation($run: ID!) { cancelRun(runId: $run) { id } }"


async def begun(ql: CommandLine, prompt: str = "An app", project: str = "default") -> str:
    """The id of a fresh run."""
    ended = await ql.run("generate", prompt, "--no-watch", "--project", project)
    return ended.out.strip()


async def finished(ql: CommandLine, api: ApiClient, project: str = "default") -> str:
    """The id of a run that has ended."""
    run_id = await begun(ql, project=project)
    await api.events(run_id)
    return run_id


async def test_runs_are_listed_newest_first(ql: CommandLine, api: ApiClient) -> None:
    project = f"p{uuid.uuid4().hex[:10]}"
    older, newer = await finished(ql, api, project), await finished(ql, api, project)
    ended = await ql.run("runs", "list", "--project", project, "--json")
    assert [run["runId"] for run in ended.json] == [newer, older]
    assert ended.json[0]["verdict"] == "passed"
    people = await ql.run("runs", "list", "--project", project, "--limit", "1")
    assert newer in people.out
    assert older not in people.out


async def test_a_run_is_shown_by_a_part_of_its_id(ql: CommandLine, api: ApiClient) -> None:
    run_id = await finished(ql, api)
    ended = await ql.run("runs", "show", run_id[-12:], "--json")
    assert ended.json["runId"] == run_id
    assert ended.json["tests"]["executed"] == 1
    assert [file["path"] for file in ended.json["files"]] == ["src/answer.py", "src/logo.bin"]
    people = await ql.run("runs", "show", run_id)
    assert "src/answer.py" in people.out


async def test_a_run_that_asked_no_model_says_so(ql: CommandLine, api: ApiClient) -> None:
    run_id = await finished(ql, api)
    assert (await ql.run("runs", "usage", run_id)).out == "no model was asked\n"
    assert (await ql.run("runs", "usage", run_id, "--json")).json["modelUsage"] is None
    assert "cost      $0\n" in (await ql.run("runs", "show", run_id)).out


@pytest.mark.parametrize("command", ["show", "usage", "watch", "cancel", "download"])
@pytest.mark.parametrize("run", ["nonsense!", "00000000-0000-0000-0000-000000000000", "ffffffff"])
async def test_an_unknown_run_is_one_line_and_status_2(
    ql: CommandLine, command: str, run: str
) -> None:
    ended = await ql.run("runs", command, run)
    assert ended.status == 2
    assert run in ended.error
    assert ended.out == ""


async def test_a_part_that_many_ids_share_is_not_guessed(ql: CommandLine, api: ApiClient) -> None:
    first = await finished(ql, api)
    await finished(ql, api)
    ended = await ql.run("runs", "show", first[:4])
    assert ended.status == 2
    assert "more of it" in ended.error


async def test_a_run_is_cancelled_and_watching_it_ends_with_status_1(
    ql: CommandLine, api: ApiClient
) -> None:
    run_id = await begun(ql, WAITING)
    async with ql.started("runs", "watch", run_id) as watching:
        await line_with(watching.stdout, "wrote")
        ended = await ql.run("runs", "cancel", run_id, "--json")
        assert ended.json["runId"] == run_id
        await line_with(watching.stdout, "cancelled")
        assert await asyncio.wait_for(watching.wait(), 20) == 1
    again = await ql.run("runs", "cancel", run_id)
    assert again.status == 1
    assert "ended already" in again.error


async def test_watching_goes_on_after_every_break_and_misses_nothing(
    ql: CommandLine, api: ApiClient
) -> None:
    run_id = await begun(ql, WAITING)
    async with cutting_proxy(api.url) as proxy:
        cut_off = replace(ql, environment={**ql.environment, "QL_API_URL": proxy.url})
        async with cut_off.started("runs", "watch", run_id, "--json") as watching:
            assert watching.stdout is not None
            seen = [json.loads(await watching.stdout.readline())["sequence"] for _ in range(2)]
            proxy.cut()
            await api.data(CANCEL, run=run_id)
            out, err = await asyncio.wait_for(watching.communicate(), 30)
    seen += [json.loads(line)["sequence"] for line in out.decode().splitlines()]
    assert seen == [1, 2, 3]
    assert err == b""


async def test_a_download_is_resumed_where_it_broke_off(
    ql: CommandLine, api: ApiClient, tmp_path: Path
) -> None:
    run_id = await finished(ql, api)
    whole = (await api.request("GET", f"/v1/runs/{run_id}/capsule")).content
    async with cutting_proxy(api.url) as proxy:
        proxy.cut_after = 12_000
        cut_off = replace(ql, environment={**ql.environment, "QL_API_URL": proxy.url})
        ended = await cut_off.run("runs", "download", run_id, "--json")
        assert proxy.cuts == 1
    assert ended.status == 0
    assert (tmp_path / ended.json["capsule"]).read_bytes() == whole
    assert ended.json["verified"] is True


async def test_a_download_replaces_nobodys_file(
    ql: CommandLine, api: ApiClient, tmp_path: Path
) -> None:
    run_id = await finished(ql, api)
    mine = tmp_path / "capsules" / "bücher 1.zip"
    mine.parent.mkdir()
    mine.write_text("mine")
    first = await ql.run("runs", "download", run_id, "--json")
    second = await ql.run("runs", "download", run_id, "--json")
    assert mine.read_text() == "mine"
    assert first.json["capsule"] == second.json["capsule"] == "capsules/bücher 1-2.zip"
    assert len(list(mine.parent.iterdir())) == 2


async def test_a_run_without_a_capsule_has_nothing_to_download(
    ql: CommandLine, api: ApiClient
) -> None:
    run_id = await begun(ql, WAITING)
    ended = await ql.run("runs", "download", run_id)
    assert ended.status == 1
    assert "no capsule" in ended.err
    await api.data(CANCEL, run=run_id)


async def test_a_folder_that_cannot_be_written_is_one_line(
    ql: CommandLine, api: ApiClient, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("")
    ended = await ql.run("runs", "download", await finished(ql, api), "--output", "a-file/below")
    assert ended.status == 5
    assert "--output" in ended.error
