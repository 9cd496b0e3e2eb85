"""What was recorded is replayed exactly, and nothing else is made up."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import pytest

from quantumlayer.router import BadRequest, Message, ProviderRequest, ProviderTraits
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
from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.recordings import NotATape, RecordingProvider, ReplayingProvider, Tape

EVERYTHING: tuple[Delta, ...] = (
    Named(model="m-1", id="x"),
    ReasoningDelta("thought", signature="s"),
    ReasoningDelta(sealed="sealed"),
    TextDelta("Grüße\n\u2028"),
    TextDelta(""),
    ToolCallDelta(0, "c1", "weather", '{"city": "Paris"}'),
    RefusalDelta("no"),
    UsageDelta(TokenUsage(11, 7, 4, 2, 3, Decimal("0.000000000001"))),
    Finished("tool_calls", "tool_calls"),
)


class Scripted:
    """Answers with each of its replies in turn; an exception in one is raised there."""

    name = "scripted"
    traits = ProviderTraits()

    def __init__(self, *replies: tuple[Delta | Exception, ...]) -> None:
        self.replies = list(replies)

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        assert request.task == "greet"
        for piece in self.replies.pop(0):
            if isinstance(piece, Exception):
                raise piece
            yield piece


def asked(**more: object) -> ProviderRequest:
    values: dict[str, object] = {
        "task": "greet",
        "model": "openai/m",
        "messages": (Message(role="user", content="Hello"),),
        "input": {},
        "json_schema": None,
        "max_output_tokens": 100,
        "timeout_seconds": 10,
    }
    return ProviderRequest.model_validate({**values, **more})


async def all_of(
    provider: Scripted | RecordingProvider | ReplayingProvider, request: ProviderRequest
) -> list[Delta]:
    return [piece async for piece in provider.stream(request)]


async def test_a_replayed_reply_is_the_recorded_one_to_the_last_piece(tmp_path: Path) -> None:
    recorder = RecordingProvider(Scripted((Alive(), *EVERYTHING)), Tape(tmp_path))
    assert await all_of(recorder, asked()) == [Alive(), *EVERYTHING]
    replayer = ReplayingProvider(Tape(tmp_path), name="scripted")
    assert await all_of(replayer, asked()) == list(EVERYTHING)


async def test_the_same_question_gets_its_answers_in_their_order(tmp_path: Path) -> None:
    one, two = (TextDelta("one"),), (TextDelta("two"),)
    recorder = RecordingProvider(Scripted(one, two), Tape(tmp_path))
    for _ in range(2):
        await all_of(recorder, asked())
    replayer = ReplayingProvider(Tape(tmp_path), name="scripted")
    heard = [await all_of(replayer, asked()) for _ in range(3)]
    assert heard == [list(one), list(two), list(two)]


@pytest.mark.parametrize(
    "changed",
    [
        {"messages": (Message(role="user", content="Bye"),)},
        {"model": "openai/n"},
        {"max_output_tokens": 200},
        {"json_schema": {"type": "object"}},
        {"temperature": 1.0},
    ],
)
async def test_another_question_is_refused_and_never_answered_with_what_is_near(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    await all_of(RecordingProvider(Scripted(EVERYTHING), Tape(tmp_path)), asked())
    replayer = ReplayingProvider(Tape(tmp_path), name="scripted")
    with pytest.raises(BadRequest, match="nothing was recorded for this question of 'greet'"):
        await all_of(replayer, asked(**changed))


async def test_limits_of_time_do_not_make_another_question(tmp_path: Path) -> None:
    await all_of(RecordingProvider(Scripted(EVERYTHING), Tape(tmp_path)), asked())
    replayer = ReplayingProvider(Tape(tmp_path), name="scripted")
    later = asked(timeout_seconds=99, silence_seconds=3, cache_key="run-2")
    assert await all_of(replayer, later) == list(EVERYTHING)


async def test_a_reply_that_broke_off_is_not_recorded(tmp_path: Path) -> None:
    broken = Scripted((TextDelta("half"), ProviderUnavailable("gone")))
    with pytest.raises(ProviderUnavailable):
        await all_of(RecordingProvider(broken, Tape(tmp_path)), asked())
    assert Tape(tmp_path).names() == ()


def test_a_file_that_is_no_recording_is_named(tmp_path: Path) -> None:
    tape = Tape(tmp_path)
    tape.add(asked(), EVERYTHING)
    [name] = tape.names()
    (tmp_path / f"{name}.json").write_text('{"replies": [[{"kind": "Nonsense"}]]}')
    with pytest.raises(NotATape, match=name):
        tape.replies(asked())
