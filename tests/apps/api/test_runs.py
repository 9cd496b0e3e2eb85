"""Runs over GraphQL: started once, read in full, followed without gaps, cancelled at any moment."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest

from tests.support.api_client import ApiClient
from tests.support.scripted_run import DELIVERY, SOURCE, WAITING

START = "mutation($input: StartGenerationInput!) { startGeneration(input: $input) { id status } }"
CANCEL = "mutation($run: ID!) { cancelRun(runId: $run) { id status } }"
STATUS = "query($id: ID!) { run(id: $id) { status verdict lastEvent } }"


async def start(api: ApiClient, prompt: str = "A library of answers", **more: object) -> str:
    """The id of a run that was just asked for."""
    run = (await api.data(START, input={"prompt": prompt, **more}))["startGeneration"]
    return str(run["id"])


async def finished(api: ApiClient, prompt: str = "A library of answers", **more: object) -> str:
    """The id of a run that has ended."""
    run_id = await start(api, prompt, **more)
    await api.events(run_id)
    return run_id


async def until_status(api: ApiClient, run_id: str, status: str) -> None:
    """Waits until the run has that status."""
    async with asyncio.timeout(30):
        # Somebody else's process changes it: there is nothing to be notified by.
        while (await api.data(STATUS, id=run_id))["run"]["status"] != status:  # noqa: ASYNC110 - a run of another process
            await asyncio.sleep(0.05)


async def test_a_run_goes_from_the_mutation_to_its_verdict(api: ApiClient) -> None:
    run_id = await start(api)
    events = await api.events(run_id)
    assert [event["type"] for event in events] == ["run.started", "file.written", "run.finished"]
    assert [event["sequence"] for event in events] == [1, 2, 3]
    run = (await api.data(STATUS, id=run_id))["run"]
    assert run == {"status": "finished", "verdict": "passed", "lastEvent": 3}


async def test_a_model_of_the_deployments_list_may_be_chosen(api: ApiClient) -> None:
    assert (await api.data("{ models }"))["models"] == [
        "builtin",
        "openai/scripted",
        "openai/other",
    ]
    run_id = await start(api, model="openai/other")
    run = (await api.data("query($id: ID!) { run(id: $id) { model } }", id=run_id))["run"]
    assert run["model"] == "openai/other"


async def test_everything_about_a_finished_run_can_be_asked_at_once(api: ApiClient) -> None:
    run_id = await finished(api, project="answers", language="python")
    query = """query($id: ID!) { run(id: $id) {
        id prompt title language model limits reason costUsd coverage createdAt finishedAt
        timeToFirstFileSeconds elapsedSeconds temporalUrl requirements blueprint qualityReport
        delivery { tier notes rungs { rung outcome reason evidence tests
            { name path line outcome message requirements } } pictures { url } }
        project { slug name } files { path sha256 size role origin requirements content }
        findings { rule severity path line column message fix tool }
        tests { name path line outcome message durationSeconds }
        testSummary { executed passed failed errors skipped }
        events(after: 1) { sequence type }
        capsule { sha256 size fileName verdict signer url } } }"""
    run = (await api.data(query, id=run_id))["run"]
    assert run["title"] == "Answers"
    assert run["model"] == "builtin"
    assert run["limits"]["repair_rounds"] == 3
    assert run["project"] == {"slug": "answers", "name": "Answers"}
    assert {file["path"]: file["content"] for file in run["files"]} == {
        "src/answer.py": SOURCE,
        "src/logo.bin": None,
    }
    assert run["findings"][0]["rule"] == "W1"
    assert run["testSummary"] == {
        "executed": 1,
        "passed": 1,
        "failed": 0,
        "errors": 0,
        "skipped": 1,
    }
    assert [event["sequence"] for event in run["events"]] == [2, 3]
    assert run["capsule"]["url"] == f"{api.url}/v1/runs/{run_id}/capsule"
    assert run["requirements"] == {"title": "Answers"}
    assert run["qualityReport"] == {"verdict": "passed", "delivery": DELIVERY}
    rungs = [{"tests": [], **one} for one in DELIVERY["rungs"]]
    assert run["delivery"] == {**DELIVERY, "rungs": rungs, "pictures": []}
    assert run["temporalUrl"].endswith(
        f"/namespaces/default/workflows/a-library-of-answers-{run_id}"
    )
    assert 0 <= run["timeToFirstFileSeconds"] <= run["elapsedSeconds"]


async def test_one_idempotency_key_gives_one_run(api: ApiClient) -> None:
    key = uuid.uuid4().hex
    first, second, third = await asyncio.gather(*(start(api, idempotencyKey=key) for _ in range(3)))
    assert first == second == third


async def test_an_idempotency_key_of_another_input_is_refused(api: ApiClient) -> None:
    key = uuid.uuid4().hex
    await start(api, idempotencyKey=key)
    code, message = await api.error(
        START, input={"prompt": "Something else", "idempotencyKey": key}
    )
    assert code == "CONFLICT"
    assert "new key" in message


async def test_without_a_key_every_request_is_a_new_run(api: ApiClient) -> None:
    assert await start(api) != await start(api)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prompt": ""}, "empty"),
        ({"prompt": "  \n "}, "empty"),
        ({"prompt": "x" * 20_001}, "20,000"),
        ({"prompt": "a\0b"}, "control characters"),
        ({"language": "cobol"}, "python, javascript"),
        ({"project": "No Such/Name"}, "a-z"),
        ({"model": "; rm -rf"}, "openai/scripted"),
        ({"model": "ollama/llama3"}, "QL_MODELS"),
        ({"model": "openai/scripted@http://127.0.0.1:1"}, "one of those offered here"),
        ({"model": "OPENAI/SCRIPTED"}, "one of those offered here"),
        ({"idempotencyKey": ""}, "idempotencyKey"),
        ({"idempotencyKey": "x" * 201}, "200"),
        ({"limits": {"repairRounds": 99}}, "repair_rounds"),
        ({"limits": {"wallSeconds": 0}}, "wall_seconds"),
    ],
)
async def test_wrong_input_is_said_and_starts_nothing(
    api: ApiClient, wrong: dict[str, Any], said: str
) -> None:
    code, message = await api.error(START, input={"prompt": "An app", **wrong})
    assert code == "BAD_INPUT"
    assert said in message


@pytest.mark.parametrize(
    "prompt",
    ["  title: Books\n  entities:\n    - Book\n", "\n\tA library\r\nof answers  \n\n", "#\u2028é"],
)
async def test_a_prompt_is_kept_as_it_is(api: ApiClient, prompt: str) -> None:
    run_id = await start(api, prompt)
    run = (await api.data("query($id: ID!) { run(id: $id) { prompt } }", id=run_id))["run"]
    assert run["prompt"] == prompt
    assert (await api.events(run_id))[0]["data"]["prompt"] == prompt


async def test_whether_a_part_may_do_is_known_of_a_run_and_belongs_to_the_request(
    api: ApiClient,
) -> None:
    key, query = uuid.uuid4().hex, "query($id: ID!) { run(id: $id) { acceptPartial } }"
    whole = await start(api)
    part = await start(api, acceptPartial=True, idempotencyKey=key)
    assert (await api.data(query, id=whole))["run"] == {"acceptPartial": False}
    assert (await api.data(query, id=part))["run"] == {"acceptPartial": True}
    assert await start(api, acceptPartial=True, idempotencyKey=key) == part
    code, _ = await api.error(
        START, input={"prompt": "A library of answers", "idempotencyKey": key}
    )
    assert code == "CONFLICT"


async def test_the_longest_prompt_is_taken(api: ApiClient) -> None:
    assert await start(api, prompt="é" * 20_000)


@pytest.mark.parametrize("run_id", ["nonsense", "00000000-0000-0000-0000-000000000000"])
async def test_an_unknown_run_is_an_error_that_says_so(api: ApiClient, run_id: str) -> None:
    for operation in (STATUS, CANCEL.replace("$run", "$id").replace("runId: $id", "runId: $id")):
        code, message = await api.error(operation, id=run_id)
        assert code == "NOT_FOUND"
        assert run_id in message


async def test_a_run_is_cancelled_while_it_works(api: ApiClient) -> None:
    run_id = await start(api, prompt=WAITING)
    await until_status(api, run_id, "running")
    await api.data(CANCEL, run=run_id)
    events = await api.events(run_id)
    assert events[-1]["type"] == "run.cancelled"
    assert (await api.data(STATUS, id=run_id))["run"]["status"] == "cancelled"


async def test_what_has_ended_cannot_be_cancelled(api: ApiClient) -> None:
    code, message = await api.error(CANCEL, run=await finished(api))
    assert code == "CONFLICT"
    assert "passed" in message


async def test_without_temporal_a_run_waits_and_is_started_by_whoever_reaches_temporal(
    api: ApiClient, api_without_temporal: ApiClient
) -> None:
    run = (await api_without_temporal.data(START, input={"prompt": "Patience"}))["startGeneration"]
    assert run["status"] == "queued"
    # The other API looks for queued runs.
    assert (await api.events(run["id"]))[-1]["type"] == "run.finished"


async def test_a_subscriber_misses_nothing_and_hears_nothing_twice(api: ApiClient) -> None:
    run_id = await start(api, prompt=WAITING)
    watching = aiter(api.watch(run_id))
    first = await anext(watching)
    await watching.aclose()  # type: ignore[attr-defined]  # an async generator
    await until_status(api, run_id, "running")
    await api.data(CANCEL, run=run_id)
    rest = await api.events(run_id, after=first["sequence"])
    assert [first["sequence"], *(event["sequence"] for event in rest)] == [1, 2, 3]


async def test_a_subscription_after_the_last_event_ends_at_once(api: ApiClient) -> None:
    run_id = await finished(api)
    assert await api.events(run_id, after=3) == []


async def test_a_subscription_to_an_unknown_run_is_an_error(api: ApiClient) -> None:
    query = 'subscription { runEvents(runId: "nonsense") { sequence } }'
    async with api.socket() as socket:
        await socket.recv()
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        message = json.loads(await socket.recv())
    errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
    assert errors[0]["extensions"]["code"] == "NOT_FOUND"


async def test_runs_are_listed_newest_first_page_by_page(api: ApiClient) -> None:
    project = f"p{uuid.uuid4().hex[:12]}"
    made = [await start(api, project=project) for _ in range(3)]
    query = """query($project: String, $after: String) {
        runs(first: 2, project: $project, after: $after) {
            nodes { id project { slug } } pageInfo { hasNextPage endCursor } } }"""
    page = (await api.data(query, project=project))["runs"]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = (await api.data(query, project=project, after=page["pageInfo"]["endCursor"]))["runs"]
    assert rest["pageInfo"]["hasNextPage"] is False
    listed = [node["id"] for node in page["nodes"] + rest["nodes"]]
    assert listed == list(reversed(made))


async def test_runs_are_filtered_by_status_and_verdict(api: ApiClient) -> None:
    run_id = await finished(api, project="filtered")
    query = """query($status: RunStatus, $verdict: Verdict) {
        runs(first: 1, project: "filtered", status: $status, verdict: $verdict) {
            nodes { id } } }"""
    found = (await api.data(query, status="finished", verdict="passed"))["runs"]["nodes"]
    assert found == [{"id": run_id}]
    assert (await api.data(query, verdict="failed"))["runs"]["nodes"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [("first: 0", "1 to 100"), ("first: 101", "1 to 100"), ('after: "§"', "endCursor")],
)
async def test_a_wrong_page_is_said(api: ApiClient, arguments: str, said: str) -> None:
    code, message = await api.error(f"{{ runs({arguments}) {{ nodes {{ id }} }} }}")
    assert code == "BAD_INPUT"
    assert said in message


async def test_projects_are_listed(api: ApiClient) -> None:
    await start(api, project="zoo")
    slugs = [project["slug"] for project in (await api.data("{ projects { slug } }"))["projects"]]
    assert "default" in slugs
    assert "zoo" in slugs
