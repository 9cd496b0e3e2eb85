"""The conversation only grows; what is old is shown in brief, in big steps."""

from quantumlayer.agents.integrator import Observation, Transcript
from quantumlayer.router import Message, ReasoningPart, TextPart, ToolCallPart, ToolResultPart

OPENING = (Message(role="system", content="You mend."), Message(role="user", content="The tree."))


def called(number: int, arguments: str = '{"path": "a"}') -> Message:
    parts = (
        ReasoningPart(text="hm", signature=f"proof {number}"),
        ToolCallPart(id=f"c{number}", name="read", arguments=arguments),
    )
    return Message(role="assistant", content=parts)


def came(number: int, text: str) -> Observation:
    return Observation(tool="read", text=text, id=f"c{number}")


def long(turns: int, size: int) -> Transcript:
    transcript = Transcript(opening=OPENING)
    for number in range(turns):
        transcript = transcript.answered(called(number))
        transcript = transcript.observed([came(number, f"{number}" * size)])
    return transcript


def test_it_only_grows_and_its_end_is_marked_for_the_cache() -> None:
    before = long(2, 50)
    after = before.answered(called(2)).observed([came(2, "x")])
    unmarked = [one.model_copy(update={"cache_until_here": False}) for one in before.shown()]
    assert [*after.shown()[: len(unmarked)]] == unmarked
    assert after.shown()[-1].cache_until_here
    assert after.turns == 3


def test_thoughts_and_their_proofs_are_given_back_as_they_came() -> None:
    transcript = Transcript(opening=OPENING).answered(called(7))
    assert transcript.shown()[-1].parts[0] == ReasoningPart(text="hm", signature="proof 7")


def test_results_of_native_calls_and_of_blocks_come_back_each_in_its_way() -> None:
    transcript = (
        Transcript(opening=OPENING)
        .answered(called(0))
        .observed([came(0, ""), Observation(tool="run", text="no", failed=True)], "Steps left: 3.")
    )
    tool, user = transcript.shown()[-2:]
    assert tool.parts == (ToolResultPart(call_id="c0", text="It said nothing."),)
    assert user.text == (
        '<observation tool="run" failed="yes">\nno\n</observation>\n\nSteps left: 3.'
    )


def test_half_a_call_and_an_empty_turn_are_never_sent_back() -> None:
    half = Transcript(opening=OPENING).answered(called(0, '"path": "a'))
    (_, call) = half.shown()[-1].parts
    assert isinstance(call, ToolCallPart)
    assert call.arguments == "{}"
    empty = Transcript(opening=OPENING).answered(Message(role="assistant", content=()))
    assert empty.shown()[-1].parts == (TextPart(text="(nothing)"),)


def test_a_long_observation_is_cut_in_its_middle() -> None:
    transcript = long(1, 12_000)
    (result,) = transcript.shown()[-1].parts
    assert isinstance(result, ToolResultPart)
    assert len(result.text) < 10_100
    assert "2000 characters were left out here" in result.text


def observation(message: Message) -> str:
    part = message.parts[0]
    assert isinstance(part, ToolResultPart)
    return part.text


def test_old_observations_are_left_out_in_one_big_step_and_then_not_again_for_long() -> None:
    transcript = long(20, 5_000)
    assert transcript.within(1_000_000) == transcript

    masked = transcript.within(40_000)

    assert masked.entries == transcript.entries, "nothing is lost"
    texts = [observation(one) for one in masked.shown() if one.role == "tool"]
    brief = [text for text in texts if "left out, as it is old: 5000 characters" in text]
    assert 8 < len(brief) < 20
    assert texts[-1] == "19" * 5_000
    more = masked.answered(called(20)).observed([came(20, "y" * 5_000)])
    assert more.within(40_000).masked == masked.masked


def test_calls_and_words_of_the_model_are_never_left_out() -> None:
    masked = long(20, 5_000).within(2_000)
    assert sum(one.role == "assistant" for one in masked.shown()) == 20
    assert observation(masked.shown()[-1]) == "19" * 5_000
