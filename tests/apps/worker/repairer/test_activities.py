"""Steps that began before tests were made stronger by edits."""

import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from quantumlayer.worker.nouns import RepairTask
from quantumlayer.worker.repairer.activities import RepairerActivities
from quantumlayer.worker.runtime import Runtime

RECORDED = Path(__file__).parents[1] / "histories" / "strengthened.json"


@pytest.fixture
def task() -> RepairTask:
    """What a recorded run has handed over."""
    started = [
        event["startChildWorkflowExecutionInitiatedEventAttributes"]
        for event in json.loads(RECORDED.read_text())["events"]
        if "startChildWorkflowExecutionInitiatedEventAttributes" in event
    ]
    (one,) = (each for each in started if each["workflowType"]["name"] == "Repairer")
    return RepairTask.model_validate_json(base64.b64decode(one["input"]["payloads"][0]["data"]))


async def test_a_task_of_an_older_run_leaves_its_tests_as_they_are(task: RepairTask) -> None:
    # Nothing is asked, so no door has to be open.
    activities = RepairerActivities(cast("Runtime", SimpleNamespace(parser=None)))
    assert task.mutation is not None
    stronger = await activities.strengthen_tests(task)
    assert (stronger.tree, stronger.changed) == (task.tree, 0)
