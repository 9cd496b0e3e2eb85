"""A turn with tools: whole or not at all, stored as it came, and paid for once."""

import json
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from quantumlayer.router import (
    AnswerTooLong,
    CallLimits,
    CallStore,
    CompletionRequest,
    ContentFiltered,
    FixedPrices,
    IdempotencyConflict,
    Message,
    ModelRefused,
    ProviderDirectory,
    ProviderUnavailable,
    ReasoningAteTheCap,
    ReasoningPart,
    RetryPolicy,
    Router,
    TextPart,
    ToolCallPart,
    ToolDefinition,
)
from quantumlayer.router.deltas import (
    Finished,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from quantumlayer.router.profiles.profile import Profile
from tests.support.model_server import ModelServer, ScriptedCall, TextReply
from tests.support.router_parts import A_CENT_A_TOKEN, Pauses, router_to
from tests.support.scripted_provider import Piece, ScriptedProvider

READ = ToolDefinition(
    name="read",
    description="Reads a file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}},
)
BREAKS = ProviderUnavailable("the connection was cut")
STOP, LENGTH, CALLED = Finished("stop"), Finished("length"), Finished("tool_calls")


def calling(arguments: str, *, index: int = 0) -> ToolCallDelta:
    return ToolCallDelta(index=index, id=f"call-{index}", name="read", arguments=arguments)


WHOLE = (calling('{"path": "a.py"}'), CALLED)


def asked(organisation_id: UUID, **more: object) -> CompletionRequest:
    """A turn's question; its idempotency key is fresh unless given."""
    values = {
        "task": "integrate",
        "organisation_id": organisation_id,
        "model": "openai/scripted",
        "messages": (Message(role="user", content="Mend it."),),
        "limits": CallLimits(timeout_seconds=20, max_cost_usd=Decimal(10_000)),
        "idempotency_key": str(uuid4()),
        **more,
    }
    return CompletionRequest.model_validate(values)


def router_of(
    store: CallStore, replies: Sequence[Sequence[Piece]], profile: Profile | None = None
) -> tuple[Router, ScriptedProvider]:
    provider = ScriptedProvider(replies)

    async def profiles(_model: str) -> Profile:
        return profile or Profile()

    router = Router(
        ProviderDirectory({"openai/scripted": provider}),
        store,
        FixedPrices({"openai/scripted": A_CENT_A_TOKEN}),
        profiles=profiles,
        retry=RetryPolicy(retries=2),
        sleep=Pauses(),
    )
    return router, provider


class TestWhatIsSaid:
    """All of a message comes back, in its order, as it is to be sent back."""

    async def test_thoughts_words_and_calls_over_real_http(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        reply = TextReply(
            content="Let me look.",
            reasoning="Which file is it?",
            tool_calls=(ScriptedCall(name="read", arguments='{"path": "a.py"}'),),
            finish_reason="tool_calls",
        )
        async with ModelServer([reply]) as server:
            turn = await router_to(server.base_url, store).turn(asked(organisation_id), (READ,))

        assert turn.message == Message(
            role="assistant",
            content=(
                ReasoningPart(text="Which file is it?"),
                TextPart(text="Let me look."),
                ToolCallPart(id="call_scripted_0", name="read", arguments='{"path": "a.py"}'),
            ),
        )
        assert server.requests[0].body["tools"][0]["function"]["name"] == "read"
        assert "response_format" not in server.requests[0].body

    async def test_thoughts_that_a_server_leaves_among_the_words_are_taken_out(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, _ = router_of(store, [(TextDelta("<think>what now?</think>Done."), STOP)])
        turn = await router.turn(asked(organisation_id))
        assert turn.message.text == "Done."

    async def test_what_the_store_cannot_hold_is_replaced(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, _ = router_of(store, [(TextDelta("a\0b\ud800c"), STOP)])
        turn = await router.turn(asked(organisation_id))
        assert turn.message.text == "a\ufffdb?c"

    async def test_a_refusal_is_said_in_its_own_words(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, _ = router_of(store, [(RefusalDelta("I will not."), Finished("refusal"))])
        with pytest.raises(ModelRefused, match="I will not"):
            await router.turn(asked(organisation_id))

    async def test_a_filter_is_no_turn(self, store: CallStore, organisation_id: UUID) -> None:
        router, _ = router_of(store, [(TextDelta("half"), Finished("content_filter"))])
        with pytest.raises(ContentFiltered):
            await router.turn(asked(organisation_id))


class TestOnce:
    """The same turn asked again is the same turn, for nothing."""

    async def test_a_stored_turn_is_given_again_with_its_thoughts_and_proofs(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        thought = ReasoningDelta("hm", signature="proof")
        router, provider = router_of(store, [(thought, TextDelta("Look:"), *WHOLE)])
        request = asked(organisation_id)
        first = await router.turn(request, (READ,))
        second = await router.turn(request, (READ,))

        assert first.message == second.message
        assert ReasoningPart(text="hm", signature="proof") in second.message.parts
        assert (first.usage.from_store, second.usage.from_store) == (False, True)
        assert len(provider.asked) == 1

    async def test_other_tools_make_another_question(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, _ = router_of(store, [WHOLE])
        request = asked(organisation_id)
        await router.turn(request, (READ,))
        with pytest.raises(IdempotencyConflict):
            await router.turn(request)


class TestCutOff:
    """Words are gone on from; a call is whole, or it is asked for again."""

    async def test_words_are_continued_and_joined(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        file = '<file path="a.py">\nprint("a long enough line")\n'
        replies = [(TextDelta(file), LENGTH), (TextDelta("</file>\n"), STOP)]
        router, provider = router_of(store, replies)
        turn = await router.turn(asked(organisation_id))

        assert turn.message.text == f"{file}</file>\n"
        assert provider.asked[1].messages[-2].text == file
        assert provider.asked[1].form == "continuation"

    async def test_an_end_that_is_repeated_is_joined_once(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        line = 'print("the very same line of code")\n'
        replies = [(TextDelta(f"x\n{line}"), LENGTH), (TextDelta(f"{line}y\n"), STOP)]
        router, _ = router_of(store, replies)
        turn = await router.turn(asked(organisation_id))
        assert turn.message.text == f"x\n{line}y\n"

    async def test_words_that_never_end_come_as_far_as_they_go_and_say_so(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        replies = [(TextDelta(f"part {n} "), LENGTH) for n in range(3)]
        router, _ = router_of(store, replies)
        limits = CallLimits(continuations=2, max_cost_usd=Decimal(10_000))
        turn = await router.turn(asked(organisation_id, limits=limits))
        assert (turn.message.text, turn.cut_off) == ("part 0 part 1 part 2 ", True)

    async def test_a_broken_stream_is_gone_on_from_and_paid_once(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, provider = router_of(store, [(TextDelta("one "), BREAKS), (TextDelta("two"), STOP)])
        request = asked(organisation_id)
        turn = await router.turn(request)
        again = await router.turn(request)

        assert turn.message.text == again.message.text == "one two"
        assert len(provider.asked) == 2

    @pytest.mark.parametrize("end", [LENGTH, BREAKS], ids=["cut off", "broken"])
    async def test_half_a_call_is_never_seen_and_never_sent_back(
        self, store: CallStore, organisation_id: UUID, end: Piece
    ) -> None:
        half = (TextDelta("Look:"), calling('{"path": "a'), end)
        router, provider = router_of(store, [half, WHOLE], Profile(output_cap=32_768))
        turn = await router.turn(asked(organisation_id), (READ,))

        assert [part.kind for part in turn.message.parts] == ["tool_call"]
        assert provider.asked[1].messages == provider.asked[0].messages
        caps = [each.max_output_tokens for each in provider.asked]
        assert caps == ([8192, 16_384] if end is LENGTH else [8192, 8192])

    async def test_a_whole_call_at_the_limit_is_a_call(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        router, provider = router_of(store, [(calling(json.dumps({"path": "a"})), LENGTH)])
        turn = await router.turn(asked(organisation_id), (READ,))
        assert len(turn.message.parts) == len(provider.asked) == 1

    async def test_a_call_that_fits_no_limit_ends_the_turn(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        half = (calling('{"path": "a'), LENGTH)
        router, provider = router_of(store, [half] * 2, Profile(output_cap=16_384))
        with pytest.raises(AnswerTooLong, match="16384"):
            await router.turn(asked(organisation_id), (READ,))
        assert len(provider.asked) == 2

    async def test_thoughts_alone_get_more_room_up_to_what_the_model_can(
        self, store: CallStore, organisation_id: UUID
    ) -> None:
        thought = (ReasoningDelta("and then"), LENGTH)
        router, provider = router_of(store, [thought] * 2, Profile(output_cap=16_384))
        with pytest.raises(ReasoningAteTheCap):
            await router.turn(asked(organisation_id))
        assert [each.max_output_tokens for each in provider.asked] == [8192, 16_384]
