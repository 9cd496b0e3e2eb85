"""What was paid for is neither lost nor counted twice, whatever ends a reply on its way."""

import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from quantumlayer.router import (
    CallLimits,
    CallRecord,
    CallStore,
    CompletionRequest,
    FixedPrices,
    ModelRefused,
    Price,
    ProviderDirectory,
    ProviderTraits,
    ProviderUnavailable,
    ReasoningAteTheCap,
    RetryPolicy,
    Router,
    Timeout,
)
from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokenUsage,
    ToolCallDelta,
    UsageDelta,
)
from quantumlayer.router.profiles.profile import Profile
from tests.support.router_parts import A_CENT_A_TOKEN, Pauses, Person, question
from tests.support.scripted_provider import ScriptedProvider

ANSWER = json.dumps({"name": "Ada Lovelace", "age": 36, "notes": ["wrote the first program"]})
HALF = ANSWER[:30]
BREAKS = ProviderUnavailable("the connection was cut")
STOP = Finished("stop")
LENGTH = Finished("length")


def counted(
    sent: int,
    output: int,
    *,
    cached_tokens: int | None = None,
    cache_written_tokens: int | None = None,
    reasoning_tokens: int | None = None,
) -> UsageDelta:
    return UsageDelta(
        TokenUsage(sent, output, cached_tokens, cache_written_tokens, reasoning_tokens)
    )


WHOLE = (TextDelta(ANSWER), counted(11, 7), STOP)
REST = (TextDelta(ANSWER[30:]), counted(20, 5), STOP)


class Run:
    """One question in one run with a budget, and a router to a scripted provider."""

    def __init__(
        self,
        store: CallStore,
        organisation_id: UUID,
        *,
        limits: CallLimits | None = None,
        price: Price = A_CENT_A_TOKEN,
        profile: Profile | None = None,
    ) -> None:
        self.store, self.id, self.organisation_id = store, uuid4(), organisation_id
        self._price, self._profile = price, profile or Profile()
        limits = limits or CallLimits(timeout_seconds=20)
        self.asked: CompletionRequest = question(
            organisation_id,
            run_id=self.id,
            limits=limits.model_copy(update={"max_cost_usd": Decimal(10_000)}),
        )

    async def opened(self) -> "Run":
        await self.store.open_budget(self.organisation_id, self.id, limit_usd=Decimal(10_000))
        return self

    def router(self, provider: ScriptedProvider) -> Router:
        async def profile(_model: str) -> Profile:
            return self._profile

        return Router(
            ProviderDirectory({self.asked.model: provider}),
            self.store,
            FixedPrices({self.asked.model: self._price}),
            profiles=profile,
            retry=RetryPolicy(retries=2),
            sleep=Pauses(),
        )

    async def calls(self) -> Sequence[CallRecord]:
        return await self.store.calls(self.organisation_id, self.id)

    async def spent(self) -> int:
        """Tokens; checks that nothing is held back and that the dollars fit to them."""
        budget = await self.store.budget(self.organisation_id, self.id)
        assert budget is not None
        assert budget.reserved.is_nothing()
        assert budget.spent.usd == Decimal("0.01") * budget.spent.tokens
        assert budget.spent.tokens == sum(
            call.input_tokens + call.output_tokens for call in await self.calls()
        )
        return budget.spent.tokens


@pytest.fixture
async def run(store: CallStore, organisation_id: UUID) -> Run:
    return await Run(store, organisation_id).opened()


class TestRepliesThatBreakOff:
    """They are stored, paid once, and gone on from."""

    async def test_a_broken_answer_is_continued_at_the_next_character(self, run: Run) -> None:
        provider = ScriptedProvider([(counted(11, 1), TextDelta(HALF), BREAKS), REST])
        completion = await run.router(provider).complete(run.asked, Person)

        assert completion.value == Person.model_validate_json(ANSWER)
        assert provider.asked[1].messages[-2].text == HALF
        assert provider.asked[1].form == "continuation"
        first, second = await run.calls()
        assert (first.state, second.state) == ("broken", "completed")
        assert "the connection was cut" in (first.error or "")
        assert first.input_tokens == 11
        assert first.output_tokens == 10, "estimated: the count of its beginning says nothing"
        assert await run.spent() == 11 + 10 + 20 + 5
        assert completion.usage.calls == 2

    async def test_of_a_reply_that_counted_nothing_everything_is_estimated(self, run: Run) -> None:
        provider = ScriptedProvider([(TextDelta(HALF), BREAKS), REST])
        await run.router(provider).complete(run.asked, Person)
        first, _ = await run.calls()
        assert (first.output_tokens, first.input_tokens > 100) == (10, True)

    async def test_a_stream_that_ends_without_saying_so_is_broken(self, run: Run) -> None:
        provider = ScriptedProvider([(TextDelta(HALF),), REST])
        completion = await run.router(provider).complete(run.asked, Person)
        assert completion.value.name == "Ada Lovelace"
        assert [call.state for call in await run.calls()] == ["broken", "completed"]

    async def test_what_breaks_behind_the_end_breaks_nothing(self, run: Run) -> None:
        provider = ScriptedProvider([(TextDelta(ANSWER), STOP, BREAKS)])
        await run.router(provider).complete(run.asked, Person)
        assert [call.state for call in await run.calls()] == ["completed"]

    @pytest.mark.parametrize(
        "begun",
        [
            (ReasoningDelta("Let me think about who it"),),
            (TextDelta("<think>It may be {"),),
            (TextDelta("<thi"),),
            (ToolCallDelta(index=0, id="x", name="answer", arguments=HALF),),
            (RefusalDelta("I am sor"),),
        ],
    )
    async def test_where_no_answer_began_the_question_is_asked_again_and_both_are_paid(
        self, run: Run, begun: tuple[Delta, ...]
    ) -> None:
        provider = ScriptedProvider([(*begun, BREAKS), WHOLE])
        completion = await run.router(provider).complete(run.asked, Person)

        assert completion.value.name == "Ada Lovelace"
        assert provider.asked[1].messages == provider.asked[0].messages
        first, _ = await run.calls()
        assert (first.state, first.output_tokens > 0) == ("broken", True)
        assert await run.spent() == first.input_tokens + first.output_tokens + 18

    async def test_signs_of_life_alone_are_not_paid(self, run: Run) -> None:
        provider = ScriptedProvider([(Named(model="m"), Alive(), BREAKS), WHOLE])
        await run.router(provider).complete(run.asked, Person)
        assert [call.state for call in await run.calls()] == ["failed", "completed"]
        assert await run.spent() == 18

    async def test_a_reply_that_breaks_again_and_again_uses_up_the_retries(self, run: Run) -> None:
        cuts = [ANSWER[:10], ANSWER[10:20], ANSWER[20:30]]
        provider = ScriptedProvider([*((TextDelta(cut), BREAKS) for cut in cuts), REST])
        with pytest.raises(ProviderUnavailable) as caught:
            await run.router(provider).complete(run.asked, Person)
        assert caught.value.tried == 3

        completion = await run.router(provider).complete(run.asked, Person)

        assert completion.value == Person.model_validate_json(ANSWER)
        assert len(provider.asked) == 4, "the second time only the rest is bought"
        assert [call.state for call in await run.calls()] == [*["broken"] * 3, "completed"]
        await run.spent()

    async def test_an_error_that_no_retry_mends_ends_the_call_with_its_part_paid(
        self, run: Run
    ) -> None:
        provider = ScriptedProvider([(TextDelta(HALF), ModelRefused("no")), REST])
        with pytest.raises(ModelRefused):
            await run.router(provider).complete(run.asked, Person)
        assert [call.state for call in await run.calls()] == ["broken"]
        assert await run.spent() > 100


class TestEndsFromOutside:
    """A time limit or a cancellation stops the provider; what came is kept."""

    async def test_the_time_limit(self, store: CallStore, organisation_id: UUID) -> None:
        run = await Run(store, organisation_id, limits=CallLimits(timeout_seconds=0.5)).opened()
        provider = ScriptedProvider([(TextDelta(HALF), asyncio.Event()), REST])
        with pytest.raises(Timeout):
            await run.router(provider).complete(run.asked, Person)
        assert provider.stopped == 1

        completion = await run.router(provider).complete(run.asked, Person)
        assert completion.value == Person.model_validate_json(ANSWER)
        assert [call.state for call in await run.calls()] == ["broken", "completed"]
        await run.spent()

    async def test_a_cancellation(self, run: Run) -> None:
        came = asyncio.Event()

        def on_piece(piece: Delta) -> None:
            came.set() if piece == TextDelta(HALF) else None

        provider = ScriptedProvider([(TextDelta(HALF), asyncio.Event()), REST])
        task = asyncio.create_task(
            run.router(provider).complete(run.asked, Person, on_piece=on_piece)
        )
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert provider.stopped == 1
        (call,) = await run.calls()
        assert (call.state, call.output_tokens) == ("broken", 10)
        await run.router(provider).complete(run.asked, Person)
        await run.spent()

    async def test_a_listener_that_fails_leaves_no_stream_open(self, run: Run) -> None:
        def on_piece(piece: Delta) -> None:
            raise ZeroDivisionError(str(piece))

        provider = ScriptedProvider([(TextDelta(HALF), TextDelta("more"), STOP)])
        with pytest.raises(ZeroDivisionError):
            await run.router(provider).complete(run.asked, Person, on_piece=on_piece)
        assert provider.stopped == 1
        assert [call.state for call in await run.calls()] == ["broken"]


class TestLeases:
    """Whoever asks for the same answer meanwhile waits, or takes over from the dead."""

    async def test_what_came_stands_in_the_store_while_it_comes_and_is_taken_over_once(
        self, run: Run
    ) -> None:
        """The first is held up as a whole: it neither renews nor stores, as if it were dead."""
        stuck = _Stuck(run.store)
        provider = ScriptedProvider([(TextDelta(HALF), asyncio.Event())])
        first = Run.router(_with(run, stuck), provider)
        task = asyncio.create_task(first.complete(run.asked, Person))
        await stuck.kept.wait()

        heirs = ScriptedProvider([REST])
        both = await asyncio.gather(
            *(run.router(heirs).complete(run.asked, Person) for _ in range(2))
        )
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert {completion.value.name for completion in both} == {"Ada Lovelace"}
        assert len(heirs.asked) == 1
        first_call, second = await run.calls()
        assert (first_call.state, second.state) == ("broken", "completed")
        await run.spent()

    async def test_a_long_reply_stays_alive_and_is_kept_again_and_again(self, run: Run) -> None:
        over = asyncio.Event()
        provider = ScriptedProvider([(TextDelta(HALF), over, *REST)])
        router = run.router(provider)
        first = asyncio.create_task(router.complete(run.asked, Person))
        await asyncio.sleep(run.store.lease_seconds * 2)
        second = asyncio.create_task(router.complete(run.asked, Person))
        await asyncio.sleep(0.1)
        over.set()
        assert (await first).call_id == (await second).call_id
        assert len(provider.asked) == 1
        assert await run.spent() == 25, "what was kept of it is not counted beside the whole"


class _Stuck:
    """A store whose user hangs, as seen from outside, once a part of its reply was kept."""

    def __init__(self, store: CallStore) -> None:
        self._store = store
        self.kept = asyncio.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def renew(self, organisation_id: UUID, call_id: UUID) -> None:
        if not self.kept.is_set():
            await self._store.renew(organisation_id, call_id)

    async def keep(self, organisation_id: UUID, partial: object) -> None:
        if not self.kept.is_set():
            await self._store.keep(organisation_id, partial)  # type: ignore[arg-type] # passed on
            self.kept.set()


def _with(run: Run, store: object) -> Run:
    other = Run.__new__(Run)
    other.__dict__.update(run.__dict__, store=store)
    return other


class TestThoughtsThatUseUpTheLimit:
    """The limit is doubled as far as the model can write, then the effort is lowered."""

    LIMITS = CallLimits(max_output_tokens=1000, timeout_seconds=20)
    ONLY_THOUGHT = (ReasoningDelta("Hm. " * 20), counted(11, 1000, reasoning_tokens=999), LENGTH)

    async def test_it_is_asked_again_with_more_room_and_then_less_effort(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        profile = Profile(output_cap=3000, reasoning=True, efforts=("low", "medium", "high"))
        run = await Run(store, organisation_id, limits=self.LIMITS, profile=profile).opened()
        provider = ScriptedProvider([*[self.ONLY_THOUGHT] * 3, WHOLE])
        completion = await run.router(provider).complete(run.asked, Person)

        assert completion.value.name == "Ada Lovelace"
        assert [(asked.max_output_tokens, asked.effort) for asked in provider.asked] == [
            (1000, None),
            (2000, None),
            (3000, None),
            (3000, "low"),
        ]
        assert completion.usage.reasoning_tokens == 3 * 999
        assert await run.spent() == 3 * 1011 + 18

    async def test_at_the_end_it_says_what_was_tried(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        profile = Profile(output_cap=2000, reasoning=True, efforts=("low", "medium"))
        run = await Run(store, organisation_id, limits=self.LIMITS, profile=profile).opened()
        provider = ScriptedProvider([self.ONLY_THOUGHT] * 3)
        said = r"limit of 2000 tokens on thinking with the effort 'low'.*QL_MODEL_EFFORT"
        with pytest.raises(ReasoningAteTheCap, match=said) as caught:
            await run.router(provider).complete(run.asked, Person)
        assert not caught.value.retryable
        assert len(provider.asked) == 3


class TestWhatIsCounted:
    """Tokens by their kind, each at its price."""

    async def test_cached_tokens_cost_what_they_cost(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        price = Price(
            input_usd=Decimal("0.01"),
            output_usd=Decimal("0.1"),
            cached_usd=Decimal("0.001"),
            cache_written_usd=Decimal("0.0125"),
        )
        run = await Run(store, organisation_id, price=price).opened()
        usage = counted(100, 7, cached_tokens=60, cache_written_tokens=30, reasoning_tokens=2)
        provider = ScriptedProvider([(TextDelta(ANSWER), usage, STOP)])
        completion = await run.router(provider).complete(run.asked, Person)

        took = completion.usage
        assert took.cost_usd == Decimal("1.235"), "10 fresh, 60 read, 30 written, 7 said"
        assert (took.cached_tokens, took.cache_written_tokens, took.reasoning_tokens) == (60, 30, 2)
        again = await run.router(provider).complete(run.asked, Person)
        assert again.usage == took.model_copy(update={"from_store": True})

    async def test_a_price_that_the_provider_names_wins(self, run: Run) -> None:
        said = UsageDelta(TokenUsage(input_tokens=1, output_tokens=1, cost_usd=Decimal("0.5")))
        provider = ScriptedProvider([(TextDelta(ANSWER), said, STOP)])
        completion = await run.router(provider).complete(run.asked, Person)
        assert (completion.usage.cost_usd, completion.usage.priced) == (Decimal("0.5"), True)

    async def test_a_model_that_is_not_metered_is_not_estimated(self, run: Run) -> None:
        provider = ScriptedProvider(
            [(TextDelta(HALF), BREAKS), REST], traits=ProviderTraits(metered=False)
        )
        await run.router(provider).complete(run.asked, Person)
        first, _ = await run.calls()
        assert (first.input_tokens, first.output_tokens) == (0, 0)
        assert first.cost_usd == 0

    async def test_a_call_that_no_tool_was_offered_for_is_the_answer(self, run: Run) -> None:
        called = ToolCallDelta(index=0, id="x", name="answer", arguments=ANSWER)
        provider = ScriptedProvider([(called, Finished("tool_calls"))])
        completion = await run.router(provider).complete(run.asked, Person)
        assert completion.value.name == "Ada Lovelace"

    async def test_refusing_words_are_the_refusal(self, run: Run) -> None:
        provider = ScriptedProvider([(RefusalDelta("I will "), RefusalDelta("not."), STOP)])
        with pytest.raises(ModelRefused, match=r"I will not\."):
            await run.router(provider).complete(run.asked, Person)


async def test_a_question_carries_its_limits_and_the_run_as_its_cache_key(run: Run) -> None:
    limits = run.asked.limits.model_copy(update={"silence_seconds": 7, "first_token_seconds": 8})
    asked = run.asked.model_copy(update={"limits": limits, "effort": "low", "temperature": 0.5})
    provider = ScriptedProvider([WHOLE])
    await run.router(provider).complete(asked, Person)

    (seen,) = provider.asked
    assert (seen.silence_seconds, seen.first_token_seconds) == (7, 8)
    assert (seen.effort, seen.temperature, seen.cache_key) == ("low", 0.5, str(run.id))


async def test_hints_change_no_question(run: Run) -> None:
    provider = ScriptedProvider([WHOLE])
    router = run.router(provider)
    await router.complete(run.asked, Person)
    marked = [
        message.model_copy(update={"cache_until_here": True}) for message in run.asked.messages
    ]
    other = run.asked.model_copy(update={"messages": tuple(marked), "effort": "high"})
    assert (await router.complete(other, Person)).usage.from_store
