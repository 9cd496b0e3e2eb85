"""The integrator's conversation: it only grows, and what is old of it is shown in brief.

Showing less breaks what a provider has cached of the conversation, so it is done seldom and in big
steps; nothing is summarised.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from quantumlayer.agents.integrator.calls import Outcome
from quantumlayer.agents.integrator.observing import Observation
from quantumlayer.agents.integrator.stuck import WINDOW, Seen
from quantumlayer.router import (
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)

_CHARACTERS_A_TOKEN = 3
# Of the room that a model has: when old observations are left out, and down to what.
_FULL, _EMPTIED = 0.6, 0.3
_MOST_CHARACTERS = 600_000


class Entry(BaseModel):
    """A message, and what is said in its place when it is old."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: Message
    brief: Message | None = None


class Transcript(BaseModel):
    """All that was said so far, and what the loop has to remember of it.

    `opening` are the messages that never change. Of `entries` the first `masked` are shown in
    brief. `steps` were made in `turns`; `malformed` is how many turns in a row held nothing but
    calls that could not be read, `failing` how often edits of a file were refused in a row.
    `pending` is what came of the last turn's calls while its wish to finish waits. `stopped` says
    why the loop ends by itself, for people. `name` tells the loop from others of its run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: tuple[Message, ...] = ()
    entries: tuple[Entry, ...] = ()
    masked: int = 0
    seen: tuple[Seen, ...] = ()
    nudged: bool = False
    malformed: int = 0
    steps: int = 0
    turns: int = 0
    plan: tuple[Outcome, ...] = ()
    failing: dict[str, int] = Field(default_factory=dict)
    pending: tuple[Observation, ...] = ()
    stopped: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """What names the last turn in its run."""
        return "/".join(filter(None, (self.name, f"turn-{self.turns}")))

    @property
    def last(self) -> Message | None:
        """What the model said last; None where it has said nothing since."""
        entry = self.entries[-1] if self.entries else None
        return entry.message if entry and entry.message.role == "assistant" else None

    def shown(self) -> tuple[Message, ...]:
        """The conversation as the model gets it; the last message is marked for its cache."""
        messages = [
            entry.brief if entry.brief is not None and place < self.masked else entry.message
            for place, entry in enumerate(self.entries)
        ]
        *before, last = (*self.opening, *messages)
        return (*before, last.model_copy(update={"cache_until_here": True}))

    def saying(self, *messages: Message) -> "Transcript":
        """The transcript with more at its end."""
        return self._with(entries=(*self.entries, *(Entry(message=one) for one in messages)))

    def answered(self, message: Message) -> "Transcript":
        """The transcript with a turn of the model's."""
        entries = (*self.entries, Entry(message=_sendable(message)))
        return self._with(entries=entries, turns=self.turns + 1)

    def observed(self, observations: Sequence[Observation], note: str = "") -> "Transcript":
        """The transcript with what came of the last turn's calls, and a note behind it."""
        entries: list[Entry] = []
        native = [one for one in observations if one.id is not None]
        if native:
            whole, brief = (
                Message(role="tool", content=tuple(_result(one, text) for one, text in texts))
                for texts in (
                    [(one, one.shown) for one in native],
                    [(one, one.brief) for one in native],
                )
            )
            entries.append(Entry(message=whole, brief=brief))
        blocks = [one for one in observations if one.id is None]
        if blocks or note:
            whole, brief = (
                Message(role="user", content="\n\n".join(filter(None, (*texts, note))))
                for texts in (
                    [_tagged(one, one.shown) for one in blocks],
                    [_tagged(one, one.brief) for one in blocks],
                )
            )
            entries.append(Entry(message=whole, brief=brief))
        return self._with(entries=(*self.entries, *entries))

    def remembering(self, seen: Seen) -> "Transcript":
        """The transcript in which a turn is remembered, as far back as anybody looks."""
        return self._with(seen=(*self.seen, seen)[-WINDOW:])

    def within(self, window: int) -> "Transcript":
        """The transcript as it fits into a context of `window` tokens, as far as it can."""
        room = min(window * _CHARACTERS_A_TOKEN, _MOST_CHARACTERS)
        if _size(self.shown()) <= room * _FULL:
            return self
        place, made = self.masked, self
        # What came last stays whole: the model has not answered it yet.
        while _size(made.shown()) > room * _EMPTIED and place < len(self.entries) - 1:
            place += 1
            made = self._with(masked=place)
        return made

    def _with(self, **changed: object) -> "Transcript":
        return self.model_copy(update=changed)


def _result(one: Observation, text: str) -> ToolResultPart:
    return ToolResultPart(call_id=one.id or "", text=text, failed=one.failed)


def _tagged(one: Observation, text: str) -> str:
    failed = ' failed="yes"' if one.failed else ""
    return f'<observation tool="{one.tool}"{failed}>\n{text}\n</observation>'


def _sendable(message: Message) -> Message:
    """A turn as it can be sent back: half a call would be refused for ever, as would no word."""
    parts: list[Part] = [
        part.model_copy(update={"arguments": "{}"})
        if isinstance(part, ToolCallPart) and not part.arguments.lstrip().startswith("{")
        else part
        for part in message.parts
    ]
    if not any(isinstance(part, TextPart | ToolCallPart) for part in parts):
        parts.append(TextPart(text="(nothing)"))
    return message.model_copy(update={"content": tuple(parts)})


def _size(messages: Sequence[Message]) -> int:
    return sum(_length(part) for message in messages for part in message.parts)


def _length(part: Part) -> int:
    if isinstance(part, ToolCallPart):
        return len(part.arguments)
    if isinstance(part, TextPart | ToolResultPart | ReasoningPart):
        return len(part.text)
    return 0
