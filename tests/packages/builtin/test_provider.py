"""The built-in model behind the provider's door."""

import pytest

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.builtin import BuiltInModel
from quantumlayer.builtin.language import read_description
from quantumlayer.router import BadRequest, Message, ProviderRequest, installed_models


def asked(task: str, **given: object) -> ProviderRequest:
    return ProviderRequest.model_validate(
        {
            "task": task,
            "model": BuiltInModel.name,
            "messages": (Message(role="user", content="unused"),),
            "input": given,
            "json_schema": {},
            "max_output_tokens": 1,
            "timeout_seconds": 20,
        }
    )


async def test_what_nothing_is_understood_of_is_refused_with_what_can_be_built() -> None:
    reply = await BuiltInModel().call(asked("analyse", prompt="write me a poem about the sea"))
    answer = AnalystAnswer.model_validate_json(reply.text)
    assert answer.requirements is None
    assert "HTTP services" in (answer.refusal or "")
    assert (reply.input_tokens, reply.output_tokens, reply.cost_usd) == (0, 0, None)


def said(text: str) -> ProviderRequest:
    return asked("gateway").model_copy(update={"messages": (Message(role="user", content=text),)})


async def test_a_client_of_the_gateway_describes_an_application_in_its_last_message() -> None:
    reply = await BuiltInModel().call(said("Books have a title."))
    answer = AnalystAnswer.model_validate_json(reply.text)
    assert answer.requirements is not None
    assert any("title" in item.statement for item in answer.requirements.items)


async def test_what_is_too_long_to_be_a_description_is_refused() -> None:
    with pytest.raises(BadRequest, match="20,000"):
        await BuiltInModel().call(said("Books have a title. " * 2_000))


async def test_a_file_that_cannot_be_written_is_no_matter_of_trying_again() -> None:
    requirements = read_description("Books have a title.").model_dump(mode="json")
    with pytest.raises(BadRequest, match=r"no way to write other\.py"):
        await BuiltInModel().call(asked("write", requirements=requirements, paths=["other.py"]))


async def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(BadRequest, match="does not know the task"):
        await BuiltInModel().call(asked("sing"))


def test_it_offers_itself_as_any_package_may() -> None:
    assert isinstance(installed_models()["builtin"], BuiltInModel)


def test_what_it_writes_can_be_installed_ahead() -> None:
    locks = (*BuiltInModel().locks(), *BuiltInModel().runtime_locks())
    assert len(set(locks)) == 2
    assert all("fastapi==" in lock for lock in locks)
    assert all("--hash=sha256:" in lock for lock in locks)


def test_what_the_first_run_needs_is_there_before_it() -> None:
    BuiltInModel().warm_up()
