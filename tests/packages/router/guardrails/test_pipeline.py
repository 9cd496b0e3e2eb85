"""Modules are run in their order, within their time, and fail as their kind says."""

import asyncio
import time

import pytest

from quantumlayer.router.guardrails import (
    ALLOW,
    Allow,
    Answer,
    Counts,
    Exchange,
    Guard,
    Kind,
    Outcome,
    PersonalData,
    Pipeline,
    Refusal,
    Refuse,
    Replace,
    Side,
    Sizes,
    Verdict,
)
from tests.support.guardrail_parts import MODEL, Scripted, streamed

REQUEST = Exchange(MODEL, ("first", "second"))
NO = Refuse("no", "It says no.", "Ask for something else.")


def raising(_: object) -> Verdict:
    raise ValueError("defect")


async def never(_: object) -> Verdict:
    await asyncio.Event().wait()
    return ALLOW


async def test_requests_pass_from_the_lowest_order_to_the_highest_and_answers_back() -> None:
    asked: list[str] = []

    def module(name: str, order: int) -> Scripted:
        def hear(step: str) -> Answer:
            asked.append(f"{name} {step}")
            return ALLOW

        return Scripted(
            name,
            order=order,
            before=lambda _: hear("before"),
            on_chunk=lambda _: hear("chunk"),
            after=lambda _: hear("after"),
        )

    passage = Pipeline([module("outer", 10), module("inner", 90)]).open()
    await passage.before(REQUEST)
    await passage.on_chunk("text")
    await passage.after()

    assert asked == [
        *("outer before", "inner before"),
        *("inner chunk", "outer chunk", "inner after", "outer after"),
    ]


async def test_a_replaced_text_is_what_the_next_module_and_the_model_see() -> None:
    seen: list[tuple[str, ...]] = []

    def look(exchange: Exchange) -> Answer:
        seen.append(exchange.texts)
        return ALLOW

    first = Scripted("first", order=1, before=lambda _: Replace(("one", "two")))
    given = await Pipeline([Scripted("second", order=2, before=look), first]).open().before(REQUEST)

    assert seen == [("one", "two")]
    assert given == Exchange(MODEL, ("one", "two"))


async def test_a_refusal_ends_it_and_names_the_module() -> None:
    later = Scripted("later", order=2, before=raising)
    given = (
        await Pipeline([Scripted("early", order=1, before=lambda _: NO), later])
        .open()
        .before(REQUEST)
    )

    assert given == Refusal("early", NO)


@pytest.mark.parametrize(
    ("broken", "reason", "outcome"),
    [
        (raising, "guardrail-failed", Outcome.FAILED),
        (lambda _: None, "guardrail-failed", Outcome.FAILED),
        (lambda _: Replace(("one too few",)), "guardrail-failed", Outcome.FAILED),
        (never, "guardrail-late", Outcome.LATE),
    ],
)
async def test_a_policy_without_a_verdict_refuses_and_an_inspector_lets_go_on(
    broken: object, reason: str, outcome: Outcome
) -> None:
    for kind in Kind:
        counts = Counts()
        module = Scripted("odd", kind=kind, limit_milliseconds=5, before=broken)  # type: ignore[arg-type] # wrong on purpose
        given = await Pipeline([module], counts).open().before(REQUEST)

        if kind is Kind.POLICY:
            assert isinstance(given, Refusal)
            assert given.said.reason == reason
        else:
            assert given == REQUEST
        assert counts.of("odd", Side.REQUEST, outcome) == 1


async def test_a_module_that_gives_no_guard_has_failed_as_well() -> None:
    class Broken(Scripted):
        def open(self) -> Guard:
            raise OSError("no connection")

    counts = Counts()
    refused = await Pipeline([Broken("policy")], counts).open().before(REQUEST)
    passage = Pipeline([Broken("inspector", kind=Kind.INSPECTOR)], counts).open()

    assert isinstance(refused, Refusal)
    assert await passage.before(REQUEST) == REQUEST
    assert await passage.after("text") == "text"
    assert counts.values == {
        ("policy", Side.REQUEST, Outcome.FAILED): 1,
        ("inspector", Side.REQUEST, Outcome.FAILED): 1,
    }


async def test_a_verdict_that_comes_late_is_obeyed_and_counted() -> None:
    def slow(_: object) -> Verdict:
        time.sleep(0.01)
        return NO

    counts = Counts()
    module = Scripted("slow", limit_milliseconds=1, before=slow)
    given = await Pipeline([module], counts).open().before(REQUEST)

    assert given == Refusal("slow", NO)
    assert counts.of("slow", Side.REQUEST, Outcome.LATE) == 1
    assert counts.of("slow", Side.REQUEST, Outcome.REFUSED) == 1


async def test_what_an_inspector_held_goes_on_when_it_fails_and_it_is_not_asked_again() -> None:
    calls = 0

    def fail_later(text: str) -> Answer:
        nonlocal calls
        calls += 1
        return Allow("") if calls == 1 else raising(text)

    module = Scripted("frail", kind=Kind.INSPECTOR, on_chunk=fail_later, after=raising, held="one ")
    passage = Pipeline([module]).open()

    assert await streamed(passage, ["one ", "two ", "three"]) == "one two three"
    assert calls == 2


async def test_a_stream_counts_each_outcome_once() -> None:
    counts = Counts()
    pipeline = Pipeline(
        [
            Scripted("loud", on_chunk=lambda text: Replace((text.upper(),))),
            Scripted("calm", order=1),
        ],
        counts,
    )

    assert await streamed(pipeline.open(), ["a", "b", "c"]) == "ABC"

    assert counts.values == {
        ("loud", Side.ANSWER, Outcome.REPLACED): 1,
        ("calm", Side.ANSWER, Outcome.ALLOWED): 1,
    }


async def test_an_answer_that_was_not_streamed_comes_whole_at_the_end() -> None:
    module = Scripted(after=lambda text: Replace((f"<{text}>",)))

    assert await Pipeline([module]).open().after("whole") == "<whole>"


async def test_an_answer_that_concerns_nobody_is_heard_by_nobody() -> None:
    pipeline = Pipeline([PersonalData(), Sizes()])

    plain = pipeline.open()
    await plain.before(Exchange(MODEL, ("What is the capital of France?",)))
    assert not plain.hears_answers

    masked = pipeline.open()
    await masked.before(Exchange(MODEL, ("Write to person1@mailbox.org.",)))
    assert masked.hears_answers
    assert await masked.on_chunk("Dear [EMAIL_1]!") == "Dear person1@mailbox.org!"
    assert Pipeline([Sizes(answer_characters=10)]).open().hears_answers


async def test_exchanges_at_once_do_not_see_each_other() -> None:
    """Each has guards of its own: what one holds back never comes out of another."""
    pipeline = Pipeline([PersonalData()])

    async def exchange(number: int) -> tuple[str, str | Refusal]:
        address = f"person{number}@mailbox.org"
        passage = pipeline.open()
        await passage.before(Exchange(MODEL, (f"Write to {address}.",)))
        first = await passage.on_chunk("Dear [EMA")
        await asyncio.sleep(0)
        second = await passage.on_chunk("IL_1], hello")
        assert isinstance(first, str)
        assert isinstance(second, str)
        return address, first + second

    for address, text in await asyncio.gather(*map(exchange, range(50))):
        assert text == f"Dear {address}, hello"


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two guardrail modules are named scripted"):
        Pipeline([Scripted(), Scripted(order=1)])
