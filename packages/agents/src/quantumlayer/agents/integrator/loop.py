"""One turn of the loop: what the model is asked, and what it is told afterwards."""

from collections.abc import Sequence

from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.integrator.calls import Finish, definitions
from quantumlayer.agents.integrator.observing import Observation
from quantumlayer.agents.integrator.reading import Call, Refused
from quantumlayer.agents.integrator.stuck import seen_of, stuck
from quantumlayer.agents.integrator.transcript import Transcript
from quantumlayer.router import AnswerTooLong, Message, Profile, ToolCallPart

TASK = "integrate"
_MALFORMED_IN_A_ROW = 3
_FEW = 10
NO_CALL = (
    "Your message used no tool. Go on until the project holds: use a tool, or `finish` when it "
    "does."
)


async def take_turn(
    conversation: Conversation, transcript: Transcript, profile: Profile
) -> Transcript:
    """The transcript with the model's next message; its key is the number of the turn.

    A turn that fits no limit is told to the model like one that cannot be read.
    """
    fitting = transcript.within(profile.context_window)
    tools = definitions(profile.edit_dialect) if profile.tools else ()
    coming = fitting.model_copy(update={"turns": fitting.turns + 1})
    step = Step("integrator", TASK, coming.key)
    try:
        turn = await conversation.turn(step, fitting.shown(), tools)
    except AnswerTooLong as error:
        said = Message(role="user", content=f"{error}. Write long code as blocks, in parts.")
        return coming.saying(said)
    return fitting.answered(turn.message if tools else _in_words(turn.message))


def _in_words(message: Message) -> Message:
    """A turn without calls of tools that nobody offered: what they give could not be sent back."""
    words = tuple(part for part in message.parts if not isinstance(part, ToolCallPart))
    return message.model_copy(update={"content": words})


def wants_to_finish(calls: Sequence[Call | Refused]) -> bool:
    """Whether one of the calls is the wish to finish."""
    return any(isinstance(one, Call) and isinstance(one.arguments, Finish) for one in calls)


def observed(
    transcript: Transcript,
    calls: Sequence[Call | Refused],
    observations: Sequence[Observation],
    *,
    steps_left: int,
) -> Transcript:
    """The transcript after a turn's calls were made, with what the loop makes of it.

    Where the model wants to finish, what came of the others waits for what the platform says.
    """
    is_unread = transcript.last is None
    counted = _counted(
        transcript.model_copy(update={"steps": transcript.steps + max(1, len(calls))}),
        malformed=is_unread or (bool(calls) and all(isinstance(one, Refused) for one in calls)),
    ).remembering(seen_of(calls, observations))
    counted, nudge = _nudged(counted)
    if wants_to_finish(calls):
        return counted.model_copy(update={"pending": tuple(observations)})
    notes = ("" if calls or is_unread else NO_CALL, nudge, _left(steps_left))
    return counted.observed(observations, "\n\n".join(filter(None, notes)))


def verified(transcript: Transcript, evidence: str) -> Transcript:
    """The transcript with the platform's answer to the wish to finish: it is not granted."""
    answered = [
        one.model_copy(update={"text": evidence, "failed": True}) if one.tool == "finish" else one
        for one in transcript.pending
    ]
    return transcript.model_copy(update={"pending": ()}).observed(answered)


def _counted(transcript: Transcript, *, malformed: bool) -> Transcript:
    in_a_row = transcript.malformed + 1 if malformed else 0
    stopped = transcript.stopped
    if in_a_row >= _MALFORMED_IN_A_ROW:
        stopped = f"the model made {in_a_row} calls in a row that could not be read"
    return transcript.model_copy(update={"malformed": in_a_row, "stopped": stopped})


def _nudged(transcript: Transcript) -> tuple[Transcript, str]:
    """A word to a loop that leads nowhere; the second time it is stopped."""
    why = stuck(transcript.seen)
    if not why:
        return transcript, ""
    if transcript.nudged:
        return transcript.model_copy(update={"stopped": f"it went nowhere: {why}"}), ""
    nudge = (
        f"This leads nowhere: {why}. Take another approach: read what you have not read, change "
        "the plan, or mend something else first."
    )
    return transcript.model_copy(update={"nudged": True, "seen": ()}), nudge


def _left(steps: int) -> str:
    return f"Steps left: {steps}." if steps <= _FEW or steps % _FEW == 0 else ""
