"""The architect's questions: which stack is shown, how a long plan is asked for, what is said."""

import pytest

from quantumlayer.agents import BlueprintTooLarge, plan
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import suiting
from tests.support.conversations import conversation_with, prompts_of
from tests.support.model_server import JsonReply, ModelServer


def requirements(language: str = "python", kind: str = "service") -> Requirements:
    return Requirements.model_validate(
        {
            "name": "night-orders",
            "title": "Night orders",
            "summary": "Orders at night.",
            "kind": kind,
            "language": language,
            "items": [
                {"id": "R1", "category": "rule", "statement": "At night alone."},
                {"id": "R2", "category": "wish", "statement": "It is dark."},
            ],
            "assumptions": ["Night begins at 22:00."],
        }
    )


def piece(stack: str, *paths: str, more: bool = False, serves: str = "R2") -> JsonReply:
    files = [
        {"path": path, "role": "source", "purpose": "Orders.", "requirements": [serves]}
        for path in paths
    ]
    return JsonReply(task="design", value={"stack": stack, "files": files, "more": more})


async def planned(
    server: ModelServer, asked: Requirements | None = None, *, max_files: int = 100
) -> Blueprint:
    conversation = conversation_with(server, attempts=2)
    wanted = asked or requirements()
    return await plan(conversation, wanted, nearest=suiting(wanted), max_files=max_files)


async def test_the_nearest_stack_is_shown_with_its_rules_and_all_others_are_named() -> None:
    async with ModelServer([piece("python-service", "src/night_orders/a.py")]) as server:
        await planned(server)

    (asked,) = prompts_of(server)
    assert "`python-service` is nearest to the description" in asked
    assert "- `full-stack`: " in asked
    assert "`rust-tool`" in asked
    assert "mypy --strict" in asked
    assert "- src/night_orders/health.py (fixed)" in asked
    assert "anew for every project, planned by you or not: src/night_orders/application.py" in asked
    assert "- A1: Night begins at 22:00." in asked
    assert "- R2 (wish): It is dark." in asked
    assert "`test_r3_refuses_a_negative_price`" in asked


async def test_whoever_chooses_another_stack_is_shown_that_ones_rules() -> None:
    replies = [piece("go-service", "internal/a.go"), piece("go-service", "internal/orders/b.go")]
    async with ModelServer(replies) as server:
        made = await planned(server)

    _, again = prompts_of(server)
    assert "what is written below belongs to `go-service`" in again
    assert "files named *_test.go beside what they test" in again
    assert made.stack == "go-service"
    assert "internal/orders/b.go" in {file.path for file in made.files}


async def test_a_wish_that_nothing_serves_is_asked_for_again() -> None:
    replies = [
        piece("python-service", "src/night_orders/a.py", serves="R1"),
        piece("python-service", "src/night_orders/a.py", serves="R2"),
    ]
    async with ModelServer(replies) as server:
        await planned(server)

    assert "Nothing serves the wish R2" in prompts_of(server)[1]


async def test_a_wish_for_what_the_stack_is_needs_no_file() -> None:
    asked = requirements().model_dump(mode="json")
    asked["items"][1]["statement"] = "It is written in Python with FastAPI."
    async with ModelServer(
        [piece("python-service", "src/night_orders/a.py", serves="R1")]
    ) as server:
        await planned(server, Requirements.model_validate(asked))

    assert len(prompts_of(server)) == 1


async def test_a_long_plan_comes_in_pieces_that_begin_alike() -> None:
    paths = [f"src/night_orders/part_{number}.py" for number in range(100)]
    replies = [
        piece("python-service", *paths[:40], more=True),
        piece("python-service", *paths[40:80], more=True),
        piece("python-service", *paths[80:]),
    ]
    async with ModelServer(replies) as server:
        made = await planned(server, max_files=150)

    assert {file.path for file in made.files} == {*paths, "src/night_orders/application.py"}
    first, second, third = prompts_of(server)
    assert second.startswith(first)
    assert third.startswith(first)
    assert f"- {paths[79]} (source): Orders." in third


async def test_a_plan_that_never_ends_is_ended() -> None:
    repeated = piece("python-service", "a.py", more=True).model_copy(update={"times": None})
    async with ModelServer([repeated]) as server:
        made = await planned(server)

    assert "a.py" in {file.path for file in made.files}
    assert len(server.requests) == 2


async def test_more_files_than_the_run_may_write_are_refused() -> None:
    paths = [f"a{number}.py" for number in range(5)]
    async with ModelServer([piece("python-service", *paths)]) as server:
        with pytest.raises(BlueprintTooLarge, match="the plan has 6 files, this run may write 3"):
            await planned(server, max_files=3)


async def test_a_stack_that_there_is_not_is_asked_for_again() -> None:
    replies = [piece("cobol-service", "a.cob"), piece("python-service", "a.py")]
    async with ModelServer(replies) as server:
        await planned(server)

    assert "There is no stack `cobol-service`" in prompts_of(server)[1]


async def test_without_a_stack_a_language_that_has_no_image_is_not_planned() -> None:
    replies = [piece("", "a.go"), piece("go-service", "internal/a.go")]
    async with ModelServer(replies) as server:
        made = await planned(server, requirements("go"))

    assert "Without a stack nothing is made in go" in prompts_of(server)[1]
    assert made.stack == "go-service"


async def test_without_a_stack_the_plan_is_the_models_own() -> None:
    async with ModelServer([piece("", "a.py")]) as server:
        made = await planned(server, requirements(kind="library"))

    assert (made.stack, [file.path for file in made.files]) == ("", ["a.py"])
