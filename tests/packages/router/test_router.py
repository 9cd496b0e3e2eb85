"""The typed call, over litellm and real HTTP, with each of the two stores."""

import asyncio
import json
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from quantumlayer.router import (
    AnswerTooLong,
    AuthenticationFailed,
    BadRequest,
    BudgetExceeded,
    BudgetMissing,
    CallLimits,
    CallStore,
    ContentFiltered,
    ExternalModels,
    FixedPrices,
    IdempotencyConflict,
    InProcessProvider,
    InvalidAnswer,
    ProviderDirectory,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
    ProviderUnavailable,
    RateLimited,
    Router,
    Timeout,
)
from tests.support.model_server import (
    CutOffReply,
    ErrorReply,
    JsonReply,
    ModelServer,
    TextReply,
)
from tests.support.router_parts import (
    A_CENT_A_TOKEN,
    ADA,
    Pauses,
    Person,
    asked_for,
    question,
    router_to,
)

ADA_PERSON = Person(name="Ada", age=36)
LONG = json.dumps({"name": "Ada", "age": 36, "notes": [f"note number {n}" for n in range(60)]})


async def test_an_answer_is_typed_and_says_what_it_took(
    store: CallStore, organisation_id: UUID
) -> None:
    async with ModelServer([JsonReply(value=ADA, fenced=True)]) as server:
        router = router_to(server.base_url, store)
        completion = await router.complete(question(organisation_id), Person)

    assert completion.value == ADA_PERSON
    times = {"seconds", "first_token_seconds"}
    assert 0 < (completion.usage.first_token_seconds or 0) <= completion.usage.seconds
    assert completion.usage.model_dump(exclude=times) == {
        "input_tokens": 11,
        "output_tokens": 7,
        "cached_tokens": 0,
        "cache_written_tokens": 0,
        "reasoning_tokens": 0,
        "cost_usd": 0,
        "priced": False,
        "model": "scripted",
        "provider": "openai",
        "calls": 1,
        "from_store": False,
    }


class TestAskingAgain:
    """An answer that is not valid is asked for again, with what is wrong, within the limits."""

    @pytest.mark.parametrize(
        ("first", "told"),
        [
            ("I would say that it was Ada.", "holds no JSON object"),
            ('{"name": "Ada", "age": oops}', "not JSON: Expecting value"),
            ("", "the answer is empty"),
            ('{"name": "Ada", "age": -1}', "- age: Input should be greater than or equal to 0"),
            ('{"name": "Ada", "age": 36, "born": 1815}', "- born: Extra inputs"),
            ('{"name": "Ada"}', "- age: Field required"),
        ],
    )
    async def test_the_model_is_told_what_is_wrong(
        self, store: CallStore, organisation_id: UUID, first: str, told: str
    ) -> None:
        async with ModelServer([TextReply(content=first), JsonReply(value=ADA)]) as server:
            completion = await router_to(server.base_url, store).complete(
                question(organisation_id), Person
            )

        assert completion.value == ADA_PERSON
        assert completion.usage.calls == 2
        assert completion.usage.input_tokens == 22, "the invalid answer is charged too"
        assert told in asked_for(server)[1]

    async def test_only_the_latest_answer_is_shown_again(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        replies = [TextReply(content="one"), TextReply(content="two"), JsonReply(value=ADA)]
        async with ModelServer(replies) as server:
            await router_to(server.base_url, store).complete(question(organisation_id), Person)

        roles = [[m["role"] for m in request.messages] for request in server.requests]
        assert roles[2] == ["system", "user", "assistant", "user"]
        assert server.requests[2].messages[2]["content"] == "two"

    async def test_after_the_last_attempt_the_call_fails_and_everything_is_on_record(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        asked = question(
            organisation_id, run_id=run_id, limits=CallLimits(attempts=2, timeout_seconds=30)
        )
        async with ModelServer([TextReply(content="no", times=None)]) as server:
            router = router_to(server.base_url, store)
            await router.open_budget(organisation_id, run_id, limit_usd=None)
            with pytest.raises(InvalidAnswer, match="in 2 attempts") as caught:
                await router.complete(asked, Person)
            with pytest.raises(InvalidAnswer):
                await router.complete(asked, Person)

        assert not caught.value.retryable
        assert "no JSON object" in caught.value.problem
        assert len(server.requests) == 2, "the second call must find both replies stored"
        calls = await store.calls(organisation_id, run_id)
        assert [(call.ordinal, call.state, call.output_tokens) for call in calls] == [
            (0, "completed", 7),
            (1, "completed", 7),
        ]


class TestAnswersThatAreCutOff:
    """`finish_reason: length` is continued until the document is whole."""

    @pytest.mark.parametrize("cuts", [(1,), (40,), (100, 400), (100, 400, 700, 900)])
    async def test_the_parts_are_joined(
        self, store: CallStore, organisation_id: UUID, cuts: tuple[int, ...]
    ) -> None:
        async with ModelServer([CutOffReply(content=LONG, cuts=cuts)]) as server:
            completion = await router_to(server.base_url, store).complete(
                question(organisation_id), Person
            )

        assert completion.value == Person.model_validate_json(LONG)
        assert completion.usage.calls == len(cuts) + 1

    async def test_an_answer_without_an_end_is_given_up(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        endless = TextReply(content='{"name": "A', finish_reason="length", times=1)
        more = TextReply(content="aaaaaaaa", finish_reason="length", times=None)
        limits = CallLimits(continuations=2, timeout_seconds=30)
        async with ModelServer([endless, more]) as server:
            with pytest.raises(AnswerTooLong, match="output tokens"):
                await router_to(server.base_url, store).complete(
                    question(organisation_id, limits=limits), Person
                )
        assert len(server.requests) == 3

    async def test_a_limit_used_up_without_a_word_is_not_continued(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        silent = TextReply(content="", finish_reason="length", times=None)
        async with ModelServer([silent]) as server:
            with pytest.raises(AnswerTooLong):
                await router_to(server.base_url, store).complete(question(organisation_id), Person)
        assert len(server.requests) == 1

    async def test_a_whole_document_before_the_cut_needs_no_continuation(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        text = f"{json.dumps(ADA)}\n\nI chose her becau"
        async with ModelServer([TextReply(content=text, finish_reason="length")]) as server:
            completion = await router_to(server.base_url, store).complete(
                question(organisation_id), Person
            )
        assert completion.value == ADA_PERSON


class TestFailuresOfTheProvider:
    """Passing failures are tried again a little; the others end the call at once."""

    @pytest.mark.parametrize("status", [429, 500, 503])
    async def test_passing_failures_are_tried_again(
        self, store: CallStore, organisation_id: UUID, status: int
    ) -> None:
        pauses = Pauses()
        script = [ErrorReply(status=status, times=2), JsonReply(value=ADA)]
        async with ModelServer(script) as server:
            completion = await router_to(server.base_url, store, pauses=pauses).complete(
                question(organisation_id), Person
            )

        assert completion.value == ADA_PERSON
        assert completion.usage.calls == 1, "a call without a reply is no part of the answer"
        assert len(pauses.seconds) == 2
        assert 0.25 <= pauses.seconds[0] <= 0.5 <= pauses.seconds[1] <= 1.0

    async def test_a_lasting_failure_ends_the_call_after_two_retries(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        async with ModelServer([ErrorReply(status=500, times=None)]) as server:
            with pytest.raises(ProviderUnavailable) as caught:
                await router_to(server.base_url, store).complete(question(organisation_id), Person)
        assert caught.value.retryable
        assert len(server.requests) == 3

    async def test_retry_after_is_kept_to(self, store: CallStore, organisation_id: UUID) -> None:
        pauses = Pauses()
        script = [ErrorReply(status=429, retry_after="7"), JsonReply(value=ADA)]
        async with ModelServer(script) as server:
            await router_to(server.base_url, store, pauses=pauses).complete(
                question(organisation_id), Person
            )
        assert 7 <= pauses.seconds[0] < 8

    async def test_a_wait_longer_than_the_call_is_left_to_the_layer_above(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        script = [ErrorReply(status=429, retry_after="3600"), JsonReply(value=ADA)]
        async with ModelServer(script) as server:
            with pytest.raises(RateLimited) as caught:
                await router_to(server.base_url, store).complete(question(organisation_id), Person)
        assert caught.value.retry_after == 3600
        assert len(server.requests) == 1

    async def test_a_refused_key_is_not_tried_again(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        async with ModelServer([ErrorReply(status=401, times=None)]) as server:
            with pytest.raises(AuthenticationFailed) as caught:
                await router_to(server.base_url, store).complete(question(organisation_id), Person)
        assert not caught.value.retryable
        assert len(server.requests) == 1

    async def test_a_filtered_answer_is_an_error_of_its_own_and_stays_one(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        asked = question(organisation_id)
        async with ModelServer([TextReply(content="", finish_reason="content_filter")]) as server:
            router = router_to(server.base_url, store)
            for _ in range(2):
                with pytest.raises(ContentFiltered):
                    await router.complete(asked, Person)
        assert len(server.requests) == 1

    async def test_a_slow_model_ends_at_the_calls_time_limit(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        limits = CallLimits(timeout_seconds=1)
        async with ModelServer([TextReply(content="{}", delay_seconds=60)]) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            await router.open_budget(organisation_id, run_id, limit_usd=Decimal(1000))
            asked = question(
                organisation_id,
                run_id=run_id,
                limits=limits.model_copy(update={"max_cost_usd": Decimal(1000)}),
            )
            with pytest.raises(Timeout):
                await router.complete(asked, Person)

        (call,) = await store.calls(organisation_id, run_id)
        assert call.state == "failed"
        budget = await store.budget(organisation_id, run_id)
        assert budget is not None
        assert budget.reserved.is_nothing()


class TestPayingOnce:
    """One idempotency key, one answer, one bill."""

    async def test_the_same_key_finds_the_stored_reply(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        asked = question(organisation_id)
        async with ModelServer([TextReply(content="hm"), JsonReply(value=ADA)]) as server:
            router = router_to(server.base_url, store)
            first = await router.complete(asked, Person)
            second = await router.complete(asked, Person)

        assert len(server.requests) == 2
        assert second.value == first.value
        assert second.call_id == first.call_id
        assert second.usage == first.usage.model_copy(update={"from_store": True})

    async def test_concurrent_calls_with_one_key_make_one_call(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        asked = question(organisation_id)
        async with ModelServer([JsonReply(value=ADA, delay_seconds=0.3, times=None)]) as server:
            router = router_to(server.base_url, store)
            completions = await asyncio.gather(*(router.complete(asked, Person) for _ in range(8)))

        assert len(server.requests) == 1
        assert [completion.usage.from_store for completion in completions].count(False) == 1
        assert {completion.value for completion in completions} == {ADA_PERSON}

    async def test_an_interrupted_conversation_goes_on_where_it_stopped(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        asked = question(organisation_id)
        script = [TextReply(content="hm"), ErrorReply(status=401), JsonReply(value=ADA)]
        async with ModelServer(script) as server:
            router = router_to(server.base_url, store)
            with pytest.raises(AuthenticationFailed):
                await router.complete(asked, Person)
            completion = await router.complete(asked, Person)

        assert completion.value == ADA_PERSON
        assert completion.usage.calls == 2
        assert "hm" in [message["content"] for message in server.requests[2].messages]
        assert server.asked_twice() == ()

    async def test_one_key_for_two_questions_is_refused(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        async with ModelServer([JsonReply(value=ADA)]) as server:
            router = router_to(server.base_url, store)
            await router.complete(question(organisation_id, key="k", text="Who?"), Person)
            with pytest.raises(IdempotencyConflict, match="own key"):
                await router.complete(question(organisation_id, key="k", text="When?"), Person)

    async def test_a_cancelled_call_leaves_nothing_reserved_and_can_be_made_again(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        limits = CallLimits(max_cost_usd=Decimal(1000), timeout_seconds=30)
        asked = question(organisation_id, run_id=run_id, limits=limits)
        script = [TextReply(content="{}", delay_seconds=60), JsonReply(value=ADA)]
        async with ModelServer(script) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            await router.open_budget(organisation_id, run_id, limit_usd=Decimal(1000))
            task = asyncio.create_task(router.complete(asked, Person))
            await server.received(1)
            held = await store.budget(organisation_id, run_id)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            freed = await store.budget(organisation_id, run_id)
            completion = await router.complete(asked, Person)

        assert held is not None
        assert freed is not None
        assert held.reserved.usd > Decimal(80), "8192 output tokens at a cent each"
        assert freed.reserved.is_nothing()
        assert completion.value == ADA_PERSON


class TestBudgets:
    """Nothing is spent that was not held back before."""

    async def test_what_is_spent_is_what_the_reply_took(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        limits = CallLimits(max_output_tokens=100, max_cost_usd=Decimal(10), timeout_seconds=30)
        async with ModelServer([JsonReply(value=ADA)]) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            await router.open_budget(organisation_id, run_id, limit_usd=Decimal(10))
            completion = await router.complete(
                question(organisation_id, run_id=run_id, limits=limits), Person
            )

        budget = await store.budget(organisation_id, run_id)
        assert budget is not None
        assert completion.usage.cost_usd == budget.spent.usd == Decimal("0.18")
        assert completion.usage.priced
        assert budget.spent.tokens == 18
        assert budget.reserved.is_nothing()

    async def test_a_call_that_could_cost_too_much_is_not_made(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        limits = CallLimits(max_cost_usd=Decimal(1000), timeout_seconds=30)
        async with ModelServer([JsonReply(value=ADA)]) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            await router.open_budget(organisation_id, run_id, limit_usd=Decimal(80))
            with pytest.raises(BudgetExceeded, match="limited to 80 USD") as caught:
                await router.complete(
                    question(organisation_id, run_id=run_id, limits=limits), Person
                )

        assert caught.value.scope == "run"
        assert server.requests == []

    async def test_a_call_keeps_to_its_own_limit_over_all_its_attempts(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        limits = CallLimits(
            max_output_tokens=10, max_cost_usd=Decimal("4.1"), attempts=50, timeout_seconds=30
        )
        expensive = TextReply(content="no", input_tokens=80, output_tokens=10, times=None)
        async with ModelServer([expensive]) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            with pytest.raises(BudgetExceeded) as caught:
                await router.complete(question(organisation_id, limits=limits), Person)

        assert caught.value.scope == "call"
        assert 1 < len(server.requests) <= 4, "each costs 0.90 of the 4.10"

    async def test_a_token_limit_holds_for_models_without_a_price(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        async with ModelServer([JsonReply(value=ADA)]) as server:
            router = router_to(server.base_url, store)
            await router.open_budget(
                organisation_id, run_id, limit_usd=Decimal(1), limit_tokens=5_000
            )
            with pytest.raises(BudgetExceeded, match="5000 tokens"):
                await router.complete(question(organisation_id, run_id=run_id), Person)
        assert server.requests == []

    async def test_a_budget_holds_under_concurrency(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        run_id = uuid4()
        limits = CallLimits(max_output_tokens=10, max_cost_usd=Decimal(10), timeout_seconds=30)
        reply = JsonReply(value=ADA, times=None, delay_seconds=0.2, input_tokens=100)
        async with ModelServer([reply]) as server:
            router = router_to(server.base_url, store, price=A_CENT_A_TOKEN)
            await router.open_budget(organisation_id, run_id, limit_usd=Decimal(12))
            outcomes = await asyncio.gather(
                *(
                    router.complete(question(organisation_id, run_id=run_id, limits=limits), Person)
                    for _ in range(12)
                ),
                return_exceptions=True,
            )

        refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetExceeded)]
        budget = await store.budget(organisation_id, run_id)
        assert budget is not None
        assert len(server.requests) == len(outcomes) - len(refused)
        assert refused
        assert budget.spent.usd == Decimal("1.07") * len(server.requests) <= Decimal(12)
        assert budget.reserved.is_nothing()

    async def test_a_run_without_a_budget_is_not_taken_for_one_without_limits(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        async with ModelServer([JsonReply(value=ADA)]) as server:
            with pytest.raises(BudgetMissing, match="open one"):
                await router_to(server.base_url, store).complete(
                    question(organisation_id, run_id=uuid4()), Person
                )
        assert server.requests == []


class _Echo:
    """A model inside this process: it answers from the typed input."""

    name = "echo"
    traits = ProviderTraits(metered=False, repairs=False)

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """The question's text as a person's name."""
        text = json.dumps({"name": request.input["question"], "age": 1})
        return ProviderReply(
            text=text, finish_reason="stop", input_tokens=0, output_tokens=0, model="echo-1"
        )


class _MeteredEcho(_Echo):
    """One whose answers are paid for."""

    traits = ProviderTraits()


class TestModelsInsideTheProcess:
    """They say what they are like, and are on record like all others."""

    async def test_they_read_the_typed_input(self, store: CallStore, organisation_id: UUID) -> None:
        router = Router(
            ProviderDirectory({"builtin": InProcessProvider(_Echo())}), store, FixedPrices({})
        )
        run_id = uuid4()
        asked = question(organisation_id, run_id=run_id).model_copy(update={"model": "builtin"})
        first = await router.complete(asked, Person)
        again = await router.complete(asked, Person)

        assert first.value.name == "Who wrote the first program?"
        assert (first.usage.cost_usd, first.usage.priced) == (Decimal(0), True)
        assert (first.usage.provider, first.usage.model) == ("echo", "echo-1")
        assert again.usage.from_store
        assert len(await store.calls(organisation_id, run_id)) == 1

    async def test_a_name_that_nobody_serves_is_refused(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router = Router(
            ProviderDirectory({"builtin": InProcessProvider(_Echo())}), store, FixedPrices({})
        )
        with pytest.raises(BadRequest, match="known models: builtin"):
            await router.complete(question(organisation_id), Person)

    async def test_a_name_that_is_not_offered_is_refused_before_anybody_is_asked(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        offered = ProviderDirectory({}, ExternalModels(), offered=["openai/other"])
        router = Router(offered, store, FixedPrices({}))
        with pytest.raises(BadRequest, match="known models: openai/other"):
            await router.complete(question(organisation_id), Person)

    async def test_what_is_metered_needs_a_budget_wherever_it_runs(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router = Router(
            ProviderDirectory({"local": InProcessProvider(_MeteredEcho())}), store, FixedPrices({})
        )
        asked = question(organisation_id, run_id=uuid4()).model_copy(update={"model": "local"})
        with pytest.raises(BudgetMissing):
            await router.complete(asked, Person)

    async def test_what_a_model_is_like_is_known_without_asking_it(self, store: CallStore) -> None:
        inside = {"echo": InProcessProvider(_Echo())}
        providers = ProviderDirectory(inside, ExternalModels(), offered=["openai/other"])
        router = Router(providers, store, FixedPrices({}))
        assert not router.traits("echo").repairs
        assert router.traits("openai/other") == ProviderTraits()
        # A run goes on that was begun with a model which is no longer offered.
        assert router.traits("openai/gone") == ProviderTraits()
