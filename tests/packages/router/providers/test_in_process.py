"""A model of this process as a provider."""

from decimal import Decimal

import pytest

from quantumlayer.router import (
    InProcessProvider,
    ProviderReply,
    Timeout,
)
from quantumlayer.router.deltas import Finished, Named, RefusalDelta, TextDelta
from tests.support.provider_parts import Echo, answer, asked, pieces


def said(text: str, reason: str = "stop") -> ProviderReply:
    return ProviderReply.model_validate(
        {
            "text": text,
            "finish_reason": reason,
            "input_tokens": 3,
            "output_tokens": 2,
            "cost_usd": Decimal(1),
            "model": "echo-1",
        }
    )


async def test_the_whole_answer_comes_as_a_stream() -> None:
    reply = await answer(InProcessProvider(Echo(said("One"))))
    assert (reply.text, reply.model, reply.finished) == ("One", "echo-1", Finished("stop"))
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (3, 2)
    assert reply.usage.cost_usd == 1


async def test_a_refusal_is_one() -> None:
    deltas = await pieces(InProcessProvider(Echo(said("I will not", "refusal"))))
    assert deltas[0] == Named("echo-1")
    assert RefusalDelta("I will not") in deltas
    assert not any(isinstance(delta, TextDelta) for delta in deltas)
    assert deltas[-1] == Finished("refusal")


async def test_a_model_that_takes_too_long_is_stopped() -> None:
    slow = InProcessProvider(Echo(said("One"), seconds=600))
    with pytest.raises(Timeout, match="no answer within"):
        await pieces(slow, asked(seconds=0.05))


def test_it_is_what_the_model_is() -> None:
    provider = InProcessProvider(Echo(said("")))
    assert (provider.name, provider.traits) == ("echo", Echo.traits)
