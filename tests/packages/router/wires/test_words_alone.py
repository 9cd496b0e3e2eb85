"""The quick way for pieces of words: the same reading, and nothing else goes it."""

import json
from typing import Any

import pytest

from quantumlayer.router.errors import RouterError
from quantumlayer.router.wires.openai_reader import OpenAIReader
from quantumlayer.router.wires.words_alone import words_alone

NAMED = ("m", "1")
CALL = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}


def piece(choice: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    said = {"index": 0, "delta": {"content": "a"}, "finish_reason": None, **(choice or {})}
    return {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [said], **more}


def test_words_alone_are_known() -> None:
    assert words_alone(piece(), NAMED, 0) == "a"
    assert words_alone(piece(usage=None, system_fingerprint="fp"), NAMED, 0) == "a"


@pytest.mark.parametrize(
    "other",
    [
        None,
        "words",
        {},
        piece(usage={"prompt_tokens": 1}),
        piece(error={"message": "no"}),
        piece(x_groq={"usage": {"prompt_tokens": 1}}),
        piece(id="2"),
        piece(model="n"),
        piece(choices=[]),
        piece(choices=piece()["choices"] * 2),
        piece({"index": 1}),
        piece({"finish_reason": "stop"}),
        piece({"error": {"message": "no"}}),
        piece({"delta": None}),
        piece({"delta": {"content": ""}}),
        piece({"delta": {"content": [{"type": "text", "text": "a"}]}}),
        piece({"delta": {"content": "a", "tool_calls": [CALL]}}),
        piece({"delta": {"content": "a", "refusal": "no"}}),
    ],
)
def test_a_piece_that_says_anything_else_is_none(other: object) -> None:
    assert words_alone(other, NAMED, 0) is None


@pytest.mark.parametrize(
    "last",
    [
        piece(usage={"prompt_tokens": 1}),
        piece(error={"message": "no"}),
        piece({"finish_reason": "length"}),
        piece({"delta": {"content": "a", "tool_calls": [CALL]}}),
        piece({"index": 1}),
        piece(),
    ],
)
def test_what_follows_words_is_read_as_if_it_came_first_but_for_its_name(
    last: dict[str, Any],
) -> None:
    """A piece that names its event never goes the quick way, so that the two can be compared."""
    assert _read(None, last) == _read("message", last)


def _read(name: str | None, last: dict[str, Any]) -> list[object]:
    reader = OpenAIReader(tools_offered=True)
    found: list[object] = []
    try:
        for each in (piece(), piece(), last, piece()):
            found += reader.event(name, json.dumps(each))
    except RouterError as error:
        found.append(str(error))
    return found
