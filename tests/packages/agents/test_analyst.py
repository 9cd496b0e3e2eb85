"""What a refusal says to the one who described the application."""

import pytest
from pydantic import ValidationError

from quantumlayer.agents import PromptRefused, analyse
from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.qlayer.requirements import Unclear
from tests.support.conversations import conversation_with, prompts_of
from tests.support.model_server import JsonReply, ModelServer


def parts(number: int) -> tuple[Unclear, ...]:
    return tuple(Unclear(text=f"part {n}", reason="is unknown here.") for n in range(number))


def test_a_refusal_quotes_each_part_with_what_is_said_of_it() -> None:
    refusal = PromptRefused("Nothing is built.\nAsk somebody else.", parts(2))
    assert str(refusal).splitlines() == [
        "Nothing is built.",
        "“part 0”: is unknown here.",
        "“part 1”: is unknown here.",
        "Ask somebody else.",
    ]


def test_a_refusal_without_parts_is_its_sentence() -> None:
    assert str(PromptRefused("I cannot do this.")) == "I cannot do this."


def test_of_very_many_parts_the_rest_is_counted_and_long_words_are_cut() -> None:
    long = Unclear(text="and\nso on " * 100, reason="too long")
    lines = str(PromptRefused("No.", (long, *parts(30)))).splitlines()
    assert lines[1].startswith("“and so on and so on")
    assert len(lines[1]) < 190
    assert len(lines) == 5
    assert lines[-1] == "… and 28 more."


def test_what_a_model_does_not_understand_of_what_it_builds_stands_in_the_requirements() -> None:
    # Beside them it would be lost, and the run could pass without it.
    answer = {
        "requirements": {
            "name": "app",
            "title": "App",
            "summary": "",
            "kind": "service",
            "language": "python",
            "items": [{"id": "R1", "category": "rule", "statement": "Holds."}],
        },
        "not_understood": [{"text": "with magic", "reason": "unknown"}],
    }
    with pytest.raises(ValidationError, match="belongs into the requirements"):
        AnalystAnswer.model_validate(answer)


def test_language_models_are_not_asked_for_the_parts_of_a_refusal() -> None:
    assert set(AnalystAnswer.model_json_schema()["properties"]) == {"refusal", "requirements"}


async def test_the_house_rules_are_known_before_anything_is_assumed() -> None:
    refusal = JsonReply(task="analyse", value={"refusal": "No."})
    async with ModelServer([refusal]) as server:
        with pytest.raises(PromptRefused):
            await analyse(conversation_with(server), "A stock service in Go.", None)

    (asked,) = prompts_of(server)
    assert "made with: Go service" in asked
    assert "422 with a `detail` in a sentence" in asked
