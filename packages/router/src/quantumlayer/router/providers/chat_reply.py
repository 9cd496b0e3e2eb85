"""A chat completion as servers really send it: the answer wherever it stands, errors by name.

Servers that speak OpenAI's protocol agree on little beyond its first page. A reply with status 200
may be an error of the server behind it, a refusal, an answer in parts or in the arguments of a
tool call, and may count its tokens in words of its own or not at all.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.wires.error_kinds import kind_of_code
from quantumlayer.router.providers.protocol import FinishReason

_WORDS_SHOWN = 300
# Parts of an inner monologue and of media say nothing that could be an answer.
_SPOKEN = frozenset({None, "text", "output_text", "input_text"})
_FINISH: tuple[tuple[str, FinishReason], ...] = (
    ("refus", "refusal"),
    ("filter", "content_filter"),
    ("safety", "content_filter"),
    ("blocked", "content_filter"),
    ("length", "length"),
    ("max", "length"),
    ("limit", "length"),
    ("tool", "tool_calls"),
    ("function", "tool_calls"),
    ("stop", "stop"),
    ("eos", "stop"),
    ("end", "stop"),
)
_INPUT_NAMES = ("prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count")
_OUTPUT_NAMES = ("completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count")


class ChatReply(BaseModel):
    """What a reply says; tokens are None where the server did not count them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    finish_reason: FinishReason
    input_tokens: int | None
    output_tokens: int | None
    model: str | None


def read_reply(body: object) -> ChatReply:
    """The reply in a body that came with status 200; raises what the provider says went wrong."""
    if not isinstance(body, dict):
        raise ProviderUnavailable(f"the server's reply is no chat completion: {_shown(body)}")
    if error := _error(body):
        raise error
    choices = body.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        raise ProviderUnavailable(f"the server's reply holds no answer: {_shown(body)}")
    ended = str(choice.get("finish_reason") or "").lower()
    if error := _error(choice):
        raise error
    message = choice.get("message")
    if not isinstance(message, dict):
        message = {"content": choice["text"]} if choice.get("text") else {}
    if "error" in ended or not message or not (ended or _says_anything(message)):
        raise ProviderUnavailable(f"the server broke its answer off: {_shown(choice)}")
    text, refusal = _said(message)
    finish = _finish(ended)
    if not text.strip() and refusal:
        text, finish = refusal, "refusal" if finish != "content_filter" else finish
    usage = body.get("usage")
    model = body.get("model")
    return ChatReply(
        text=text,
        finish_reason=finish,
        input_tokens=_count(usage, _INPUT_NAMES),
        output_tokens=_count(usage, _OUTPUT_NAMES),
        model=model if isinstance(model, str) and model else None,
    )


def _error(place: dict[str, Any]) -> RouterError | None:
    """What `place` says went wrong; some servers send an empty error beside a good answer."""
    error = place.get("error")
    if isinstance(error, dict):
        code = error.get("code") or error.get("status") or error.get("type")
        words = error.get("message") or error.get("detail")
    else:
        code, words = None, error
    if not code and not words:
        return None
    said = words if isinstance(words, str) else _shown(error)
    return kind_of_code(code)(f"the provider answered with an error ({code or 'no code'}): {said}")


def _says_anything(message: dict[str, Any]) -> bool:
    return any(value for name, value in message.items() if name != "role")


def _said(message: dict[str, Any]) -> tuple[str, str]:
    """The text of a message, and its refusal.

    Arguments of tool calls come behind what else is said: the answer is what stands last.
    """
    content, refusals = message.get("content"), [message.get("refusal")]
    more = message.get("provider_specific_fields")
    if isinstance(more, dict):
        refusals.append(more.get("refusal"))
    if isinstance(content, list):
        parts = [part if isinstance(part, dict) else {"text": part} for part in content]
        refusals += [part.get("refusal") for part in parts]
        content = "".join(_part(part) for part in parts)
    elif isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    spoken = content if isinstance(content, str) else ""
    called = "\n".join(_arguments(message))
    refusal = next((said for said in refusals if isinstance(said, str) and said.strip()), "")
    return "\n".join(each for each in (spoken, called) if each.strip()) or spoken, refusal


def _part(part: dict[str, Any]) -> str:
    text = part.get("text")
    return text if part.get("type") in _SPOKEN and isinstance(text, str) else ""


def _arguments(message: dict[str, Any]) -> Iterator[str]:
    calls = message.get("tool_calls")
    functions = [call.get("function") for call in calls or () if isinstance(call, dict)]
    for function in (*functions, message.get("function_call")):
        given = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(given, str):
            yield given
        elif given:
            yield json.dumps(given, ensure_ascii=False)


def _finish(ended: str) -> FinishReason:
    return next((reason for word, reason in _FINISH if word in ended), "other")


def _count(usage: object, names: tuple[str, ...]) -> int | None:
    if not isinstance(usage, dict):
        return None
    for name in names:
        try:
            counted = int(float(usage.get(name) or ""))
        except (TypeError, ValueError, OverflowError):
            continue
        if counted > 0:
            return counted
    return None


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:_WORDS_SHOWN]
