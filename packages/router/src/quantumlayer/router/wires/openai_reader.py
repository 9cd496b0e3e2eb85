"""A chat completion as servers really send it: in pieces or whole, the answer wherever it stands.

Servers that speak OpenAI's protocol agree on little beyond its first page. A reply with status 200
may be an error of the server behind it, a refusal, an answer in parts or in the arguments of a
tool call, and may count its tokens in words of its own or not at all.
"""

from collections.abc import Iterator
from typing import Any

from quantumlayer.router.deltas import (
    Alive,
    Delta,
    Finished,
    FinishReason,
    Named,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    UsageDelta,
)
from quantumlayer.router.errors import ProviderUnavailable
from quantumlayer.router.wires.call_pieces import CallPieces
from quantumlayer.router.wires.error_bodies import error_in, raised, said_error, shown
from quantumlayer.router.wires.finish_reasons import reason_of, word_in
from quantumlayer.router.wires.lenient_json import parsed
from quantumlayer.router.wires.message_text import (
    answer_in,
    calls_in,
    proofs_in,
    reasoning_in,
    refusal_in,
)
from quantumlayer.router.wires.token_usage import usage_in
from quantumlayer.router.wires.words_alone import words_alone

_END = "[DONE]"


class OpenAIReader:
    """Reads one reply; the first of several choices, as the others were not asked for."""

    def __init__(self, *, tools_offered: bool) -> None:
        """Without `tools_offered` the arguments of calls are the answer."""
        self._tools_offered = tools_offered
        self._calls = CallPieces()
        self._spoken_call: int | None = None
        self._choice: int | None = None
        self._place: str | None = None
        self._said = self._answered = self._refused = False
        self._finished = self._ended = False
        self._named: tuple[object, object] = (None, None)

    @property
    def ended(self) -> bool:
        return self._ended or self._finished

    def event(self, name: str | None, data: str) -> Iterator[Delta]:
        if data.strip() == _END:
            self._ended = True
            yield from self._unsaid_end(data)
            return
        document = _document_in(data)
        if self._place == "delta" and name is None:
            text = words_alone(document, self._named, self._choice)
            if text is not None:
                self._said = True
                self._answered = self._answered or not text.isspace()
                yield TextDelta(text)
                return
        empty = True
        for delta in self._piece(name, document):
            empty = False
            yield delta
        if empty:
            yield Alive()

    def whole(self, body: object) -> Iterator[Delta]:
        if not isinstance(body, dict):
            raise ProviderUnavailable(f"the server's reply is no chat completion: {shown(body)}")
        for delta in self._document(body):
            if isinstance(delta, Finished) and self._place is None:
                raise ProviderUnavailable(f"the server broke its answer off: {shown(body)}")
            yield delta
        yield from self._unsaid_end(body)
        self._ended = True

    def _piece(self, name: str | None, document: object) -> Iterator[Delta]:
        if document == "":
            return
        if name == "error":
            raise raised(error_in(document) or said_error(document))
        if not isinstance(document, dict):
            raise ProviderUnavailable(
                f"the server's reply is no chat completion: {shown(document)}"
            )
        yield from self._document(document)

    def _document(self, document: dict[str, Any]) -> Iterator[Delta]:
        """What a reply or a piece of one holds, then the error that it tells of."""
        yield from self._name(document)
        if usage := usage_in(document):
            yield UsageDelta(usage)
        error = error_in(document)
        if choice := self._chosen(document):
            yield from self._message(choice)
            word = word_in(choice.get("finish_reason") or choice.get("done_reason"))
            error = error or error_in(choice)
            if word and not error:
                yield from self._finish(word, choice)
        if error:
            raise raised(error)

    def _name(self, document: dict[str, Any]) -> Iterator[Delta]:
        model, id_ = document.get("model"), document.get("id")
        if (model, id_) != self._named and (model or id_):
            self._named = (model, id_)
            yield Named(
                model=model if isinstance(model, str) and model else None,
                id=id_ if isinstance(id_, str) and id_ else None,
            )

    def _chosen(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """The choice that is read; Ollama's own format is a choice without a list."""
        choices = document.get("choices")
        if choices is None and isinstance(document.get("message"), dict):
            choices = [document]
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict):
                index = choice.get("index") or 0
                self._choice = index if self._choice is None else self._choice
                if index == self._choice:
                    return choice
        return None

    def _message_of(self, choice: dict[str, Any]) -> dict[str, Any]:
        """The message or the piece of one; who sends pieces may send the whole again at the end."""
        text = choice.get("text")
        shapes = {
            "delta": choice.get("delta"),
            "message": choice.get("message"),
            "text": {"content": text} if text else None,
        }
        for place, message in shapes.items():
            if self._place in {None, place} and isinstance(message, dict) and message:
                self._place = place
                return message
        return {}

    def _message(self, choice: dict[str, Any]) -> Iterator[Delta]:
        message = self._message_of(choice)
        for delta in self._pieces(message):
            self._said = True
            yield delta

    def _pieces(self, message: dict[str, Any]) -> Iterator[Delta]:
        if not any(said for name, said in message.items() if name != "role"):
            return  # the first piece of nearly every stream only says who speaks
        if thought := reasoning_in(message):
            yield ReasoningDelta(thought)
        yield from proofs_in(message)
        if refusal := refusal_in(message):
            self._refused = True
            yield RefusalDelta(refusal)
        if text := answer_in(message):
            self._answered = self._answered or not text.isspace()
            yield TextDelta(text)
        for position, call in enumerate(calls_in(message)):
            index = position if self._place == "message" else call.get("index")
            yield from self._call(call, index if isinstance(index, int) else None)

    def _call(self, said: dict[str, Any], index: int | None) -> Iterator[Delta]:
        call = self._calls.piece(said, index)
        if self._tools_offered:
            yield call
        elif call.arguments:
            another = self._answered and call.index != self._spoken_call
            self._spoken_call, self._answered = call.index, True
            yield TextDelta(f"\n{call.arguments}" if another else call.arguments)

    def _finish(self, word: str, choice: dict[str, Any]) -> Iterator[Delta]:
        reason = reason_of(word)
        if reason is None:
            raise ProviderUnavailable(f"the server broke its answer off: {shown(choice)}")
        if not self._finished:
            self._finished = True
            yield Finished(self._meant(reason), word)

    def _meant(self, reason: FinishReason) -> FinishReason:
        """The reason in the light of what was said: servers say `stop` of everything."""
        if reason == "content_filter":
            return reason
        if self._refused and not self._answered and not len(self._calls):
            return "refusal"
        if not self._tools_offered:
            return "stop" if reason == "tool_calls" else reason
        return "tool_calls" if len(self._calls) and reason in {"stop", "other"} else reason

    def _unsaid_end(self, document: object) -> Iterator[Delta]:
        """The end of a reply that named no reason for it."""
        if self._finished:
            return
        if self._choice is None:
            raise ProviderUnavailable(f"the server's reply holds no answer: {shown(document)}")
        if not self._said:
            raise ProviderUnavailable(f"the server broke its answer off: {shown(document)}")
        self._finished = True
        yield Finished(self._meant("other"))


def _document_in(data: str) -> object:
    """The JSON of an event, or its words where it is none."""
    words = data.strip()
    try:
        return parsed(words) if words else ""
    except ValueError:
        return data
