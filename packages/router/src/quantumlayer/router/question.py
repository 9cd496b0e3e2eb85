"""One question on its way to one whole text: what is cut off or breaks off is gone on from."""

import logging
from typing import get_args

from pydantic import BaseModel

from quantumlayer.router.asking import continued
from quantumlayer.router.calls import CallSequence
from quantumlayer.router.errors import (
    AnswerTooLong,
    ContentFiltered,
    ModelRefused,
    ReasoningAteTheCap,
)
from quantumlayer.router.formats import AnswerFormat
from quantumlayer.router.messages import Message
from quantumlayer.router.nouns import CompletionRequest
from quantumlayer.router.pricing import estimate_input_tokens
from quantumlayer.router.profiles.profile import Effort, Profile
from quantumlayer.router.providers.protocol import AnswerForm, ProviderRequest
from quantumlayer.router.store import StoredReply

_log = logging.getLogger(__name__)
_WORDS_SHOWN = 1000
_EFFORTS: tuple[Effort, ...] = get_args(Effort)
# What models that are told no effort make.
_USUAL_EFFORT: Effort = "medium"


class Question:
    """Asks for one whole text at a time."""

    def __init__(
        self,
        request: CompletionRequest,
        form: AnswerFormat[BaseModel],
        calls: CallSequence,
        profile: Profile,
    ) -> None:
        self._request = request
        self._format = form
        self._calls = calls
        self._profile = profile
        self._cap = request.limits.max_output_tokens
        self._effort = request.effort

    async def ask(self, messages: tuple[Message, ...]) -> tuple[str, StoredReply]:
        """The whole text without the model's thoughts, and the reply that ended it."""
        text, reply = await self._begun(messages)
        left = self._request.limits.continuations
        # How often a reply may break off is the matter of whoever counts the retries.
        while self._is_cut_off(reply, text) and (reply.broken or left > 0):
            left -= 0 if reply.broken else 1
            reply = await self._reply(continued(messages, text), "continuation")
            text = self._format.stitch(text, reply.text)
            ended = not reply.broken and reply.finish_reason != "length"
            if ended or not (reply.broken or reply.text.strip()):
                break  # what still has no end now is asked for again, or adds nothing more
        if reply.finish_reason == "length" and self._is_cut_off(reply, text):
            raise self._too_long(text)
        return text, reply

    async def _begun(self, messages: tuple[Message, ...]) -> tuple[str, StoredReply]:
        """The first reply in which an answer begins, or which ended without one."""
        while True:
            reply = await self._reply(messages, "whole")
            text = self._format.said(reply.text)
            if reply.broken and not self._format.is_begun(text):
                _log.warning(
                    "a reply of %s for %s broke off before its answer began, after %d tokens that "
                    "are paid for; asking again",
                    reply.model,
                    self._request.task,
                    reply.input_tokens + reply.output_tokens,
                )
            elif reply.finish_reason == "length" and not text:
                self._allow_more(reply)
            else:
                return text, reply

    def _is_cut_off(self, reply: StoredReply, text: str) -> bool:
        if reply.broken or reply.finish_reason == "length":
            return not self._format.is_complete(text)
        # Servers say "stop" of answers, too, that their own limit cut.
        return self._format.is_cut_off(text)

    def _allow_more(self, reply: StoredReply) -> None:
        """Doubles the limit that thoughts used up, then lowers the effort; raises at the end."""
        most = max(self._profile.output_cap, self._request.limits.max_output_tokens)
        has_thought = reply.reasoning_tokens > 0 or bool(reply.text.strip())
        lower = _lower(self._effort, self._profile.efforts)
        if has_thought and self._cap < most:
            self._cap = min(2 * self._cap, most)
        elif has_thought and lower is not None:
            self._effort = lower
        else:
            raise self._only_thought()
        _log.warning(
            "%s used up its output limit on thinking before its answer for %s began; asking again "
            "with %d output tokens and the effort %s",
            reply.model,
            self._request.task,
            self._cap,
            self._effort or "that is usual",
        )

    def _only_thought(self) -> AnswerTooLong:
        tried = "" if self._effort is None else f" with the effort {self._effort!r}"
        return ReasoningAteTheCap(
            f"{self._request.model!r} used up its output limit of {self._cap} tokens on thinking"
            f"{tried}, before its answer for {self._request.task!r} began; allow more output "
            "tokens (QL_MODEL_MAX_OUTPUT_TOKENS) or less effort (QL_MODEL_EFFORT), or choose a "
            "model that thinks less"
        )

    def _too_long(self, text: str) -> AnswerTooLong:
        return AnswerTooLong(
            f"{self._request.model!r} was cut off {self._request.limits.continuations + 1} times "
            f"in its answer for {self._request.task!r}, after {len(text)} characters; allow more "
            f"than {self._cap} output tokens (QL_MODEL_MAX_OUTPUT_TOKENS), or ask for less at once"
        )

    async def _reply(self, messages: tuple[Message, ...], form: AnswerForm) -> StoredReply:
        estimate = estimate_input_tokens(messages, self._format.name)
        reply = await self._calls.next(self._asked(messages, form), estimate)
        words = reply.text.strip()[:_WORDS_SHOWN]
        if reply.finish_reason == "refusal":
            raise ModelRefused(f"the model refused: {words}")
        if reply.finish_reason == "content_filter":
            raise ContentFiltered(
                f"the content filter of {reply.provider} withheld the answer for "
                f"{self._request.task!r}{': ' if words else ''}{words}"
            )
        return reply

    def _asked(self, messages: tuple[Message, ...], form: AnswerForm) -> ProviderRequest:
        request, limits = self._request, self._request.limits
        run = None if request.run_id is None else str(request.run_id)
        return ProviderRequest(
            task=request.task,
            model=request.model,
            messages=messages,
            input=request.input,
            json_schema=self._format.schema,
            form=form,
            max_output_tokens=self._cap,
            effort=self._effort,
            temperature=request.temperature,
            cache_key=request.cache_key or run,
            timeout_seconds=limits.timeout_seconds,
            silence_seconds=limits.silence_seconds,
            first_token_seconds=limits.first_token_seconds,
            run=run,
        )


def _lower(effort: Effort | None, efforts: tuple[Effort, ...]) -> Effort | None:
    """The next lower effort of those that the model knows."""
    lower = _EFFORTS[: _EFFORTS.index(effort or _USUAL_EFFORT)]
    return next((each for each in reversed(lower) if each in efforts), None)
