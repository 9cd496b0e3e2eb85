"""A language model behind the pipeline, with everything that such models do wrong."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from quantumlayer.core.events import EventType
from quantumlayer.core.runs import RunLimits
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qtest import Verdict
from tests.support.integrating import mended, writing
from tests.support.model_server import (
    CutOffReply,
    ErrorReply,
    FilesReply,
    JsonReply,
    ModelServer,
    RawReply,
    Reply,
    TextReply,
)
from tests.support.pipeline import Pipeline, open_pipeline
from tests.support.platform import PostgresUrls

MODEL = "openai/scripted"

REQUIREMENTS: dict[str, Any] = {
    "refusal": None,
    "requirements": {
        "name": "temperature",
        "title": "Temperature library",
        "summary": "Converts temperatures.",
        "kind": "library",
        "language": "python",
        "items": [
            {
                "id": "R1",
                "category": "operation",
                "statement": "Converts Celsius to Fahrenheit",
                "source": "converts celsius to fahrenheit",
            }
        ],
        "assumptions": [],
        "not_understood": [],
    },
}

BLUEPRINT: dict[str, Any] = {
    "name": "temperature",
    "kind": "library",
    "language": "python",
    "files": [
        {
            "path": "tests/test_temperature.py",
            "role": "test",
            "purpose": "Tests the conversion.",
            "depends_on": ["temperature/__init__.py"],
            "requirements": ["R1"],
        },
        {
            "path": "temperature/__init__.py",
            "role": "source",
            "purpose": "The conversion.",
            "interface": "to_fahrenheit(celsius: float) -> float",
            "requirements": ["R1"],
        },
    ],
    "test_command": ["python", "-m", "pytest"],
}

GOOD_SOURCE = '''"""Temperatures."""


def to_fahrenheit(celsius: float) -> float:
    """Celsius as Fahrenheit."""
    return celsius * 9 / 5 + 32
'''
BROKEN_SOURCE = GOOD_SOURCE.replace("def to_fahrenheit(celsius: float) -> float:", "def to_f(:")
HOLLOW_SOURCE = GOOD_SOURCE.replace(
    "    return celsius * 9 / 5 + 32", "    # ... (igual que antes)"
)
WRONG_SOURCE = GOOD_SOURCE.replace("+ 32", "+ 30")
TESTS = '''"""The conversion from both sides."""

from temperature import to_fahrenheit


def test_r1_converts_celsius_to_fahrenheit() -> None:
    assert to_fahrenheit(0) == 32
    assert to_fahrenheit(100) == 212
'''

WEAK_TESTS = TESTS.replace("    assert to_fahrenheit(100) == 212\n", "")


def wrote(content: str, **more: Any) -> FilesReply:  # noqa: ANN401 - whatever a reply may say
    """A generator's answer."""
    return FilesReply(task="write", files={"temperature/__init__.py": content}, **more)


def proving(content: str, **more: Any) -> FilesReply:  # noqa: ANN401 - whatever a reply may say
    """A tester's answer."""
    return FilesReply(task="test", files={"tests/test_temperature.py": content}, **more)


def opening() -> list[Reply]:
    """What analyst and architect answer when all is well."""
    return [
        JsonReply(task="analyse", value=REQUIREMENTS),
        JsonReply(task="design", value=BLUEPRINT),
    ]


async def test_a_model_that_stumbles_at_every_step_still_ends_passed(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(
        [
            # Its second reply is not JSON, its third is cut off, its first file is broken.
            JsonReply(task="analyse", value=REQUIREMENTS),
            TextReply(task="design", content="Certainly! I would start with two files."),
            CutOffReply(task="design", content=json.dumps(BLUEPRINT), cuts=(120,)),
            wrote(BROKEN_SOURCE),
            wrote(WRONG_SOURCE),
            proving(TESTS, fenced=True),
            mended(GOOD_SOURCE),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    files = await pipeline.files(started.id)
    assert files["temperature/__init__.py"] == GOOD_SOURCE
    assert server.asked_twice() == ()
    assert (await pipeline.capsule(started.id)).startswith(b"PK")
    (integrating,) = (request for request in server.requests if request.task == "integrate")
    asked = json.dumps(integrating.messages)
    assert "temperature/__init__.py:\\n" in asked.partition("leans on most")[2]


async def test_a_model_that_cannot_mend_ends_failed_within_its_budget_and_keeps_everything(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(
        [
            *opening(),
            wrote(WRONG_SOURCE),
            proving(TESTS),
            *(mended(WRONG_SOURCE.replace("+ 30", f"+ {31 + n}0")) for n in range(9)),
        ]
    )
    started = await pipeline.start(
        "A library that converts celsius to fahrenheit",
        model=MODEL,
        limits=RunLimits(repair_rounds=5),
    )

    ending = await started.handle.result()

    assert ending.verdict is Verdict.FAILED
    calls = await pipeline.calls(started.id)
    # The same failure three times is a circle: two looks, not five.
    assert sum(call.task == "integrate" for call in calls) == 2
    assert "temperature/__init__.py" in await pipeline.files(started.id)
    assert (await pipeline.capsule(started.id)).startswith(b"PK")


def better_tests(content: str) -> TextReply:
    """A tester's answer that writes its tests anew."""
    return TextReply(task="strengthen", content=writing(content, "tests/test_temperature.py"))


ASSERTION = "    assert to_fahrenheit(0) == 32\n"
SHARPER = f"""The same at the boiling point, which R1 speaks of, too.

tests/test_temperature.py
<<<<<<< SEARCH
{ASSERTION}=======
{ASSERTION}    assert to_fahrenheit(100) == 212
>>>>>>> REPLACE
"""
NO_TEST = """
temperature/__init__.py
<<<<<<< SEARCH
    return celsius * 9 / 5 + 32
=======
    return celsius * 1.8 + 32
>>>>>>> REPLACE
"""


async def test_a_model_is_shown_what_its_tests_do_not_notice_and_makes_them_better(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(
        [
            *opening(),
            wrote(GOOD_SOURCE),
            proving(WEAK_TESTS),
            TextReply(task="strengthen", content=SHARPER + NO_TEST),
            TextReply(task="strengthen", content="The code is right as it is."),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    by_task = {task: [one.messages for one in server.requests if one.task == task]
               for task in ("test", "strengthen")}  # fmt: skip
    (drafting,), (asking, again) = by_task["test"], by_task["strengthen"]
    # The provider's cache serves what both begin with.
    assert asking[:-1] == drafting[:-1]
    change = "`return celsius * 9 / 5 + 32` changed to `return celsius / 9 / 5 + 32`"
    assert change in asking[-1]["content"]
    assert again[: len(asking)] == asking
    assert "temperature/__init__.py is none of the test files" in again[-1]["content"]
    files = await pipeline.files(started.id)
    assert files["tests/test_temperature.py"] == TESTS
    assert files["temperature/__init__.py"] == GOOD_SOURCE
    told = [event.data for event in await pipeline.events(started.id)
            if event.type is EventType.MUTATION_MEASURED]  # fmt: skip
    weak, better = (each["score"] for each in told)
    assert weak < 80 < better
    assert float((await pipeline.run(started.id)).mutation_score or 0) == better


async def test_better_tests_that_do_not_pass_are_not_taken(
    pipeline: Pipeline, server: ModelServer
) -> None:
    wrong = TESTS.replace("212", "213")
    server.script(
        [
            *opening(),
            wrote(GOOD_SOURCE),
            proving(WEAK_TESTS),
            better_tests(wrong),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert (await pipeline.files(started.id))["tests/test_temperature.py"] == WEAK_TESTS
    assert "do not pass" in await why_tests_stayed(pipeline, started.id)


async def test_tests_that_were_to_be_better_and_notice_no_more_are_not_taken(
    pipeline: Pipeline, server: ModelServer
) -> None:
    longer = WEAK_TESTS + "    assert to_fahrenheit(0) > 31\n"
    server.script([*opening(), wrote(GOOD_SOURCE), proving(WEAK_TESTS), better_tests(longer)])
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert (await pipeline.files(started.id))["tests/test_temperature.py"] == WEAK_TESTS
    reason = await why_tests_stayed(pipeline, started.id)
    assert "notice no more" in reason
    told = [event.data["noticed"] for event in await pipeline.events(started.id)
            if event.type is EventType.MUTATION_MEASURED]  # fmt: skip
    assert told[0] == told[-1]
    address = (await pipeline.run(started.id)).quality_report_object
    report = json.loads(await pipeline.objects.get(address or ""))
    assert reason in report["notes"]


async def why_tests_stayed(pipeline: Pipeline, run_id: UUID) -> str:
    """What the run's story says of stronger tests that were not taken."""
    (reason,) = [event.data["reason"] for event in await pipeline.events(run_id)
                 if event.type is EventType.TESTS_STAYED]  # fmt: skip
    return str(reason)


async def test_better_tests_that_cannot_be_had_end_no_run(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script([*opening(), wrote(GOOD_SOURCE), proving(WEAK_TESTS)])
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert server.requests[-1].task == "strengthen"
    assert (await pipeline.files(started.id))["tests/test_temperature.py"] == WEAK_TESTS


UNCLEAR = {"text": "as pretty as a sunrise", "reason": "no test can say what is pretty"}
KELVIN = {
    "id": "R2",
    "category": "operation",
    "statement": "Converts Celsius to Kelvin",
    "source": "and to kelvin",
}


def understood(**more: object) -> JsonReply:
    """The analyst's answer with other members of its requirements."""
    return JsonReply(
        task="analyse",
        value={**REQUIREMENTS, "requirements": {**REQUIREMENTS["requirements"], **more}},
    )


async def test_what_was_not_understood_makes_a_sound_run_incomplete_and_nobody_pays_for_mending_it(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(
        [
            understood(not_understood=[UNCLEAR]),
            JsonReply(task="design", value=BLUEPRINT),
            wrote(GOOD_SOURCE),
            proving(TESTS),
        ]
    )
    started = await pipeline.start("A library, as pretty as a sunrise", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE
    assert ending.reason.startswith("Missing, because it was not understood: “as pretty as")
    assert (await pipeline.run(started.id)).verdict == "incomplete"
    assert {call.task for call in await pipeline.calls(started.id)} == {
        "analyse",
        "design",
        "write",
        "test",
    }


async def test_a_requirement_that_nothing_proves_is_given_back_and_a_broken_mend_is_not_taken(
    pipeline: Pipeline, server: ModelServer
) -> None:
    items = [*REQUIREMENTS["requirements"]["items"], KELVIN]
    server.script(
        [
            understood(items=items),
            JsonReply(task="design", value=BLUEPRINT),
            wrote(GOOD_SOURCE),
            proving(TESTS),
            mended(WRONG_SOURCE).model_copy(update={"contains": "Converts Celsius to Kelvin"}),
        ]
    )
    started = await pipeline.start(
        "A library that converts", model=MODEL, limits=RunLimits(repair_rounds=1)
    )

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE, ending.reason
    assert "R2 (Converts Celsius to Kelvin)" in ending.reason
    assert (await pipeline.files(started.id))["temperature/__init__.py"] == GOOD_SOURCE


async def test_a_model_that_refuses_ends_the_run_in_its_own_words(
    pipeline: Pipeline, server: ModelServer
) -> None:
    message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "choices": [choice]})
    server.script([RawReply(task="analyse", content_type="application/json", body=body)])
    started = await pipeline.start("Something it does not like", model=MODEL)

    ending = await started.handle.result()

    assert (ending.verdict, ending.reason) == (
        Verdict.FAILED,
        "the model refused: I can't help with that.",
    )
    assert len(server.requests) == 1


async def test_a_model_that_the_deployment_does_not_offer_is_never_asked(
    pipeline: Pipeline, server: ModelServer
) -> None:
    started = await pipeline.start("A library", model="openai/another")

    ending = await started.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert "known models: builtin, openai/scripted" in ending.reason
    assert server.requests == []


async def test_a_run_stops_before_it_spends_more_tokens_than_it_may(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script([*opening()])
    started = await pipeline.start(
        "A library that converts celsius to fahrenheit",
        model=MODEL,
        limits=RunLimits(tokens=1000),
    )

    ending = await started.handle.result()

    assert ending.verdict is Verdict.FAILED
    assert "1000" in ending.reason
    assert server.requests == []


async def test_a_file_name_that_leaves_the_tree_is_asked_for_again(
    pipeline: Pipeline, server: ModelServer
) -> None:
    escaping = json.loads(json.dumps(BLUEPRINT))
    escaping["files"][1]["path"] = "../../etc/cron.d/job"
    escaping["files"][0]["depends_on"] = ["../../etc/cron.d/job"]
    server.script(
        [
            JsonReply(task="analyse", value=REQUIREMENTS),
            JsonReply(task="design", value=escaping),
            JsonReply(task="design", value=BLUEPRINT),
            wrote(GOOD_SOURCE),
            proving(TESTS),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason
    assert all(".." not in path for path in await pipeline.files(started.id))


async def test_a_file_that_leaves_code_out_is_asked_for_again(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script(
        [
            *opening(),
            wrote(HOLLOW_SOURCE),
            wrote(HOLLOW_SOURCE, contains="nothing stands in it"),
            wrote(GOOD_SOURCE, contains="nothing stands in it"),
            proving(TESTS),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.PASSED, ending.reason


async def test_a_wrong_key_is_said_at_once_and_is_no_fault_of_the_code(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.script([ErrorReply(status=401, message="invalid key", times=None)])
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert len(server.requests) == 1


async def test_a_server_error_is_waited_out(pipeline: Pipeline, server: ModelServer) -> None:
    server.script(
        [
            ErrorReply(task="analyse", status=503, times=2),
            *opening(),
            wrote(GOOD_SOURCE),
            proving(TESTS),
        ]
    )
    started = await pipeline.start("A library that converts celsius to fahrenheit", model=MODEL)

    assert (await started.handle.result()).verdict is Verdict.PASSED


async def test_a_server_that_is_not_there_ends_the_run_before_anything_else(
    migrated_urls: PostgresUrls, redis_url: str, temporal_address: str, tmp_path: Path
) -> None:
    async with ModelServer([]) as server:
        gone = server.base_url
    async with open_pipeline(
        database_url=migrated_urls.application,
        redis_url=redis_url,
        temporal_address=temporal_address,
        folder=tmp_path,
        cache=PlatformSettings(_env_file=None).cache_dir,
        model_base_url=gone,
    ) as pipeline:
        started = await pipeline.start("A library that converts temperatures", model=MODEL)
        ending = await started.handle.result()

        assert ending.verdict is Verdict.INFRASTRUCTURE_ERROR
        assert "QL_MODEL_BASE_URL" in ending.reason
        assert [event.type for event in await pipeline.events(started.id)] == [
            EventType.RUN_FINISHED
        ]
        assert await pipeline.calls(started.id) == ()
