"""What the loop makes of a turn: steps, nudges, ends, and the answer to a wish to finish."""

from collections.abc import Sequence
from uuid import uuid4

from quantumlayer.agents import Conversation
from quantumlayer.agents.integrator import (
    Call,
    Finish,
    Observation,
    Refused,
    Run,
    Transcript,
    observed,
    take_turn,
    verified,
)
from quantumlayer.router import (
    FixedPrices,
    MemoryCallStore,
    Message,
    Profile,
    ProviderDirectory,
    Router,
    ToolCallPart,
    ToolResultPart,
)
from quantumlayer.router.deltas import Finished, TextDelta, ToolCallDelta
from tests.support.scripted_provider import Piece, ScriptedProvider

OPENING = (Message(role="system", content="You mend."), Message(role="user", content="The tree."))
LIST = Call("run", Run(command="ls"), "c0")
FINISH = Call("finish", Finish(), "c1")
WORDS = (TextDelta("a"), Finished("stop"))
HALF = ToolCallDelta(index=0, id="c0", name="run", arguments='{"command": "l')
BAD = Refused("run", "its arguments are no JSON object", "c0")


def turned(
    transcript: Transcript, calls: Sequence[Call | Refused], text: str = "a", left: int = 33
) -> Transcript:
    """The transcript after one more turn with these calls, each of which gives `text`."""
    parts = [ToolCallPart(id=one.id or "", name=one.tool, arguments="{}") for one in calls]
    said = transcript.answered(Message(role="assistant", content=tuple(parts)))
    observations = [
        Observation(tool=one.tool, text=text, id=one.id, failed=isinstance(one, Refused))
        for one in calls
    ]
    return observed(said, calls, observations, steps_left=left)


async def taken(*pieces: Piece, **facts: object) -> tuple[Transcript, list[str]]:
    """The transcript after a turn of these pieces, and the tools that were offered for it."""
    provider, store = ScriptedProvider([pieces]), MemoryCallStore()
    organisation, run = uuid4(), uuid4()
    await store.open_budget(organisation, run, limit_usd=None)

    async def profiles(_model: str) -> Profile:
        return Profile.model_validate(facts)

    router = Router(
        ProviderDirectory({"openai/scripted": provider}),
        store,
        FixedPrices({}),
        profiles=profiles,
    )
    conversation = Conversation(router, organisation, run, "openai/scripted")
    transcript = await take_turn(conversation, start(), await profiles(""))
    return transcript, [one.name for one in provider.asked[0].tools]


async def test_tools_are_offered_by_what_a_model_can_and_writes_best() -> None:
    _, usual = await taken(*WORDS)
    _, patching = await taken(*WORDS, edit_dialect="apply_patch")
    _, none = await taken(*WORDS, tools=False)
    assert (set(patching) - set(usual), none) == ({"apply_patch"}, [])
    assert {"run", "edit", "finish"} <= set(usual)


async def test_a_call_that_nobody_offered_is_not_sent_back() -> None:
    after, _ = await taken(HALF, Finished("tool_calls"), tools=False)
    assert after.last is not None
    assert after.last.text == "(nothing)"


async def test_a_turn_that_fits_no_limit_is_told_and_counts_as_one_that_cannot_be_read() -> None:
    after, _ = await taken(HALF, Finished("length"))
    assert (after.turns, after.last) == (1, None)
    assert "can write. Write long code as blocks" in after.shown()[-1].text
    assert observed(after, (), (), steps_left=9).malformed == 1


def start() -> Transcript:
    return Transcript(opening=OPENING)


def test_every_call_is_a_step_and_so_is_a_turn_without_one() -> None:
    after = turned(turned(turned(start(), [LIST, BAD]), []), [LIST])
    assert (after.steps, after.turns) == (4, 3)


def test_a_turn_without_a_call_is_told_to_go_on() -> None:
    after = turned(start(), [])
    assert "used no tool" in after.shown()[-1].text


def test_three_turns_in_a_row_that_cannot_be_read_end_it() -> None:
    twice = turned(turned(start(), [BAD], "x"), [BAD], "y")
    assert twice.stopped == ""
    assert "could not be read" in turned(twice, [BAD], "z").stopped
    assert turned(turned(twice, [LIST]), [BAD], "z").stopped == ""


def test_who_goes_in_circles_is_nudged_once_and_then_stopped() -> None:
    transcript = start()
    for _ in range(4):
        assert "nowhere" not in transcript.shown()[-1].text
        transcript = turned(transcript, [LIST])
    assert "This leads nowhere" in transcript.shown()[-1].text
    for _ in range(4):
        assert transcript.stopped == ""
        transcript = turned(transcript, [LIST])
    assert transcript.stopped.startswith("it went nowhere")


def test_who_does_something_else_after_a_nudge_goes_on() -> None:
    transcript = start()
    for _ in range(4):
        transcript = turned(transcript, [LIST])
    for number in range(8):
        transcript = turned(transcript, [Call("run", Run(command=f"cat {number}"), "c0")])
    assert transcript.stopped == ""


def test_few_steps_are_told() -> None:
    assert "Steps left: 7." in turned(start(), [LIST], left=7).shown()[-1].text
    assert turned(start(), [LIST], left=33).shown()[-1].role == "tool"


def test_a_wish_to_finish_waits_and_is_answered_with_what_else_was_called() -> None:
    waiting = turned(start(), [LIST, FINISH])
    assert (waiting.shown()[-1].role, len(waiting.pending)) == ("assistant", 2)

    answered = verified(waiting, "Not granted: failed.")

    results = [one for one in answered.shown()[-1].parts if isinstance(one, ToolResultPart)]
    assert [(one.call_id, one.failed) for one in results] == [("c0", False), ("c1", True)]
    assert results[1].text == "Not granted: failed."
    assert answered.pending == ()
