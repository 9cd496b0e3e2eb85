"""What is told of a revision before anybody changes code."""

from quantumlayer.core.events import EventType
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements, RequirementsChange
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.revision.planning import TestPlan
from quantumlayer.qlayer.revision.report import Baseline
from quantumlayer.qtest import TestReport
from quantumlayer.worker.narration import requirements_ready, rows_of_tests


def planned(blueprint: Blueprint, plan: TestPlan) -> dict[str, object]:
    """The plan of the version that is to be, as the event tells it."""
    notes = [f"{path} goes with what it tested" for path in plan.gone]
    return {
        "framework": blueprint.framework,
        "stack": blueprint.stack,
        "files": [{"path": file.path, "role": file.role.value} for file in plan.files],
        "agents": {"tester": len(plan.files)},
        "notes": notes,
    }


async def tell_base(recording: Recording, base: Base) -> None:
    """Says what is there."""
    await recording.tell(
        "base.read",
        EventType.BASE_READ,
        {
            "title": base.title,
            "language": base.language.value,
            "files": len(base.tree.files),
            "imported": base.is_imported,
            "edits": list(base.edits.paths),
            "notes": list(base.notes),
        },
    )


async def tell_change(
    recording: Recording, requirements: Requirements, change: RequirementsChange
) -> None:
    """Says what is to be different, and what holds then."""
    await recording.tell(
        "change.ready",
        EventType.CHANGE_READY,
        {
            "added": [{"id": one.id, "statement": one.statement} for one in change.added],
            "changed": [
                {
                    "id": one.after.id,
                    "statement": one.after.statement,
                    "before": one.before.statement,
                }
                for one in change.changed
            ],
            "removed": [{"id": one.id, "statement": one.statement} for one in change.removed],
            "kept": [one.id for one in change.kept],
        },
    )
    await requirements_ready(recording, requirements)


async def tell_baseline(recording: Recording, baseline: Baseline, report: TestReport) -> None:
    """Says what held before."""
    await recording.replace_tests(rows_of_tests(report))
    await recording.tell(
        "baseline.tested",
        EventType.BASELINE_TESTED,
        {
            "verdict": baseline.verdict.value,
            "reason": baseline.reason,
            "executed": baseline.executed,
            "failing": list(baseline.failing),
        },
    )
