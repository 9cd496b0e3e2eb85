"""A model that knows what it does not understand: all or nothing, or a part on request."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.core.events import EventType
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements, Unclear
from quantumlayer.qtest import Verdict
from quantumlayer.router import (
    AnsweringModel,
    ProviderReply,
    ProviderRequest,
    ProviderTraits,
    written,
)
from tests.support.pipeline import Pipeline

MODEL = "choosy"
UNCLEAR = Unclear(text="as pretty as a sunrise", reason="Nothing here is pretty; say `round`.")
REQUIREMENTS: dict[str, Any] = {
    "name": "answers",
    "title": "Answers",
    "summary": "",
    "kind": "library",
    "language": "python",
    "items": [{"id": "R1", "category": "operation", "statement": "Answers with 42."}],
}
BLUEPRINT = Blueprint.model_validate(
    {
        "name": "answers",
        "kind": "library",
        "language": "python",
        "files": [
            {"path": "answers.py", "role": "source", "purpose": "It", "requirements": ["R1"]},
            {
                "path": "tests/test_answers.py",
                "role": "test",
                "purpose": "Proof",
                "requirements": ["R1"],
                "depends_on": ["answers.py"],
            },
        ],
        "test_command": ["python", "-m", "pytest"],
    }
)
CONTENTS = {
    "answers.py": "def answer() -> int:\n    return 42\n",
    "tests/test_answers.py": "from answers import answer\n\n\n"
    "def test_r1_answers_with_42() -> None:\n    assert answer() == 42\n",
}


class Choosy:
    """Builds one thing, and refuses every description unless it may leave something out."""

    name = MODEL
    traits = ProviderTraits(metered=False, chooses_packages=False, repairs=False)

    def __init__(self) -> None:
        self.prompts: list[object] = []

    async def call(self, request: ProviderRequest) -> ProviderReply:
        """The answer to a task, from its typed input."""
        given = request.input
        if request.task == "analyse":
            self.prompts.append(given["prompt"])
            answer = _analysis(accept_partial=bool(given["accept_partial"])).model_dump_json()
        elif request.task == "design":
            answer = BLUEPRINT.model_dump_json()
        else:
            paths = cast("list[str]", given["paths"])
            answer = written({path: CONTENTS[path] for path in paths})
        return ProviderReply(
            text=answer, finish_reason="stop", input_tokens=0, output_tokens=0, model=MODEL
        )


def _analysis(*, accept_partial: bool) -> AnalystAnswer:
    if not accept_partial:
        return AnalystAnswer(refusal="Not all is understood.", not_understood=(UNCLEAR,))
    requirements = Requirements.model_validate(REQUIREMENTS)
    return AnalystAnswer(
        requirements=requirements.model_copy(update={"not_understood": (UNCLEAR,)})
    )


@pytest.fixture
def model() -> Choosy:
    """The model of a test, which remembers what it was asked."""
    return Choosy()


@pytest.fixture
def models(model: Choosy) -> Mapping[str, AnsweringModel]:
    """That model alone."""
    return {MODEL: model}


async def test_a_refusal_ends_the_run_at_once_and_quotes_what_it_is_about(
    pipeline: Pipeline,
) -> None:
    started = await pipeline.start("Answers, as pretty as a sunrise", model=MODEL)

    ending = await started.handle.result()

    said = f"Not all is understood.\n“{UNCLEAR.text}”: {UNCLEAR.reason}"
    assert (ending.verdict, ending.reason) == (Verdict.FAILED, said)
    assert (await pipeline.run(started.id)).reason == said
    events = await pipeline.events(started.id)
    assert [event.type for event in events] == [
        EventType.RUN_STARTED,
        EventType.AGENT_STARTED,
        EventType.MODEL_CALLED,
        EventType.PROMPT_REFUSED,
        EventType.AGENT_FINISHED,
        EventType.RUN_FINISHED,
    ]
    assert events[3].data == {"reason": said, "notUnderstood": [UNCLEAR.model_dump()]}
    assert await pipeline.files(started.id) == {}


async def test_with_a_part_accepted_the_rest_is_built_and_never_passes(
    pipeline: Pipeline, model: Choosy
) -> None:
    prompt = "  title: Answers\n\tlook: as pretty as a sunrise\n"
    started = await pipeline.start(prompt, model=MODEL, accept_partial=True)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.INCOMPLETE, ending.reason
    assert ending.reason.startswith(f"Missing, because it was not understood: “{UNCLEAR.text}”")
    assert (await pipeline.capsule(started.id)).startswith(b"PK")
    assert model.prompts == [prompt]
    assert EventType.REPAIR_STARTED not in {e.type for e in await pipeline.events(started.id)}


async def test_a_model_that_repairs_nothing_is_not_asked_to(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONTENTS, "answers.py", "def answer() -> int:\n    return 41\n")
    started = await pipeline.start("Answers", model=MODEL, accept_partial=True)

    ending = await started.handle.result()

    assert ending.verdict is Verdict.FAILED, ending.reason
    assert {call.task for call in await pipeline.calls(started.id)} == {
        "analyse", "design", "write", "test",
    }  # fmt: skip
