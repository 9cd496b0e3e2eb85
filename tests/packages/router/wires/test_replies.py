"""Replies as servers really send them (`../replies`), and what each must become.

A file names its source, the format, whether tools were offered, the raw body or the events of a
stream, and what becomes of it: `answer` is the document that is read from the text, `cut_off` the
keys of one that is cut, `finish` the meaning of the reply's end, `error` what is raised after all
that came before it was given.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.router import errors
from quantumlayer.router.deltas import Alive
from quantumlayer.router.formats.json_answer import NotJsonError, documents, read_document
from tests.support.replies import Read, read_body, read_events

FOLDER = Path(__file__).parents[1] / "replies"
CASES = sorted(path.stem for path in FOLDER.glob("*.json"))


def loaded(name: str) -> dict[str, Any]:
    case: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return case


def read(case: dict[str, Any]) -> Read:
    how = read_events if "events" in case else read_body
    shown = case["events"] if "events" in case else case["body"]
    return how(case["wire"], shown, tools_offered=case["tools_offered"])


@pytest.mark.parametrize("name", CASES)
def test_a_reply_becomes_what_it_means(name: str) -> None:
    case = loaded(name)
    becomes, seen = case["becomes"], read(case)
    gathered = seen.gathered

    assert gathered.text == becomes["text"]
    assert gathered.refusal == becomes.get("refusal", "")
    assert _calls(seen) == becomes.get("calls", [])
    assert _thoughts(seen) == _expected_thoughts(becomes)
    if "usage" in becomes:
        assert _counted(seen) == becomes["usage"]
    if "error" in becomes:
        assert type(seen.error) is getattr(errors, becomes["error"])
        assert becomes["says"] in str(seen.error)
    else:
        assert seen.error is None
        finished = gathered.finished
        assert (finished.reason if finished else None) == becomes["finish"]
        assert seen.ended is becomes.get("ended", True)


@pytest.mark.parametrize("name", [name for name in CASES if "answer" in loaded(name)["becomes"]])
def test_its_answer_is_the_document_that_stands_last(name: str) -> None:
    case = loaded(name)
    answer = case["becomes"]["answer"]

    found = documents(read(case).gathered.text, frozenset(answer))

    assert read_document(found[-1]) == answer


@pytest.mark.parametrize("name", [name for name in CASES if "cut_off" in loaded(name)["becomes"]])
def test_one_that_was_cut_off_is_seen_to_be_so_though_it_says_stop(name: str) -> None:
    case = loaded(name)
    with pytest.raises(NotJsonError) as problem:
        documents(read(case).gathered.text, frozenset(case["becomes"]["cut_off"]))
    assert problem.value.cut_off


def test_signatures_of_calls_are_kept() -> None:
    case = loaded("gemini-thought-signature")
    signatures = [call.signature for call in read(case).gathered.tool_calls]
    assert signatures == case["becomes"]["signatures"]


def test_an_event_without_content_is_a_sign_of_life() -> None:
    seen = read(loaded("azure-first-chunk-without-choices"))
    assert seen.deltas[0] == Alive()


def test_which_model_answered_is_kept() -> None:
    for name in ("openai-plain-stream", "anthropic-plain-stream"):
        case = loaded(name)
        assert read(case).gathered.model == case["becomes"]["model"]


def _calls(seen: Read) -> list[list[str]]:
    return [[call.id, call.name, call.arguments] for call in seen.gathered.tool_calls]


def _thoughts(seen: Read) -> list[dict[str, str]]:
    shown = [
        thought.model_dump(exclude={"kind"}, exclude_none=True)
        for thought in seen.gathered.reasoning
    ]
    return [{name: said for name, said in each.items() if said or name == "text"} for each in shown]


def _expected_thoughts(becomes: dict[str, Any]) -> list[dict[str, str]]:
    if "reasoning" in becomes:
        return [{"text": becomes["reasoning"]}]
    return [{"text": "", **thought} for thought in becomes.get("thoughts", [])]


def _counted(seen: Read) -> dict[str, int]:
    usage = seen.gathered.usage
    counts = {name: getattr(usage, name) for name in type(usage).__slots__}
    return {name: count for name, count in counts.items() if count is not None}
