"""The router in process, before a real model: what it says is worth nothing, how it says it all."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import pytest
from pydantic import BaseModel, Field

from quantumlayer.router import (
    AnswerTooLong,
    CallLimits,
    CompletionRequest,
    Delta,
    ExternalModels,
    MemoryCallStore,
    Message,
    ModelEndpoint,
    Price,
    Profile,
    ProviderDirectory,
    Router,
)
from quantumlayer.router.deltas import TextDelta
from tests.local_model.llama import MODEL, LlamaServer

NAME = f"openai/{MODEL}"
A_DOLLAR_A_TOKEN = Price(input_usd=Decimal(1), output_usd=Decimal(1))
ASKED = {"role": "user", "content": "In which city is the Eiffel tower? Answer as JSON."}


class Place(BaseModel):
    """Short, so that a model of this size comes to its end."""

    city: str = Field(max_length=20)
    in_europe: bool


def external(llama: LlamaServer) -> ExternalModels:
    """The model, said to take schemas: nothing that is known of its name says so."""
    return ExternalModels(
        ModelEndpoint(base_url=llama.base_url, structured_output="native", price=A_DOLLAR_A_TOKEN)
    )


def router_to(llama: LlamaServer) -> Router:
    models = external(llama)
    directory = ProviderDirectory({}, models)
    return Router(directory, MemoryCallStore(), models, profiles=models.profile)


def question(**limits: float) -> CompletionRequest:
    allowed = {"max_output_tokens": 100, "max_cost_usd": 5_000, "timeout_seconds": 200, **limits}
    return CompletionRequest(
        task="place",
        organisation_id=uuid4(),
        model=NAME,
        messages=(Message.model_validate(ASKED),),
        limits=CallLimits.model_validate(allowed),
        temperature=0,
        effort="high",
        idempotency_key=str(uuid4()),
    )


async def test_an_answer_comes_in_pieces_has_its_form_and_is_counted(llama: LlamaServer) -> None:
    pieces: list[Delta] = []
    completion = await router_to(llama).complete(question(), Place, on_piece=pieces.append)

    words = [piece.text for piece in pieces if isinstance(piece, TextDelta)]
    assert len(words) > 5, "a stream has a piece for each token"
    assert Place.model_validate_json("".join(words)) == completion.value
    usage = completion.usage
    assert usage.input_tokens >= await llama.prompt_tokens(ASKED), "with the form that is asked for"
    assert usage.output_tokens >= len(words)
    assert usage.cost_usd == usage.input_tokens + usage.output_tokens
    assert 0 < (usage.first_token_seconds or 0) < usage.seconds


async def test_an_answer_that_is_cut_off_is_said_to_be(llama: LlamaServer) -> None:
    with pytest.raises(AnswerTooLong):
        await router_to(llama).complete(question(max_output_tokens=3, continuations=0), Place)


async def test_nothing_is_supposed_of_a_model_that_nobody_knows(llama: LlamaServer) -> None:
    plain = ExternalModels(ModelEndpoint(base_url=llama.base_url))
    assert await plain.profile(NAME) == Profile()
    assert await plain.price(NAME) is None


async def test_a_caller_that_goes_away_stops_the_model(llama: LlamaServer) -> None:
    begun = asyncio.Event()
    asking = asyncio.create_task(
        router_to(llama).complete(question(), Place, on_piece=lambda _: begun.set())
    )
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await llama.idle()
