"""`quantumlayer generate` and `demo`: from a sentence to a verified capsule."""

from __future__ import annotations

import asyncio
import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from quantumlayer.cli.commands.generate import LANGUAGES
from quantumlayer.qlayer.requirements import GENERATED
from tests.support.api_client import NOWHERE, ApiClient
from tests.support.command_line import CommandLine, line_with
from tests.support.scripted_run import ASKING, FAILING, LACKING, MISSING, WAITING

CANCEL = "mutation($run: ID!) { cancelRun(runId: $run) { id } }"
STATUS = "query($id: ID!) { run(id: $id) { status } }"


async def test_a_passed_run_leaves_a_capsule_and_one_json_object(
    ql: CommandLine, tmp_path: Path
) -> None:
    ended = await ql.run("generate", "An app", "--json", "--output", "out", "--language", "python")
    assert ended.status == 0
    assert ended.json == {
        "runId": ended.json["runId"],
        "verdict": "passed",
        "reason": None,
        "missing": [],
        "proofs": {},
        "capsule": "out/bücher 1.zip",
        "tests": {"executed": 1, "passed": 1, "failed": 0, "errors": 0, "skipped": 1},
        "coverage": None,
        "mutationScore": None,
        "files": 2,
        "costUsd": 0.0,
        "modelUsage": None,
        "timeToFirstFileSeconds": ended.json["timeToFirstFileSeconds"],
        "elapsedSeconds": ended.json["elapsedSeconds"],
    }
    assert 0 <= ended.json["timeToFirstFileSeconds"] <= ended.json["elapsedSeconds"]
    assert (tmp_path / ended.json["capsule"]).stat().st_size > 1_000


async def test_people_see_the_story_and_then_the_summary(ql: CommandLine) -> None:
    ended = await ql.run("generate", "An app")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert "wrote src/answer.py" in lines[2]
    assert "verdict: passed" in lines[3]
    assert "capsules/bücher 1.zip" in ended.out
    assert "intact" in ended.out


async def test_any_other_verdict_is_status_1_and_still_leaves_the_capsule(
    ql: CommandLine, tmp_path: Path
) -> None:
    ended = await ql.run("generate", FAILING, "--json")
    assert ended.status == 1
    assert ended.json["verdict"] == "failed"
    assert (tmp_path / ended.json["capsule"]).exists()


async def test_what_is_missing_stands_first(ql: CommandLine) -> None:
    ended = await ql.run("generate", f"An app {LACKING}")
    assert ended.status == 1
    verdict = next(i for i, line in enumerate(ended.out.splitlines()) if line.startswith("  verd"))
    told = [line.split(maxsplit=1) for line in ended.out.splitlines()[verdict : verdict + 3]]
    assert told == [
        ["verdict", "incomplete"],
        ["missing", MISSING],
        ["proof", "0 of 1 proved; only tested: R1"],
    ]
    as_json = await ql.run("generate", f"An app {LACKING}", "--json")
    assert as_json.json["missing"] == [MISSING]
    assert as_json.json["proofs"] == {"R1": "tested"}
    run_id = as_json.json["runId"]
    shown = (await ql.run("runs", "show", run_id)).out
    assert f"verdict   incomplete\nmissing   {MISSING}\n" in shown
    listed = (await ql.run("runs", "list", "--limit", "1")).out.splitlines()
    assert listed[0].startswith(run_id)
    assert listed[1].strip() == MISSING


async def test_a_script_takes_the_default_of_what_is_asked_at_once(ql: CommandLine) -> None:
    ended = await ql.run("generate", f"An app {ASKING}")
    assert "no stack serves rails, ruby; the nearest is: Python service" in ended.out
    as_json = await ql.run("generate", f"An app {ASKING}", "--json")
    assert as_json.json["reason"] == "accept"


@pytest.mark.parametrize(
    ("decision", "heard"), [("accept", "accept"), ("stop", "stop"), ("not-meant", "not_meant")]
)
async def test_a_run_that_asks_is_answered(ql: CommandLine, decision: str, heard: str) -> None:
    run_id = (await ql.run("generate", f"An app {ASKING}", "--no-watch")).out.strip()
    # It may not have come to its question yet.
    while (await ql.run("runs", "decide", run_id, decision)).status != 0:
        pass
    await ql.run("runs", "watch", run_id)
    shown = json.loads((await ql.run("runs", "show", run_id, "--json")).out)
    assert shown["reason"] == heard
    again = await ql.run("runs", "decide", run_id, decision)
    assert again.status != 0
    assert "asks nothing now" in again.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("generate", ""), "empty"),
        (("generate", " \n"), "empty"),
        (("generate", "x" * 20_001), "20,000"),
        (("generate", "An app", "--language", "cobol"), "python"),
        (("generate",), "PROMPT"),
        (("generate", "An app", "--project", "No Such/Name"), "project"),
        (("demo", "  "), "empty"),
    ],
)
async def test_wrong_usage_is_status_2(
    ql: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    ended = await ql.run(*arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    ("stdin", "status"),
    [(b"An app of many words", 0), (b"", 2), (b"\xff\xfe", 2), (b"x" * 1_000_000, 2)],
)
async def test_a_dash_reads_the_prompt_from_stdin(
    ql: CommandLine, stdin: bytes, status: int
) -> None:
    ended = await ql.run("generate", "-", "--no-watch", stdin=stdin)
    assert ended.status == status
    assert "Traceback" not in ended.err


SPECIFICATION = "  title: Büchér\n  entities:\n\t- Book # …\n"


async def prompt_of(api: ApiClient, run_id: str) -> object:
    query = "query($id: ID!) { run(id: $id) { prompt acceptPartial } }"
    return (await api.data(query, id=run_id))["run"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
async def test_a_specification_is_sent_as_it_stands_in_its_file(
    ql: CommandLine, api: ApiClient, tmp_path: Path, mark: bytes
) -> None:
    (tmp_path / "books.yaml").write_bytes(mark + SPECIFICATION.encode())
    ended = await ql.run("generate", "--spec", "books.yaml", "--no-watch", "--accept-partial")
    assert ended.status == 0
    sent = await prompt_of(api, ended.out.strip())
    assert sent == {"prompt": SPECIFICATION, "acceptPartial": True}


@pytest.mark.parametrize("arguments", [("--spec", "-"), ("-",)])
async def test_the_standard_input_is_sent_as_it_is(
    ql: CommandLine, api: ApiClient, arguments: tuple[str, ...]
) -> None:
    ended = await ql.run("generate", *arguments, "--no-watch", stdin=SPECIFICATION.encode())
    sent = await prompt_of(api, ended.out.strip())
    assert sent == {"prompt": SPECIFICATION, "acceptPartial": False}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "books.yaml is empty"),
        (b" \n\t\n", "books.yaml is empty"),
        (b"\xff\xfet\0i\0", "books.yaml is no UTF-8 text"),
        (b"title: \x00\x01", "books.yaml holds control characters"),
        (b"x" * 20_001, "books.yaml has 20,001 characters, at most 20,000 are taken"),
        ("é".encode() * 100_000, "books.yaml is too long, at most 20,000 characters"),
    ],
)
async def test_a_file_that_is_no_specification_is_named_before_anything_is_sent(
    ql: CommandLine, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "books.yaml").write_bytes(content)
    ended = await ql.run("generate", "--spec", "books.yaml", "--no-watch")
    assert ended.status == 2
    assert said in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("An app", "--spec", "books.yaml"), "not both"),
        (("--spec", "nowhere.yaml"), "nowhere.yaml"),
        (("--spec", "."), "directory"),
        (("--spec",), "--spec"),
    ],
)
async def test_wrong_usage_of_a_specification_is_status_2(
    ql: CommandLine, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "books.yaml").write_text(SPECIFICATION)
    ended = await ql.run("generate", *arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


async def test_without_watching_only_the_run_id_is_printed(ql: CommandLine, api: ApiClient) -> None:
    ended = await ql.run("generate", WAITING, "--no-watch")
    assert ended.status == 0
    await api.data(CANCEL, run=ended.out.strip())


async def test_one_idempotency_key_is_one_run(ql: CommandLine) -> None:
    arguments = ("generate", "An app", "--no-watch", "--json", "--idempotency-key", "cli-key-1")
    first, second = await ql.run(*arguments), await ql.run(*arguments)
    assert first.json == second.json


async def test_an_api_that_is_down_is_one_line_and_status_5(
    ql: CommandLine,
) -> None:
    away = replace(ql, environment={**ql.environment, "QL_API_URL": f"http://{NOWHERE}"})
    ended = await away.run("generate", "An app")
    assert ended.status == 5
    assert "QL_API_URL" in ended.error


async def test_a_wrong_key_is_one_line_and_status_5(ql: CommandLine) -> None:
    stranger = replace(ql, environment={**ql.environment, "QL_API_KEY": "ql_" + "A" * 43})
    ended = await stranger.run("generate", "An app")
    assert ended.status == 5
    assert "not known" in ended.error


async def test_an_address_that_is_no_api_is_one_line_and_status_5(
    ql: CommandLine, api: ApiClient
) -> None:
    wrong = replace(ql, environment={**ql.environment, "QL_API_URL": f"{api.url}/nowhere"})
    ended = await wrong.run("runs", "list")
    assert ended.status == 5
    assert "no GraphQL" in ended.error


async def test_ctrl_c_leaves_the_run_alone_and_says_how_to_come_back(
    ql: CommandLine, api: ApiClient
) -> None:
    async with ql.started("generate", WAITING) as process:
        run_id = (await line_with(process.stdout, "run ")).split()[1]
        await line_with(process.stdout, "wrote")
        process.send_signal(signal.SIGINT)
        _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 130
    assert f"quantumlayer runs watch {run_id}" in err.decode()
    assert f"quantumlayer runs cancel {run_id}" in err.decode()
    assert "Traceback" not in err.decode()
    assert (await api.data(STATUS, id=run_id))["run"]["status"] == "running"
    await api.data(CANCEL, run=run_id)


async def test_the_demo_ends_with_everything_one_wants_to_open(
    ql: CommandLine, api: ApiClient
) -> None:
    ended = await ql.run("demo")
    assert ended.status == 0
    assert "A library service" in ended.out
    for shown in (
        f"{api.url}/graphql",
        "http://127.0.0.1:8233/namespaces/default/workflows/a-library-service",
        f"{api.url}/auth/owner?token=",
        "passed",
        "first file",
        "capsules/",
        "make down",
    ):
        assert shown in ended.out


async def test_the_demo_of_another_prompt_that_fails_is_status_1(ql: CommandLine) -> None:
    named = replace(ql, environment={**ql.environment, "DEMO_PROMPT": FAILING})
    ended = await named.run("demo")
    assert ended.status == 1
    assert FAILING in ended.out


def test_every_language_of_the_engine_can_be_asked_for() -> None:
    assert set(LANGUAGES) == {language.value for language in GENERATED}
