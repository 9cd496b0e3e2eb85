"""The configured model is asked for one word, and trouble is one plain sentence."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from quantumlayer.cli.platform.model_probe import answer_need
from quantumlayer.cli.platform.needs import Need
from quantumlayer.core.settings import ModelSettings
from tests.support.model_server import ErrorReply, JsonReply, ModelServer, ScriptedReply

WORD = JsonReply(value={"word": "yes"})


def settings(model: str, base_url: str | None, **more: object) -> ModelSettings:
    given = {"model": model, "model_base_url": base_url, "model_api_key": SecretStr("key"), **more}
    return ModelSettings(_env_file=None, **given)  # type: ignore[arg-type] # as the environment


async def need(replies: Sequence[ScriptedReply], **more: object) -> Need | None:
    async with ModelServer(replies) as server:
        return await answer_need(settings("openai/scripted", server.base_url, **more))


async def test_a_model_that_answers_shows_its_time_and_what_is_known_of_it() -> None:
    asked = await need([WORD])
    assert asked is not None
    assert asked.met
    assert "scripted said “yes”: 0." in asked.found
    assert "price unknown; window 32,768, replies up to 8,192 tokens" in asked.found
    assert "QL_MODEL_INPUT_USD_PER_MILLION" in asked.advice


async def test_a_price_that_is_set_is_shown() -> None:
    price = {"model_input_usd_per_million": "1.25", "model_output_usd_per_million": "10"}
    asked = await need([WORD], **price)
    assert asked is not None
    assert "$1.25 in and $10.00 out for a million tokens" in asked.found
    assert asked.advice == ""


async def test_what_long_prompts_cost_is_shown_too() -> None:
    async with ModelServer([WORD]) as server:
        asked = await answer_need(settings("openai/gpt-5.4", server.base_url))
    assert asked is not None
    dearer = "$5.00 in and $22.50 out for prompts of 272,001 and more"
    assert f"$2.50 in and $15.00 out for a million tokens, {dearer}" in asked.found


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ([ErrorReply(status=401, times=None)], "QL_MODEL_API_KEY"),
        ([ErrorReply(status=503, message="no room", times=None)], "no room"),
    ],
)
async def test_what_keeps_it_from_answering_is_said(
    replies: Sequence[ScriptedReply], said: str
) -> None:
    asked = await need(replies)
    assert asked is not None
    assert (asked.met, asked.essential) == (False, True)
    assert said in asked.advice


async def test_a_server_that_is_not_there_is_said() -> None:
    async with ModelServer([]) as server:
        gone = server.base_url
    asked = await answer_need(settings("openai/scripted", gone))
    assert asked is not None
    assert not asked.met
    assert gone in asked.advice or "QL_MODEL_BASE_URL" in asked.advice


async def test_a_model_of_this_process_is_not_asked() -> None:
    assert await answer_need(settings("builtin", None)) is None


async def test_a_model_group_of_a_configuration_is_asked_as_runs_would(tmp_path: Path) -> None:
    file = tmp_path / "gateway.yaml"
    async with ModelServer([WORD]) as server:
        file.write_text(
            f"providers: {{mine: {{base_url: {server.base_url}}}}}\n"
            "models: {fast: {deployments: [{model: mine/small, price: {input: 2, output: 4}}]}}\n"
        )
        asked = await answer_need(settings("fast", None, model_configuration=file))
    assert asked is not None
    assert asked.met
    assert asked.found.startswith("mine/small said “yes”: ")
    assert "$2.00 in and $4.00 out for a million tokens" in asked.found
