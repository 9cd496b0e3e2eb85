"""The scripted model server's streams in both formats, as our own readers read them."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from quantumlayer.router.deltas import Alive, Delta, TextDelta, TokenUsage
from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.messages import Message, ReasoningPart, ToolDefinition
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.litellm_door import litellm
from quantumlayer.router.transport.event_streams import Comment, EventStream, ServerEvent
from quantumlayer.router.wires import WIRES
from tests.support.model_server import (
    Break,
    CutOffReply,
    JsonReply,
    ModelServer,
    Pings,
    PoliteEnd,
    ScriptedCall,
    Silence,
    StreamError,
    TextReply,
)
from tests.support.wire_requests import SCHEMA, request


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as opened:
        yield opened


class Conversation:
    """A request on one of our wires, and its reply as it comes."""

    def __init__(self, wire: str, *said: Message, **more: Any) -> None:  # noqa: ANN401 - fields
        self._wire = WIRES[wire]
        self._request = request(*said, **more)
        self._profile = Profile(structured_output="json_object")
        self.reader = self._wire.reader(self._request)
        self.deltas: list[Delta] = []
        self.gathered = Gathered()

    async def __call__(self, client: httpx.AsyncClient, server: ModelServer) -> Gathered:
        asked = self._wire.body(self._request, self._profile)
        url = f"{server.base_url}{self._wire.path}"
        events = EventStream()
        async with client.stream("POST", url, json=asked) as response:
            async for chunk in response.aiter_raw():
                for event in events.feed(chunk):
                    self._take(event)
        return self.gathered

    def _read(self, event: ServerEvent) -> Iterable[Delta]:
        return self.reader.event(event.name, event.data)

    def _take(self, event: ServerEvent | Comment) -> None:
        for delta in (
            (Alive(),) if isinstance(event, Comment) else self.reader.event(event.name, event.data)
        ):
            self.deltas.append(delta)
            self.gathered.add(delta)


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
class TestStreams:
    """What a script says, comes; what goes wrong on the way, goes wrong there."""

    async def test_words_thoughts_calls_and_counts_come_in_pieces(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        reply = TextReply(
            content="I shall read it. " * 5,
            reasoning="Which file was it? " * 5,
            signature="proof",
            tool_calls=(
                ScriptedCall(name="read", arguments='{"path": "a"}'),
                ScriptedCall(name="read", arguments='{"path": "b"}'),
            ),
            input_tokens=100,
            cached_tokens=64,
            output_tokens=50,
            reasoning_tokens=20,
        )
        read = ToolDefinition(name="read", parameters={"type": "object"})
        conversation = Conversation(wire, tools=(read,))
        async with ModelServer([reply]) as server:
            gathered = await conversation(client, server)

        signature = "proof" if wire == "anthropic" else None
        assert gathered.text == reply.content
        assert gathered.reasoning == (ReasoningPart(text=reply.reasoning, signature=signature),)
        assert [(call.name, call.arguments) for call in gathered.tool_calls] == [
            ("read", '{"path": "a"}'),
            ("read", '{"path": "b"}'),
        ]
        assert len({call.id for call in gathered.tool_calls}) == 2
        assert gathered.usage == TokenUsage(
            input_tokens=100,
            output_tokens=50,
            cached_tokens=64,
            cache_written_tokens=0 if wire == "anthropic" else None,
            reasoning_tokens=20,
        )
        assert gathered.finished is not None
        assert gathered.finished.reason == "tool_calls"
        assert conversation.reader.ended
        assert sum(isinstance(delta, TextDelta) for delta in conversation.deltas) > 1

    async def test_an_answer_with_a_schema_comes_as_text(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        async with ModelServer([JsonReply(value={"name": "Ada"})]) as server:
            gathered = await Conversation(wire, json_schema=SCHEMA)(client, server)
            asked = server.requests[0].body
        assert json.loads(gathered.text) == {"name": "Ada"}
        assert ("tool_choice" in asked) is (wire == "anthropic")

    async def test_an_answer_that_was_cut_off_goes_on(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        async with ModelServer([CutOffReply(content="one two", cuts=(4,))]) as server:
            first = await Conversation(wire)(client, server)
            assert first.finished is not None
            assert first.finished.reason == "length"
            said = (Message(role="user", content="q"), Message(role="assistant", content="one "))
            rest = await Conversation(wire, *said)(client, server)
        assert (first.text, rest.text) == ("one ", "two")

    async def test_pings_are_signs_of_life(self, client: httpx.AsyncClient, wire: str) -> None:
        reply = TextReply(content="one two", on_the_way=(Pings(after=4, count=3),))
        conversation = Conversation(wire)
        async with ModelServer([reply]) as server:
            gathered = await conversation(client, server)
        words = conversation.deltas.index(TextDelta("one "))
        assert conversation.deltas[words + 1 : words + 5] == [*[Alive()] * 3, TextDelta("two")]
        assert gathered.text == "one two"

    async def test_silence_lasts_until_the_client_hangs_up(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        reply = TextReply(content="one two", on_the_way=(Silence(after=4),))
        conversation = Conversation(wire)
        async with ModelServer([reply]) as server:
            asking = asyncio.create_task(conversation(client, server))
            while conversation.gathered.text != "one ":  # noqa: ASYNC110 - its pieces are no events
                await asyncio.sleep(0.01)
            assert not asking.done()
            asking.cancel()
            await server.hung_up()
        assert conversation.gathered.finished is None

    async def test_a_pause_ends(self, client: httpx.AsyncClient, wire: str) -> None:
        pause = Silence(after=4, seconds=0.05)
        async with ModelServer([TextReply(content="one two", on_the_way=(pause,))]) as server:
            assert (await Conversation(wire)(client, server)).text == "one two"
            assert server.abandoned == 0

    async def test_an_error_in_mid_stream_comes_after_what_was_said(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        reply = TextReply(content="one two", on_the_way=(StreamError(after=4),))
        conversation = Conversation(wire)
        async with ModelServer([reply]) as server:
            with pytest.raises(ProviderUnavailable, match="Overloaded"):
                await conversation(client, server)
        assert conversation.gathered.text == "one "

    async def test_a_torn_stream_is_torn(self, client: httpx.AsyncClient, wire: str) -> None:
        reply = TextReply(content="one two", on_the_way=(Break(after=4),))
        conversation = Conversation(wire)
        async with ModelServer([reply]) as server:
            with pytest.raises(httpx.RemoteProtocolError):
                await conversation(client, server)
        assert not conversation.reader.ended

    async def test_a_polite_end_is_no_end(self, client: httpx.AsyncClient, wire: str) -> None:
        reply = TextReply(content="one two", on_the_way=(PoliteEnd(after=4),))
        conversation = Conversation(wire)
        async with ModelServer([reply]) as server:
            gathered = await conversation(client, server)
        assert gathered.text == "one "
        assert not conversation.reader.ended

    async def test_a_document_can_be_all_that_comes(
        self, client: httpx.AsyncClient, wire: str
    ) -> None:
        asked = WIRES[wire].body(request(), Profile())
        reader = WIRES[wire].reader(request())
        gathered = Gathered()
        reply = TextReply(content="one two", reasoning="Hm.", whole=True)
        async with ModelServer([reply]) as server:
            response = await client.post(f"{server.base_url}{WIRES[wire].path}", json=asked)
        for delta in reader.whole(response.json()):
            gathered.add(delta)
        assert response.headers["content-type"] == "application/json"
        assert (gathered.text, gathered.reasoning[0].text) == ("one two", "Hm.")


async def test_litellm_understands_its_anthropic_streams() -> None:
    reply = TextReply(content="word " * 20, reasoning="Hm.")
    async with ModelServer([reply]) as server:
        stream = await (await litellm()).acompletion(
            model="anthropic/claude-sonnet-4-5",
            messages=[{"role": "user", "content": "q"}],
            base_url=server.origin,
            api_key="none",
            stream=True,
            max_retries=0,
        )
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
    assert text == "word " * 20
