"""A sentence on what exists: its requirements, its tests and its code change, and nothing else.

`QL_FOREIGN` names the languages in which somebody else's folder is tried: `all`, or else one.
"""

import io
import os
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from quantumlayer.api.revisions import base_of_run
from quantumlayer.core.events import EventType
from quantumlayer.qlayer.capsule.archive import write_archive
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qtest import Verdict
from tests.integration.test_language_model import GOOD_SOURCE, MODEL, TESTS, opening, proving, wrote
from tests.support.foreign_projects import FOREIGN_PROJECTS, PYTHON, ForeignProject
from tests.support.integrating import SOURCE, finish, mended
from tests.support.model_server import FilesReply, ModelServer, Reply
from tests.support.pipeline import Pipeline, StartedRun
from tests.support.revising import archive_of, begin_on_folder, begin_on_run, change

ASKED = os.environ.get("QL_FOREIGN", "javascript")
TRIED = [one for one in FOREIGN_PROJECTS if ASKED == "all" or one.language in ASKED.split()]
PROMPT = "A library that converts celsius to fahrenheit"
TEST_FILE, NEW_TESTS = "tests/test_temperature.py", "tests/test_r2.py"
KELVIN = '''

def to_kelvin(celsius: float) -> float:
    """Celsius as Kelvin."""
    return celsius + 273.15
'''
KELVIN_TESTS = """from temperature import to_kelvin


def test_r2_converts_celsius_to_kelvin() -> None:
    assert to_kelvin(0) == 273.15
    assert to_kelvin(-273.15) == 0
"""
STAYING = """

def test_absolute_zero() -> None:
    assert -460 < to_fahrenheit(-273.15) < -459
"""
ADDED = {"category": "operation", "statement": "Converts Celsius to Kelvin", "source": "kelvin"}


def new_tests(content: str = KELVIN_TESTS, path: str = NEW_TESTS) -> FilesReply:
    return FilesReply(task="test", files={path: content})


@pytest.fixture
async def first(pipeline: Pipeline, server: ModelServer) -> StartedRun:
    """A run that passed, and may be changed."""
    server.script([*opening(), wrote(GOOD_SOURCE), proving(TESTS)])
    run = await pipeline.start(PROMPT, model=MODEL)
    assert (await run.handle.result()).verdict is Verdict.PASSED
    return run


async def report_of(pipeline: Pipeline, run_id: UUID) -> QualityReport:
    row = await pipeline.run(run_id)
    return QualityReport.model_validate_json(
        await pipeline.objects.get(row.quality_report_object or "")
    )


async def told(pipeline: Pipeline, run: StartedRun, kind: EventType) -> list[dict[str, Any]]:
    return [event.data for event in await pipeline.events(run.id) if event.type is kind]


async def test_what_is_added_gets_tests_first_and_then_the_smallest_change(
    pipeline: Pipeline, server: ModelServer, first: StartedRun
) -> None:
    # Given a version that passed, and a sentence that wishes something besides.
    server.script([change(added=[ADDED]), new_tests(), mended(GOOD_SOURCE + KELVIN)])

    run = await begin_on_run(pipeline, first.id, "It also converts to kelvin.")
    ending = await run.handle.result()

    # Then it passes with the old test as it was, and the result is shown by requirement and file.
    assert ending.verdict is Verdict.PASSED, ending.reason
    files = await pipeline.files(run.id)
    assert files[TEST_FILE] == (await pipeline.files(first.id))[TEST_FILE]
    assert "def to_kelvin" in files[SOURCE]
    report = await report_of(pipeline, run.id)
    revision = report.revision
    assert revision is not None
    assert [one.id for one in revision.requirements.added] == ["R2"]
    assert [one.id for one in revision.requirements.kept] == ["R1"]
    shown = {one.path: (one.change, one.lines_added, one.lines_removed) for one in revision.files}
    assert shown == {SOURCE: ("changed", 5, 0), NEW_TESTS: ("added", 6, 0)}
    assert revision.baseline is not None
    assert revision.baseline.holds
    # And who wrote tests saw signatures and an example, never a body.
    asked = next(
        one
        for one in server.requests
        if one.task == "test" and "to_kelvin" not in str(one.messages) and "R2" in str(one.messages)
    )
    assert "def to_fahrenheit(celsius: float)" in str(asked.messages)
    assert "celsius * 9 / 5" not in str(asked.messages)
    assert "test_r1_converts" in str(asked.messages)
    (made,) = await told(pipeline, run, EventType.REVISION_MADE)
    assert made["requirements"] == {"added": ["R2"], "changed": [], "removed": [], "kept": 1}
    assert (await pipeline.files(first.id))[SOURCE] == GOOD_SOURCE


async def test_what_is_different_is_tested_anew_and_what_stays_in_the_same_file_is_frozen(
    pipeline: Pipeline, server: ModelServer
) -> None:
    # Given a version with a test of a requirement beside one that names none.
    server.script([*opening(), wrote(GOOD_SOURCE), proving(TESTS + STAYING)])
    first = await pipeline.start(PROMPT, model=MODEL)
    await first.handle.result()
    # When the requirement changes, and who writes its test anew first leaves the other one out.
    rounded = TESTS.replace("== 212", "== 212.0")
    whole = GOOD_SOURCE.replace("celsius * 9 / 5 + 32", "float(round(celsius * 9 / 5 + 32))")
    statement = {"id": "R1", "category": "operation", "statement": "Converts to whole Fahrenheit"}

    second = await revised(
        pipeline,
        server,
        first.id,
        [change(changed=[statement]), proving(rounded), proving(rounded + STAYING), mended(whole)],
    )

    # Then that one is asked for again, letter by letter, and nobody else's tests were asked about.
    assert (await pipeline.files(second.id))[TEST_FILE] == rounded + STAYING
    again = [str(one.messages) for one in server.requests if one.task == "test"][-1]
    assert "keep it letter by letter: def test_absolute_zero" in again
    revision = (await report_of(pipeline, second.id)).revision
    assert revision is not None
    (different,) = revision.requirements.changed
    assert (different.before.id, different.after.statement) == ("R1", statement["statement"])


@pytest.mark.slow
async def test_what_is_asked_for_no_longer_goes_with_its_tests_and_its_id(
    pipeline: Pipeline, server: ModelServer, first: StartedRun
) -> None:
    second = await revised(
        pipeline,
        server,
        first.id,
        [change(added=[ADDED]), new_tests(), mended(GOOD_SOURCE + KELVIN)],
    )

    third = await revised(
        pipeline, server, second.id, [change(removed=["R2"]), mended(GOOD_SOURCE)]
    )

    files = await pipeline.files(third.id)
    assert NEW_TESTS not in files
    assert "to_kelvin" not in files[SOURCE]
    # And nothing new is ever called like what went.
    fourth = await revised(
        pipeline,
        server,
        third.id,
        [
            change(added=[ADDED]),
            new_tests(KELVIN_TESTS.replace("r2", "r3"), "tests/test_r3.py"),
            mended(GOOD_SOURCE + KELVIN),
        ],
    )
    assert [row.id for row in (await report_of(pipeline, fourth.id)).requirements] == ["R1", "R3"]


@pytest.mark.slow
async def test_what_was_to_go_and_stays_is_never_passed(
    pipeline: Pipeline, server: ModelServer, first: StartedRun
) -> None:
    # Given something to be removed beside something that is there already.
    second = await revised(
        pipeline,
        server,
        first.id,
        [change(added=[ADDED]), new_tests(), mended(GOOD_SOURCE + KELVIN)],
    )
    server.script([change(removed=["R2"]), finish()])

    run = await begin_on_run(pipeline, second.id, "No kelvin any more.", repair_rounds=1)
    ending = await run.handle.result()

    assert ending.verdict is not Verdict.PASSED
    assert "no file was changed for it: R2" in ending.reason


@pytest.mark.slow
async def test_what_the_user_changed_by_hand_is_taken_as_it_is(
    pipeline: Pipeline, server: ModelServer, first: StartedRun, tmp_path: Path
) -> None:
    # Given a capsule that was unpacked, and edited: a function and a program of the user's own, and
    # a file that is gone.
    files = capsule_files(await pipeline.capsule(first.id))
    files["tool.sh"] = b"#!/bin/sh\necho 1\n"
    files[SOURCE] += b"\n\ndef to_rankine(celsius: float) -> float:\n  return celsius*1.8+491.67\n"
    del files["README.md"]
    mine = files[SOURCE].decode()
    server.script([change(added=[ADDED]), new_tests(), mended(mine + KELVIN)])

    archive = write_archive(files, ["tool.sh"])
    run = await begin_on_folder(pipeline, archive, "Kelvin, too.", tmp_path)
    ending = await run.handle.result()

    # Then it is a version of the capsule's, and what was edited is neither undone nor tidied.
    assert ending.verdict is Verdict.PASSED, ending.reason
    kept = await pipeline.files(run.id)
    assert "def to_rankine" in kept[SOURCE]
    assert "README.md" not in kept
    revision = (await report_of(pipeline, run.id)).revision
    assert revision is not None
    assert (revision.edits.changed, revision.edits.removed) == ((SOURCE,), ("README.md",))
    # And what could be run as a program still can be, in what is delivered and in the next version.
    assert programs_of(await pipeline.capsule(run.id)) == ["tool.sh"]
    async with pipeline.database.tenant(pipeline.organisation) as session:
        base = await base_of_run(session, pipeline.objects, pipeline.organisation, run.id)
    assert [file.path for file in base.tree.files if file.executable] == ["tool.sh"]
    assert "has changed these files by hand" in str(server.requests[-1].messages)


@pytest.mark.slow
async def test_tests_that_failed_before_anything_was_changed_are_told(
    pipeline: Pipeline, server: ModelServer, tmp_path: Path
) -> None:
    # Given a folder of somebody's whose own test fails.
    files = {**PYTHON.files, "test_broken.py": "def test_old() -> None:\n    assert 1 == 2\n"}
    server.script([*PYTHON.answers(finish(text=PYTHON.changed)), finish(), finish()])

    run = await begin_on_folder(pipeline, archive_of(files), PYTHON.sentence, tmp_path)
    ending = await run.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert "Before anything was changed 1 test failed: test_broken.py::test_old." in ending.reason
    (tested,) = await told(pipeline, run, EventType.BASELINE_TESTED)
    assert tested["failing"] == ["test_broken.py::test_old"]


@pytest.mark.parametrize("project", TRIED, ids=lambda one: one.language)
async def test_somebody_elses_folder_gets_the_smallest_change(
    pipeline: Pipeline, server: ModelServer, tmp_path: Path, project: ForeignProject
) -> None:
    # Given a folder that no capsule is, with tests of its own and a secret of its owner's.
    sent = archive_of({**project.files, ".env": "TOKEN=hush"})
    server.script(project.answers(finish(text=project.changed)))

    run = await begin_on_folder(pipeline, sent, project.sentence, tmp_path)
    ending = await run.handle.result()

    # Then its own tests pass and the new one, and no other byte is different.
    assert ending.verdict is Verdict.PASSED, ending.reason
    files = await pipeline.files(run.id)
    assert ".env" not in files
    differing = {path for path, text in files.items() if project.files.get(path) != text}
    assert differing == {project.source, project.new_test, project.also[0]} - {""}
    report = await report_of(pipeline, run.id)
    assert [row.id for row in report.requirements] == ["R1"]
    assert report.revision is not None
    assert report.revision.baseline is not None
    assert report.revision.baseline.holds
    assert report.revision.notes == (".env was left out: may hold secrets.",)


async def test_a_model_that_makes_all_anew_is_refused_before_anything_is_spent(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    run = await begin_on_folder(
        pipeline, archive_of(PYTHON.files), "Add kelvin.", tmp_path, model="builtin"
    )

    ending = await run.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert ending.reason == (
        "the model builtin builds from a description and cannot change what exists;"
        " ask with one that can: openai/scripted"
    )
    assert await pipeline.calls(run.id) == ()


async def revised(
    pipeline: Pipeline, server: ModelServer, parent: UUID, answers: list[Reply]
) -> StartedRun:
    """A version of a version, which passed."""
    server.script(answers)
    run = await begin_on_run(pipeline, parent, "Change it.")
    ending = await run.handle.result()
    assert ending.verdict is Verdict.PASSED, ending.reason
    return run


def programs_of(capsule: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(capsule)) as archive:
        return [one.filename for one in archive.infolist() if one.external_attr >> 16 & 0o111]


def capsule_files(capsule: bytes) -> dict[str, bytes]:
    """What a capsule holds, as somebody unpacks it."""
    with zipfile.ZipFile(io.BytesIO(capsule)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
