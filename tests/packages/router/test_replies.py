"""Replies as servers and models really send them, over real HTTP: what is taken for the answer."""

import json
import logging
from typing import Any
from uuid import UUID, uuid4

import pytest

from quantumlayer.router import (
    AnswerTooLong,
    CallStore,
    ContentFiltered,
    InvalidAnswer,
    MemoryCallStore,
    ModelRefused,
    ProviderUnavailable,
)
from tests.support.model_server import JsonReply, ModelServer, RawReply, TextReply
from tests.support.router_parts import ADA, Person, asked_for, question, router_to

ORGANISATION = uuid4()
ADA_PERSON = Person(name="Ada", age=36)
ANSWER = json.dumps(ADA)
# Longer than the answer, and valid: only its place says that it is none.
DRAFT = json.dumps({"name": "Draft", "age": 1, "notes": ["given up " * 9]}, indent=2)
ANALYSIS = "<|channel|>analysis<|message|>"
CALLING = "<|channel|>commentary to=functions.who <|constrain|>json<|message|>"
HALF_DRAFT = '{"name": "Draft", "notes": ["or perhaps {'


@pytest.fixture
def store() -> CallStore:
    return MemoryCallStore()


async def person(store: CallStore, server: ModelServer, key: str | None = None) -> Person:
    router = router_to(server.base_url, store)
    return (await router.complete(question(ORGANISATION, key=key), Person)).value


def body(message: object, finish: str | None = "stop", **more: object) -> RawReply:
    """A chat completion with `message`, and `more` beside its choices."""
    value = {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
        **more,
    }
    return raw(value)


def raw(value: object) -> RawReply:
    return RawReply(content_type="application/json", body=json.dumps(value))


def said(content: object, **more: object) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


class TestThoughts:
    """What stands last and fits is the answer; what was only thought is not."""

    @pytest.mark.parametrize(
        "thoughts",
        [
            "<think>{draft}</think>",
            "<thinking>\n{draft}\n</thinking>\n",
            '<reasoning effort="high">{half}</reasoning>',
            "{draft}\nNo.\n</think>\n\n",
            "Okay. {half}\nHmm, {{no}}: start again.\n</thought>\n",
            "[THINK]{half}[/THINK]",
            "◁think▷{half}◁/think▷",
            "<|begin_of_thought|>{half}<|end_of_thought|>\n",
            f"{ANALYSIS}{{half}}<|end|><|start|>assistant<|channel|>final<|message|>",
            f"{ANALYSIS}{{draft}}<|end|><|start|>assistant{CALLING}",
            "analysisLet me see: {half} assistantfinal",
            "```thinking\n{half}\n```\n",
            "Thought: perhaps {draft}\n\nFinal answer:\n",
            "I first wrote\n```json\n{draft}\n```\nbut it should be\n",
            "<scratchpad>{draft}</scratchpad><think>{half}</think>",
        ],
    )
    @pytest.mark.parametrize("wrapping", ["{answer}", "```json\n{answer}\n```"])
    async def test_they_are_not_the_answer(
        self, store: CallStore, thoughts: str, wrapping: str
    ) -> None:
        reply = thoughts.format(draft=DRAFT, half=HALF_DRAFT) + wrapping.format(answer=ANSWER)
        async with ModelServer([TextReply(content=reply)]) as server:
            assert await person(store, server) == ADA_PERSON
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "thoughts",
        [
            f"<think>{DRAFT} hmm",
            f"<|channel|>analysis<|message|>{DRAFT}",
            f"[THINK] {DRAFT}",
            f"<reasoning>\n{HALF_DRAFT}",
            f"```reasoning\n{DRAFT}",
        ],
    )
    @pytest.mark.parametrize("finish", ["length", "stop"])
    async def test_a_thought_without_an_end_is_no_answer(
        self, store: CallStore, thoughts: str, finish: str
    ) -> None:
        reply = TextReply(content=thoughts, finish_reason=finish, times=None)
        async with ModelServer([reply]) as server:
            with pytest.raises((AnswerTooLong, InvalidAnswer)) as ended:
                await person(store, server)
        if finish == "length":
            assert "8192 tokens on thinking" in str(ended.value)
            assert len(server.requests) == 1
        else:
            assert len(server.requests) == 3

    @pytest.mark.parametrize("mark", ["<think>", "</think>", "[/THINK]", "<|channel|>final"])
    @pytest.mark.parametrize("prose", ["", "Here it is: ", "```json\n"])
    async def test_a_mark_inside_the_answer_is_content(
        self, store: CallStore, mark: str, prose: str
    ) -> None:
        answer = json.dumps({"name": f"a {mark} b", "age": 1})
        async with ModelServer([TextReply(content=prose + answer)]) as server:
            assert (await person(store, server)).name == f"a {mark} b"

    @pytest.mark.parametrize(
        "remark",
        ["\n\nI could also send {} instead.", '\n\nSee {"kind": "other", "size": [1, 2]}.', " [1]"],
    )
    async def test_a_remark_after_the_answer_is_none(self, store: CallStore, remark: str) -> None:
        async with ModelServer([TextReply(content=ANSWER + remark)]) as server:
            assert await person(store, server) == ADA_PERSON

    async def test_an_attempt_that_does_not_fit_is_never_replaced_by_a_draft_that_does(
        self, store: CallStore
    ) -> None:
        wrong = TextReply(content=f'{DRAFT}\nNo: {{"name": "Ada", "age": -36}}')
        async with ModelServer([wrong, JsonReply(value=ADA)]) as server:
            assert await person(store, server) == ADA_PERSON
        assert "age: Input should be greater" in asked_for(server)[1]


class TestPlacesOfTheAnswer:
    """Wherever a server puts the answer, it is found with the first call."""

    @pytest.mark.parametrize(
        "message",
        [
            said(None, tool_calls=[{"type": "function", "function": {"arguments": ANSWER}}]),
            said("", tool_calls=[{"function": {"name": "who", "arguments": ADA}}]),
            said(
                "I call the function with {its} arguments.",
                tool_calls=[{"id": "1", "type": "function", "function": {"arguments": ANSWER}}],
            ),
            said(None, function_call={"name": "who", "arguments": ANSWER}),
            said([{"type": "text", "text": ANSWER[:9]}, {"type": "text", "text": ANSWER[9:]}]),
            said([{"type": "thinking", "thinking": DRAFT}, {"type": "text", "text": ANSWER}]),
            said([ANSWER]),
            said(ADA),
            said(json.dumps(ANSWER)),
            said(f"\ufeff{ANSWER}"),
            said(json.dumps([ADA])),
            said(json.dumps({"name": "who", "arguments": ADA})),
            said(json.dumps({"answer": ANSWER})),
            said('{name: "Ada", \'age\': 36, "notes": [],}'),
            said(ANSWER, reasoning_content=DRAFT, refusal=None),
            said(ANSWER, reasoning=DRAFT, refusal=""),
        ],
    )
    async def test_it_is_found(self, store: CallStore, message: dict[str, Any]) -> None:
        async with ModelServer([body(message)]) as server:
            assert await person(store, server) == ADA_PERSON
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "usage",
        [
            None,
            {},
            [],
            {"prompt_tokens": None, "completion_tokens": None, "prompt_tokens_details": None},
            {"prompt_tokens": "many", "completion_tokens": -3},
        ],
    )
    async def test_what_is_not_counted_is_estimated(self, store: CallStore, usage: object) -> None:
        async with ModelServer([body(said(ANSWER), usage=usage)]) as server:
            router = router_to(server.base_url, store)
            used = (await router.complete(question(ORGANISATION), Person)).usage
        assert used.calls == 1
        assert (used.input_tokens > 10, used.output_tokens > 10) == (True, True)

    @pytest.mark.parametrize(
        "usage",
        [
            {"prompt_tokens": "11", "completion_tokens": "7"},
            {"prompt_tokens": 11.0, "completion_tokens": 7.0},
            {"input_tokens": 11, "output_tokens": 7},
        ],
    )
    async def test_a_count_in_other_words_counts(self, store: CallStore, usage: object) -> None:
        async with ModelServer([body(said(ANSWER), usage=usage)]) as server:
            router = router_to(server.base_url, store)
            used = (await router.complete(question(ORGANISATION), Person)).usage
        assert (used.input_tokens, used.output_tokens) == (11, 7)


class TestRefusals:
    """A refusal ends the call with the model's words, and asking again does not ask the server."""

    @pytest.mark.parametrize(
        "message",
        [
            said(None, refusal="I can't help with that."),
            said("", refusal="I can't help with that."),
            said([{"type": "refusal", "refusal": "I can't help with that."}]),
            {"role": "assistant", "refusal": "I can't help with that."},
        ],
    )
    async def test_it_is_said_in_the_models_words_after_one_call(
        self, store: CallStore, message: dict[str, Any]
    ) -> None:
        async with ModelServer([body(message)]) as server:
            for _ in range(2):
                with pytest.raises(ModelRefused, match="can't help with that"):
                    await person(store, server, key="refused")
        assert len(server.requests) == 1

    async def test_a_filter_passes_the_models_words_on(self, store: CallStore) -> None:
        reply = body(said(None, refusal="Not that."), "content_filter")
        async with ModelServer([reply]) as server:
            with pytest.raises(ContentFiltered, match=r"Not that\."):
                await person(store, server)


class TestErrorsUnderStatus200:
    """They are the provider's: tried again, logged with their words, and charged to nobody."""

    @pytest.mark.parametrize(
        ("reply", "words"),
        [
            (raw({"error": {"message": "Provider returned error", "code": 502}}), "Provider ret"),
            (raw({"error": "upstream overloaded"}), "upstream overloaded"),
            (raw({"error": {"type": "overloaded_error", "message": "busy"}}), "busy"),
            (raw({"detail": "the engine is starting"}), "the engine is starting"),
            (raw({"object": "error", "message": "worker died", "code": 50001}), "worker died"),
            (raw({"id": "x", "choices": [], "usage": None}), "holds no answer"),
            (raw({"id": "x", "choices": None}), "holds no answer"),
            (raw({"id": "x", "choices": [None]}), "holds no answer"),
            (raw([]), "no chat completion"),
            (
                raw(
                    {
                        "choices": [
                            {
                                "finish_reason": "error",
                                "error": {"message": "stream closed", "code": 504},
                                "message": {"content": ""},
                            }
                        ]
                    }
                ),
                "stream closed",
            ),
        ],
    )
    async def test_they_pass(
        self, reply: RawReply, words: str, caplog: pytest.LogCaptureFixture, organisation_id: UUID
    ) -> None:
        memory, run = MemoryCallStore(), uuid4()
        await memory.open_budget(organisation_id, run, limit_usd=None)
        async with ModelServer([reply, JsonReply(value=ADA)]) as server:
            with caplog.at_level(logging.WARNING, "quantumlayer.router"):
                router = router_to(server.base_url, memory)
                asked = question(organisation_id, run_id=run)
                completion = await router.complete(asked, Person)

        assert completion.value == ADA_PERSON
        assert words in caplog.text
        assert [call.state for call in await memory.calls(organisation_id, run)] == [
            "failed",
            "completed",
        ]
        budget = await memory.budget(organisation_id, run)
        assert budget is not None
        assert budget.spent.tokens == 18

    @pytest.mark.parametrize("reply", [body(said(""), "error"), body(said(None), None)])
    async def test_what_the_provider_counted_all_the_same_is_paid(
        self, reply: RawReply, organisation_id: UUID
    ) -> None:
        memory, run = MemoryCallStore(), uuid4()
        await memory.open_budget(organisation_id, run, limit_usd=None)
        async with ModelServer([reply, JsonReply(value=ADA)]) as server:
            asked = question(organisation_id, run_id=run)
            completion = await router_to(server.base_url, memory).complete(asked, Person)

        assert completion.value == ADA_PERSON
        states = [call.state for call in await memory.calls(organisation_id, run)]
        assert states == ["broken", "completed"]
        budget = await memory.budget(organisation_id, run)
        assert budget is not None
        assert budget.spent.tokens == completion.usage.input_tokens + 14 == 36

    async def test_their_words_are_the_last_that_is_said(self, store: CallStore) -> None:
        reply = raw({"error": {"message": "Provider returned error", "code": 502}})
        async with ModelServer([reply.model_copy(update={"times": None})]) as server:
            with pytest.raises(ProviderUnavailable, match="Provider returned error"):
                await person(store, server)
        assert len(server.requests) == 3

    async def test_an_empty_error_beside_an_answer_is_none(self, store: CallStore) -> None:
        async with ModelServer([body(said(ANSWER), error={"message": "", "code": None})]) as server:
            assert await person(store, server) == ADA_PERSON


class TestCutOffWithoutAWord:
    """`stop` is not believed of an answer that has no end."""

    LONG = json.dumps({"name": "Ada", "age": 36, "notes": [f"note {n}" for n in range(40)]})

    @pytest.mark.parametrize("finish", ["stop", "eos_token", None])
    @pytest.mark.parametrize("start", ["", "```json\n", "Sure! ", "<think>short {</think>"])
    async def test_the_rest_is_asked_for(
        self, store: CallStore, finish: str | None, start: str
    ) -> None:
        half, rest = self.LONG[:200], self.LONG[200:]
        replies = [body(said(start + half), finish), body(said(rest))]
        async with ModelServer(replies) as server:
            assert len((await person(store, server)).notes) == 40
        assert "very next character" in asked_for(server)[1]

    async def test_a_model_that_starts_anew_is_understood(self, store: CallStore) -> None:
        anew = json.dumps(json.loads(self.LONG), indent=3)
        replies = [TextReply(content=self.LONG[:90]), TextReply(content=f"```json\n{anew}\n```")]
        async with ModelServer(replies) as server:
            assert len((await person(store, server)).notes) == 40

    async def test_what_has_no_end_after_that_is_asked_for_again(self, store: CallStore) -> None:
        replies = [TextReply(content='{"name": "Ada", "age": ', times=2), JsonReply(value=ADA)]
        async with ModelServer(replies) as server:
            assert await person(store, server) == ADA_PERSON
        assert "stops before its end" in asked_for(server)[2]
