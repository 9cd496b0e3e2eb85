"""One turn of a conversation: the whole message that a model says, its calls of tools included.

A turn's reply is stored as its parts, in JSON, where a typed answer's is stored as its words. What
is cut off in words is gone on from; a call of a tool that is cut off is neither run nor sent back,
since half of one is refused for ever: the turn is asked for again, with more room.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter

from quantumlayer.router.calls import CallSequence
from quantumlayer.router.deltas import FinishReason
from quantumlayer.router.errors import (
    AnswerTooLong,
    ContentFiltered,
    ModelRefused,
    ReasoningAteTheCap,
)
from quantumlayer.router.gathering import Gathered
from quantumlayer.router.messages import (
    Message,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolDefinition,
)
from quantumlayer.router.nouns import CompletionRequest, Usage
from quantumlayer.router.pricing import estimate_input_tokens
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import AnswerForm, ProviderRequest, ToolChoice
from quantumlayer.router.receiving import storable
from quantumlayer.router.stitching import rejoined
from quantumlayer.router.store import StoredReply
from quantumlayer.router.thoughts import without_leading_thought

_log = logging.getLogger(__name__)
_WORDS_SHOWN = 1000
_CONTINUE = (
    "Your message was cut off. Continue it at the very next character. Repeat nothing, explain "
    "nothing."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the model said, what that took, and the id of the stored reply that ended it.

    `cut_off`: it may have wanted to say more, and says so no longer.
    """

    message: Message
    usage: Usage
    call_id: UUID
    cut_off: bool = False


class _Kept(BaseModel):
    """A reply as it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[Part, ...] = ()


_TOOLS: TypeAdapter[tuple[ToolDefinition, ...]] = TypeAdapter(tuple[ToolDefinition, ...])


def tools_text(tools: tuple[ToolDefinition, ...]) -> str:
    """The tools as the part of a turn's question that they are."""
    return json.dumps(["turn", _TOOLS.dump_python(tools, mode="json")], sort_keys=True)


def parts_of(gathered: Gathered, _asked: ProviderRequest) -> tuple[str, FinishReason | None]:
    """A reply's parts as they are stored; the words of a refusal where there are no others."""
    kept = _Kept(parts=tuple(map(_storable, gathered.parts)))
    if gathered.finished is None:
        return kept.model_dump_json(), None
    reason = gathered.finished.reason
    spoken = any(not isinstance(part, ReasoningPart) for part in kept.parts)
    if spoken or not gathered.refusal:
        return kept.model_dump_json(), reason
    words = _Kept(parts=(TextPart(text=storable(gathered.refusal)),))
    return words.model_dump_json(), reason if reason == "content_filter" else "refusal"


class TurnTaking:
    """Asks for one turn."""

    def __init__(
        self,
        request: CompletionRequest,
        tools: tuple[ToolDefinition, ...],
        calls: CallSequence,
        profile: Profile,
    ) -> None:
        self._request = request
        self._tools = tools
        self._calls = calls
        self._cap = request.limits.max_output_tokens
        self._most = max(profile.output_cap, self._cap)

    async def take(self) -> Turn:
        """The whole turn. Raises what the provider says, and AnswerTooLong."""
        said: tuple[Part, ...] = ()
        left = self._request.limits.continuations
        while True:
            reply, parts = await self._reply(said)
            parts = _joined(said, parts)
            cut = reply.broken or reply.finish_reason == "length"
            calls = [part for part in parts if isinstance(part, ToolCallPart)]
            if not cut or (calls and _is_whole(calls[-1])):
                return self._turn(reply, parts)
            if calls or not _words(parts).strip():
                # Nothing of it can be gone on from.
                said = ()
                self._allow_more(reply, thought=not calls)
            elif reply.broken or left > 0:
                left -= 0 if reply.broken else 1
                said = parts
            else:
                return self._turn(reply, parts, cut_off=True)

    def _turn(self, reply: StoredReply, parts: tuple[Part, ...], *, cut_off: bool = False) -> Turn:
        message = Message(role="assistant", content=parts)
        return Turn(message, self._calls.usage(), reply.call_id, cut_off)

    def _allow_more(self, reply: StoredReply, *, thought: bool) -> None:
        """Doubles the limit that a reply used up; raises at the end. One that broke had its own."""
        if reply.broken:
            return
        if self._cap >= self._most:
            raise self._thought() if thought else self._too_long()
        self._cap = min(2 * self._cap, self._most)
        _log.warning(
            "%s was cut off in mid-turn for %s; asking again with %d output tokens",
            reply.model,
            self._request.task,
            self._cap,
        )

    def _thought(self) -> AnswerTooLong:
        return ReasoningAteTheCap(
            f"{self._request.model!r} used up its output limit of {self._cap} tokens before its "
            f"turn for {self._request.task!r} began; allow more output tokens "
            "(QL_MODEL_MAX_OUTPUT_TOKENS) or less effort (QL_MODEL_EFFORT)"
        )

    def _too_long(self) -> AnswerTooLong:
        return AnswerTooLong(
            f"a call of a tool was cut off after {self._cap} output tokens, the most that "
            f"{self._request.model!r} can write"
        )

    async def _reply(self, said: tuple[Part, ...]) -> tuple[StoredReply, tuple[Part, ...]]:
        messages = self._request.messages
        if said:
            begun = Message(role="assistant", content=said)
            messages = (*messages, begun, Message(role="user", content=_CONTINUE))
        form: AnswerForm = "continuation" if said else "whole"
        estimate = estimate_input_tokens(messages, tools_text(self._tools))
        reply = await self._calls.next(self._asked(messages, form), estimate)
        parts = tuple(map(_spoken, _Kept.model_validate_json(reply.text).parts))
        words = _words(parts).strip()[:_WORDS_SHOWN]
        if reply.finish_reason == "refusal":
            raise ModelRefused(f"the model refused: {words}")
        if reply.finish_reason == "content_filter":
            raise ContentFiltered(
                f"the content filter of {reply.provider} withheld the turn for "
                f"{self._request.task!r}{': ' if words else ''}{words}"
            )
        return reply, parts

    def _asked(self, messages: tuple[Message, ...], form: AnswerForm) -> ProviderRequest:
        request, limits = self._request, self._request.limits
        run = None if request.run_id is None else str(request.run_id)
        return ProviderRequest(
            task=request.task,
            model=request.model,
            messages=messages,
            input=request.input,
            json_schema=None,
            form=form,
            tools=self._tools,
            tool_choice=ToolChoice() if self._tools else None,
            max_output_tokens=self._cap,
            effort=request.effort,
            temperature=request.temperature,
            cache_key=request.cache_key or run,
            timeout_seconds=limits.timeout_seconds,
            silence_seconds=limits.silence_seconds,
            first_token_seconds=limits.first_token_seconds,
            run=run,
        )


def _joined(said: Sequence[Part], more: Sequence[Part]) -> tuple[Part, ...]:
    """One message of a beginning and what continues it; thoughts on how to go on are left out."""
    if not said:
        return tuple(more)
    kept = [part for part in said if isinstance(part, ReasoningPart)]
    words = rejoined(_words(said), _words(more))
    calls = [part for part in more if isinstance(part, ToolCallPart)]
    return (*kept, TextPart(text=words), *calls)


def _spoken(part: Part) -> Part:
    """Words without the thought that servers leave in front of them."""
    if not isinstance(part, TextPart):
        return part
    return TextPart(text=without_leading_thought(part.text))


def _words(parts: Iterable[Part]) -> str:
    return "".join(part.text for part in parts if isinstance(part, TextPart))


def _is_whole(call: ToolCallPart) -> bool:
    """Whether its arguments are a whole object, so that nothing of them was cut off."""
    try:
        return isinstance(json.loads(call.arguments), dict)
    except ValueError:
        return False


def _storable(part: Part) -> Part:
    said = {name: storable(value) for name, value in part if isinstance(value, str)}
    return part.model_copy(update=said)
