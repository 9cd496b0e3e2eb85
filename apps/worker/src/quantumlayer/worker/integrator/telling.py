"""A turn of the integrator as people see it: its calls in a few words, and the files it changed."""

from collections.abc import Sequence

from quantumlayer.agents.integrator import Call, Observation, Refused, Transcript
from quantumlayer.core.events import EventType
from quantumlayer.worker.integrator.bench import Bench
from quantumlayer.worker.runtime import show_files

_SHOWN = 200


async def tell_of_turn(
    bench: Bench,
    after: Transcript,
    calls: Sequence[Call | Refused],
    observations: Sequence[Observation],
) -> None:
    """Tells of the calls of a turn, and shows what it changed of the tree."""
    scope = bench.scope
    async with bench.runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording:
        await show_files(recording, [file for file in bench.changed.values() if file])
        await recording.remove_files([path for path, file in bench.changed.items() if file is None])
        await recording.tell(
            f"integrator.stepped/{after.key}",
            EventType.INTEGRATOR_STEPPED,
            {
                "turn": after.turns,
                "steps": after.steps,
                "calls": [
                    {"tool": call.tool, "about": _about(call), "failed": came.failed}
                    for call, came in zip(calls, observations, strict=True)
                ],
                "files": sorted(bench.changed),
            },
        )
        for path, requirement in bench.contradicted.items():
            await recording.tell(
                f"test.contradicted/{after.key}/{path}",
                EventType.TEST_CONTRADICTED,
                {"path": path, "requirement": requirement, "turn": after.turns},
            )


def _about(call: Call | Refused) -> str:
    """What a call is about, in a few words for people."""
    if isinstance(call, Refused):
        return call.reason[:_SHOWN]
    said = call.arguments.model_dump()
    chosen = (said.get(name) for name in ("path", "command", "pattern", "matching", "summary"))
    return str(next(filter(None, chosen), ""))[:_SHOWN]
