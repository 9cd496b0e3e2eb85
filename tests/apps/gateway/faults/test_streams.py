"""Bytes that come in halves, and streams that end wherever they may: the client reads one text."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.apps.gateway.faults.trouble import sample
from tests.apps.gateway.test_completions import CONFIGURATION, PRICE, ask, rows, said
from tests.support.gateway import gateway
from tests.support.model_server import ModelServer
from tests.support.model_server.choosing import texts
from tests.support.raw_server import STREAM, Answer, chunk, raw_server, sending

TEXT = "Zoë ordered 3 crêpes à 日本橋 for 12 € — “naïve”, said the waiter; 🥞 arrived at 19:45. "
LONGER = TEXT + "".join(
    f"Then {n} guests of table {n * 7 % 31} asked for {n * n}. " for n in range(9)
)


def event(text: str, **more: object) -> bytes:
    delta = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}], **more}
    return b"data: " + json.dumps(delta, ensure_ascii=False).encode() + b"\r\n\r\n"


BEGUN = event("Zoë ordered 3 crêpes ")
LAST = event("à 日本橋 for 12 € — “naïve”, said the waiter; 🥞 arrived at 19:45. ")
END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


def inside(letter: str) -> int:
    """The place in the last event behind the first byte of `letter`."""
    return LAST.index(letter.encode()) + 1


CUTS = [
    inside("橋"), inside("🥞"), inside("€"),
    3, len(b"data: "), len(LAST) - 3, len(LAST) - 1,
    *range(len(b"data: ") + 1, len(LAST), 7),
]  # fmt: skip
ENDS: list[Callable[[bytes], Answer]] = [
    lambda sent: sending(STREAM, chunk(BEGUN), chunk(sent), 0.05, reset=True),
    lambda sent: sending(STREAM, chunk(BEGUN), chunk(sent), b"0\r\n\r\n"),
    lambda sent: sending(STREAM, chunk(BEGUN), chunk(sent), hold=True),
    lambda sent: sending(STREAM, chunk(BEGUN), chunk(LAST)[: len(sent) + 4], 0.05, reset=True),
]  # fmt: skip
NAMES = ["reset", "closed", "silent", "reset in the chunk"]


def rest_of(whole: str) -> Callable[[dict[str, Any]], str]:
    """A model that goes on with `whole` where it was shown that it broke off."""

    def answer(body: dict[str, Any]) -> str:
        so_far: Sequence[str] = texts(body, role="assistant") or [""]
        assert whole.startswith(so_far[-1]), "nothing was made up of half a letter"
        return whole[len(so_far[-1]) :]

    return answer


async def asked(folder: Path, first: Answer, *, stream: bool) -> str:
    """What a client reads of `first`, and of a second provider that goes on with it."""
    async with raw_server(first) as one, ModelServer(rest_of(LONGER)) as two:
        text = CONFIGURATION.replace("ONE", one.url).replace("TWO", two.base_url)
        text = text.replace("sk-one}", "sk-one, silence_seconds: 0.3}").replace("PRICE", PRICE)
        async with gateway(folder, text) as client:
            response = await ask(client, stream=stream)
    assert response.status_code == 200
    assert "�" not in response.text
    return said(response)


@pytest.mark.parametrize("end", sample(range(len(ENDS)), 0, 1, 2, 3), ids=lambda at: NAMES[at])
@pytest.mark.parametrize("cut", sample(CUTS, 0, 4))
async def test_what_breaks_off_inside_a_letter_or_a_line_is_gone_on_from_as_if_nothing_was(
    tmp_path: Path, cut: int, end: int
) -> None:
    assert await asked(tmp_path, ENDS[end](LAST[:cut]), stream=True) == LONGER
    [row] = rows(tmp_path)
    assert (row.status, row.attempts) == (200, 2)
    assert row.output_tokens > 0


@pytest.mark.parametrize("size", sample([1, 2, 3, 5, 7, 64], 0, 2))
@pytest.mark.parametrize("stream", [True, False])
async def test_an_answer_that_comes_in_crumbs_is_read_as_one(
    tmp_path: Path, size: int, *, stream: bool
) -> None:
    whole = BEGUN + LAST + END
    crumbs = [chunk(whole[at : at + size]) for at in range(0, len(whole), size)]
    answer = sending(STREAM, *crumbs, b"0\r\n\r\n")
    assert await asked(tmp_path, answer, stream=stream) == TEXT


async def test_nothing_is_asked_of_another_once_the_end_was_said(tmp_path: Path) -> None:
    answer = sending(STREAM, chunk(BEGUN + LAST + END), 0.05, reset=True)
    assert await asked(tmp_path, answer, stream=True) == TEXT
    [row] = rows(tmp_path)
    assert row.attempts == 1
