"""Runs that change what exists, over GraphQL and `POST /v1/folders`."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from quantumlayer.core.database import Database, new_id
from quantumlayer.core.identity import Credentials, Role
from quantumlayer.core.identity.tables import Organisation
from quantumlayer.core.settings import ApiSettings
from quantumlayer.qlayer.capsule import build_capsule
from quantumlayer.qlayer.revision.packing import MOST_PACKED_BYTES
from tests.apps.api.test_runs import START, finished, start
from tests.support import capsules
from tests.support.api_client import ApiClient
from tests.support.capsules import repacked
from tests.support.foreign_projects import PYTHON
from tests.support.revising import archive_of
from tests.support.scripted_run import REVISABLE, WAITING

CHANGED = """query($id: ID!) { run(id: $id) {
  parent { id } project { slug } versions { id }
  changes { requirements { id change statement before } files { path change linesAdded }
    editedByHand baseline { verdict failing } notes } } }"""


async def another_owner(api: ApiClient, settings: ApiSettings) -> ApiClient:
    """The owner of an organisation that the API knows as well."""
    database, organisation = Database(settings.database_url), new_id()
    async with database.tenant(organisation) as session:
        session.add(Organisation(id=organisation, slug=str(organisation), name="Other"))
    made = await Credentials(database).create_api_key(organisation, "other", Role.OWNER)
    await database.close()
    return api.with_key(made.key)


async def send(api: ApiClient, archive: bytes, name: str = "doubling") -> Any:  # noqa: ANN401 - JSON
    return (await api.request("POST", "/v1/folders", params={"name": name}, content=archive)).json()


async def test_a_version_has_a_parent_and_shows_what_it_changed(api: ApiClient) -> None:
    # Given a run, a version of it, and a version of that.
    first = await finished(api, REVISABLE, project="answers")
    second = await finished(api, f"More, {REVISABLE}", parent=first)
    third = await finished(api, "Less", parent=second)

    run = (await api.data(CHANGED, id=second))["run"]

    assert (run["parent"], run["project"]) == ({"id": first}, {"slug": "answers"})
    assert [one["id"] for one in run["versions"]] == [first, second, third]
    assert [(one["id"], one["change"]) for one in run["changes"]["requirements"]] == [
        ("R2", "added"),
        ("R1", "changed"),
        ("R3", "kept"),
    ]
    assert run["changes"]["requirements"][1]["before"] == "It answers."
    assert [one["linesAdded"] for one in run["changes"]["files"]] == [2, None]
    assert run["changes"]["baseline"] == {"verdict": "failed", "failing": ["test_old"]}
    assert run["changes"]["editedByHand"] == ["src/answer.py"]
    made_anew = (await api.data(CHANGED, id=first))["run"]
    assert (made_anew["parent"], made_anew["changes"]) == (None, None)


async def test_a_folder_is_sent_and_then_changed(api: ApiClient) -> None:
    sent = await send(api, archive_of({**PYTHON.files, ".env": "TOKEN=hush", "a b.txt": "x"}))

    assert (sent["language"], sent["files"], sent["parent"]) == ("python", 3, None)
    assert sent["notes"] == [
        ".env was left out: may hold secrets.",
        "a b.txt was left out: no capsule can carry such a name.",
    ]
    run_id = await finished(api, "Triple, too", folder=sent["id"])
    assert (await api.data(CHANGED, id=run_id))["run"]["parent"] is None


async def test_a_capsule_is_taken_with_what_was_edited_and_refused_where_its_word_is_not_its_own(
    api: ApiClient,
) -> None:
    capsule = build_capsule(capsules.inputs())
    path = next(file.path for file in capsules.inputs().tree.files if file.path.endswith(".py"))

    edited = await send(api, repacked(capsule, {path: b"X = 1\n"}))
    forged = await send(api, repacked(capsule, {"capsule/requirements.json": b"{}"}))

    assert edited["edits"] == [path]
    assert forged["code"] == "BAD_INPUT"
    assert forged["detail"] == (
        "The capsule's signature does not verify:"
        " capsule/requirements.json is missing or was changed."
    )


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (b"no zip", "The archive cannot be read"),
        (archive_of({"notes.txt": "nothing"}), "There is no source in it of a language"),
        (archive_of({"../x.py": "X = 1"}), "leads out of it"),
        (archive_of({f"f{n}.py": "" for n in range(1_001)}), "1,000 can be worked on"),
    ],
)
async def test_what_cannot_be_changed_is_refused(api: ApiClient, archive: bytes, said: str) -> None:
    answer = await send(api, archive)
    assert answer["code"] == "BAD_INPUT"
    assert said in answer["detail"]


async def test_an_archive_that_is_too_long_is_not_read_to_its_end(api: ApiClient) -> None:
    response = await api.request("POST", "/v1/folders", content=b"\0" * (MOST_PACKED_BYTES + 1))
    assert response.status_code == 413
    assert "more than 41,943,040 bytes" in response.json()["detail"]


async def test_a_stranger_sends_nothing(api: ApiClient) -> None:
    response = await api.with_key(None).request("POST", "/v1/folders", content=b"")
    assert response.status_code == 401


async def test_what_is_named_must_be_there_and_ones_own(
    api: ApiClient, api_settings: ApiSettings
) -> None:
    waiting = await start(api, WAITING)
    unread = await finished(api)
    mine = await finished(api, REVISABLE)
    folder = (await send(api, archive_of(PYTHON.files)))["id"]
    other = await another_owner(api, api_settings)

    async def refusal(caller: ApiClient, **named: object) -> tuple[str, str]:
        return await caller.error(START, input={"prompt": "More", **named})

    assert (await refusal(api, parent=waiting))[0] == "CONFLICT"
    assert "written by another version" in (await refusal(api, parent=unread))[1]
    assert (await refusal(api, parent=str(uuid.uuid4())))[0] == "NOT_FOUND"
    assert (await refusal(api, folder=str(uuid.uuid4())))[0] == "NOT_FOUND"
    assert (await refusal(other, parent=mine))[0] == "NOT_FOUND"
    assert (await refusal(other, folder=folder))[0] == "NOT_FOUND"
    assert "not both" in (await refusal(api, parent=mine, folder=folder))[1]
    assert "leave it out" in (await refusal(api, parent=mine, language="go"))[1]
    none = await refusal(api, parent=mine, limits={"repairRounds": 0})
    assert "at least 1" in none[1]
    assert "is empty" in (await api.error(START, input={"prompt": " ", "parent": mine}))[1]
