"""What agents ask goes through guardrails on its way out, and what is answered on its way back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from quantumlayer.router import (
    GuardrailFailed,
    GuardrailRefused,
    Message,
    ProviderRequest,
    ProviderUnavailable,
)
from quantumlayer.router.asking import continued
from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.guardrails import (
    ALLOW,
    Answer,
    Exchange,
    Guard,
    Kind,
    Models,
    Module,
    Outcome,
    PersonalData,
    Pipeline,
    Secrets,
    Side,
    Sizes,
    Verdict,
)
from quantumlayer.router.messages import ReasoningPart, TextPart, ToolCallPart, ToolResultPart
from quantumlayer.router.providers.guarded import GuardedProvider
from tests.support.guardrail_parts import Scripted
from tests.support.scripted_provider import Piece, ScriptedProvider

EMAIL = "ada@lovelace.dev"
STOP = Finished("stop")


def request(*texts: str, **given: object) -> ProviderRequest:
    messages = tuple(Message(role="user", content=text) for text in texts)
    return ProviderRequest(
        task="greet",
        model="one/m",
        messages=messages,
        input={"prompt": " ".join(texts)},
        json_schema=None,
        max_output_tokens=50,
        timeout_seconds=10,
    ).model_copy(update=given)


def guarded(
    replies: Sequence[Sequence[Piece]], *modules: Module
) -> tuple[GuardedProvider, ScriptedProvider]:
    inner = ScriptedProvider(replies)
    return GuardedProvider(inner, Pipeline(modules), "acme"), inner


async def answered(provider: GuardedProvider, asked: ProviderRequest) -> Gathered:
    gathered = Gathered()
    async for piece in provider.stream(asked):
        gathered.add(piece)
    return gathered


async def test_personal_data_is_masked_on_the_way_out_and_restored_in_the_answer() -> None:
    reply: list[Piece] = [TextDelta("I wrote to [EMA"), Alive(), TextDelta("IL_1]."), STOP]
    provider, inner = guarded([reply], PersonalData())
    answer = await answered(provider, request(f"Write to {EMAIL}"))
    assert inner.asked[0].messages[0].text == "Write to [EMAIL_1]"
    assert EMAIL not in inner.asked[0].model_dump_json()
    assert answer.text == f"I wrote to {EMAIL}."
    assert answer.finished == STOP


async def test_every_kind_of_text_is_shown_and_thoughts_go_back_as_they_came() -> None:
    thought = ReasoningPart(text=f"of {EMAIL}", signature="proof")
    parts = (
        thought,
        TextPart(text=f"1 {EMAIL}"),
        ToolCallPart(id="c", name="mail", arguments=f'{{"to": "{EMAIL}"}}'),
    )
    result = ToolResultPart(call_id="c", text=f"sent to {EMAIL}")
    messages = (
        Message(role="assistant", content=parts),
        Message(role="tool", content=(result,)),
    )
    provider, inner = guarded([[STOP]], PersonalData())
    await answered(provider, request().model_copy(update={"messages": messages}))
    seen, given_back = inner.asked[0].messages
    assert seen.parts == (
        thought,
        TextPart(text="1 [EMAIL_1]"),
        ToolCallPart(id="c", name="mail", arguments='{"to": "[EMAIL_1]"}'),
    )
    assert given_back.parts == (ToolResultPart(call_id="c", text="sent to [EMAIL_1]"),)


async def test_an_answer_in_the_arguments_of_a_call_is_restored_too() -> None:
    reply: list[Piece] = [
        TextDelta("See [EMAIL"),
        ToolCallDelta(0, id="c", name="answer"),
        ToolCallDelta(0, arguments='{"to": "[EMAIL_'),
        ToolCallDelta(0, arguments='1]"}'),
        STOP,
    ]
    provider, _ = guarded([reply], PersonalData())
    answer = await answered(provider, request(f"Write to {EMAIL}"))
    assert answer.text == "See [EMAIL"
    assert [call.arguments for call in answer.tool_calls] == [f'{{"to": "{EMAIL}"}}']
    assert answer.tool_calls[0].name == "answer"


async def test_so_are_the_words_of_a_refusal() -> None:
    provider, _ = guarded([[RefusalDelta("I do not write to [EMAIL_1]"), STOP]], PersonalData())
    answer = await answered(provider, request(f"Write to {EMAIL}"))
    assert answer.refusal == f"I do not write to {EMAIL}"


async def test_a_reply_that_broke_off_is_gone_on_from_under_the_same_placeholders() -> None:
    torn: list[Piece] = [TextDelta("To [EMAIL_1] and [EMA"), ProviderUnavailable("torn")]
    provider, inner = guarded([torn, [TextDelta("[EMAIL_2]."), STOP]], PersonalData())
    asked = request(f"Write to {EMAIL} and bob@lovelace.dev")
    begun = Gathered()
    with pytest.raises(ProviderUnavailable):
        async for piece in provider.stream(asked):
            begun.add(piece)
    assert begun.text == f"To {EMAIL} and "
    more = asked.model_copy(update={"messages": continued(asked.messages, begun.text)})
    assert (await answered(provider, more)).text == "bob@lovelace.dev."
    assert inner.asked[1].messages[1].text == "To [EMAIL_1] and "


async def test_what_was_counted_passes_unchanged() -> None:
    usage = UsageDelta(TokenUsage(10, 5))
    provider, _ = guarded([[TextDelta("Hello"), usage, STOP]], PersonalData())
    pieces: list[Delta] = [piece async for piece in provider.stream(request(EMAIL))]
    assert usage in pieces


async def test_a_secret_in_the_question_is_refused_in_one_sentence_and_nobody_is_asked() -> None:
    provider, inner = guarded([], Secrets(name="keys"))
    with pytest.raises(GuardrailRefused) as refused:
        await answered(provider, request("Use AKIAZ7Q3MNOPLKJH2RTY for it"))
    said = str(refused.value)
    assert said.startswith("the guardrail 'keys': the request holds a secret: ")
    assert "; take it out and name it instead" in said
    assert "AKIA" not in said
    assert not refused.value.retryable
    assert inner.asked == []


async def test_an_answer_that_is_too_long_is_stopped_where_it_becomes_so() -> None:
    reply: list[Piece] = [TextDelta("12345"), TextDelta("67890"), TextDelta("never"), STOP]
    provider, inner = guarded([reply], Sizes(answer_characters=8))
    begun = Gathered()
    with pytest.raises(GuardrailRefused, match="10 characters of the answer are more than the 8"):
        async for piece in provider.stream(request("Count")):
            begun.add(piece)
    assert begun.text == "12345"
    assert inner.stopped == 1


async def test_a_model_that_is_not_allowed_is_not_asked() -> None:
    provider, inner = guarded([], Models(("other/*",)))
    with pytest.raises(GuardrailRefused, match="'one/m' may not be asked here; ask one of these"):
        await answered(provider, request("Hello"))
    assert inner.asked == []


def fails(_: object) -> Answer:
    raise RuntimeError("defect")


async def never(_: object) -> Verdict:
    await asyncio.Event().wait()
    return ALLOW


@dataclass(frozen=True)
class NoGuard:
    name: str = "broken"
    kind: Kind = Kind.POLICY
    order: int = 1
    limit_milliseconds: float = 10

    def open(self) -> Guard:
        raise RuntimeError("defect")


@pytest.mark.parametrize(
    ("module", "outcome"),
    [
        (Scripted(name="broken", before=fails), Outcome.FAILED),
        (Scripted(name="broken", before=never, limit_milliseconds=5), Outcome.LATE),
        (NoGuard(), Outcome.FAILED),
    ],
)
async def test_a_policy_without_a_verdict_lets_nothing_out_for_good(
    module: Module, outcome: Outcome
) -> None:
    inner = ScriptedProvider([])
    pipeline = Pipeline([module])
    with pytest.raises(GuardrailFailed) as failed:
        await answered(GuardedProvider(inner, pipeline), request("Hello"))
    assert str(failed.value) == (
        "the guardrail 'broken' must be asked and gave no verdict, so nothing goes to the model"
        " without it; the worker's log says what went wrong"
    )
    assert not failed.value.retryable
    assert inner.asked == []
    assert pipeline.counts.of("broken", Side.REQUEST, outcome) == 1


async def test_an_inspector_that_fails_is_passed_over_and_counted() -> None:
    module = Scripted(name="looker", kind=Kind.INSPECTOR, before=fails)
    pipeline = Pipeline([module])
    provider = GuardedProvider(ScriptedProvider([[TextDelta("Hello"), STOP]]), pipeline)
    assert (await answered(provider, request("Hello"))).text == "Hello"
    assert pipeline.counts.of("looker", Side.REQUEST, Outcome.FAILED) == 1


async def test_modules_learn_in_whose_name_which_model_is_asked() -> None:
    seen: list[Exchange] = []

    def before(exchange: Exchange) -> Answer:
        seen.append(exchange)
        return ALLOW

    provider, _ = guarded([[STOP]], Scripted(before=before))
    await answered(provider, request("Hello", "there"))
    assert seen == [Exchange("one/m", ("Hello", "there"), "acme")]
