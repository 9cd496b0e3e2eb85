"""The log says how much came and went, and not a word of it."""

import json
import logging

import pytest

from quantumlayer.router.guardrails import Exchange, Journal, Pipeline
from tests.support.guardrail_parts import MODEL, streamed


async def test_a_line_for_the_request_and_one_for_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "quantumlayer.router.guardrails")
    passage = Pipeline([Journal()]).open()

    await passage.before(Exchange(MODEL, ("secret plan", "more"), organisation="acme", run="r1"))
    await streamed(passage, ["quiet ", "answer"])

    request, answer = (json.loads(record.getMessage()) for record in caplog.records)
    assert request == {
        "event": "guardrails.request",
        "model": MODEL,
        "organisation": "acme",
        "run": "r1",
        "texts": 2,
        "characters": 15,
    }
    assert (answer["event"], answer["chunks"], answer["characters"]) == ("guardrails.answer", 2, 12)
    assert "plan" not in caplog.text
    assert "quiet" not in caplog.text
