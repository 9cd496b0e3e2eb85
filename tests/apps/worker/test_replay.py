"""Recorded histories still replay: a run in flight survives a new version of the code."""

import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from quantumlayer.worker.composition import WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def test_every_kind_of_ending_has_a_recorded_history() -> None:
    recorded = {path.stem for path in HISTORIES}
    kinds = (
        "passed repaired strengthened failed refused cancelled asked tidied declared drafted"
        " integrated revised"
    )
    assert set(kinds.split()) <= recorded


def test_the_tester_is_recorded_from_before_and_after_it_tidied() -> None:
    recorded = {path.stem: "tidy_tree" in path.read_text() for path in HISTORIES}
    assert (recorded["passed-tester"], recorded["tidied-tester"]) == (False, True)


def test_it_is_recorded_from_before_and_after_it_declared_what_is_imported() -> None:
    recorded = {path.stem: "declare_imports" in path.read_text() for path in HISTORIES}
    assert (recorded["tidied-tester"], recorded["declared-tester"]) == (False, True)


def test_it_is_recorded_from_before_and_after_the_integrator_took_the_place_of_rounds() -> None:
    recorded = {path.stem: path.read_text() for path in HISTORIES}
    assert "Repairer" in recorded["repaired"]
    assert "Integrator" not in recorded["repaired"]
    assert "Integrator" in recorded["integrated"]
    assert "take_turn" in recorded["integrated-integrator"]


def test_generators_are_recorded_from_before_and_after_files_came_in_batches() -> None:
    recorded = {path.stem: "write_drafts" in path.read_text() for path in HISTORIES}
    assert (recorded["passed-generator"], recorded["drafted-generator"]) == (False, True)


def test_it_is_recorded_from_before_and_after_earlier_runs_were_looked_up() -> None:
    recorded = {path.stem: '"recall"' in path.read_text() for path in HISTORIES}
    assert (recorded["integrated"], recorded["remembered"]) == (False, True)


@pytest.mark.parametrize(
    "recorded",
    [pytest.param(json.loads(path.read_text()), id=path.stem) for path in HISTORIES],
)
async def test_a_recorded_history_replays(recorded: dict[str, Any]) -> None:
    replayer = Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter)
    started = recorded["events"][0]["workflowExecutionStartedEventAttributes"]
    history = WorkflowHistory.from_json(started["workflowId"], recorded)

    result = await replayer.replay_workflow(history)

    assert result.replay_failure is None
