"""The configured model is asked for one word, and trouble is one plain sentence."""

from collections.abc import Sequence

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
