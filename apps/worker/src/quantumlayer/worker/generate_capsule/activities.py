"""The first and the last thing that happens in a run."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.runs import prompt_problem
from quantumlayer.worker.errors import step
from quantumlayer.worker.nouns import Begun, Ending, Scope
from quantumlayer.worker.runtime import Runtime


class RunActivities:
    """Opening and closing a run."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def begin_run(self, scope: Scope) -> Begun:
        """Screens the prompt, opens the run's budget, and says that it runs."""
        async with step():
            run = await self._runtime.recorder.load(scope.organisation_id, scope.run_id)
            if run.status == "cancelled":
                # Cancelled while it was queued: the workflow started after all, and ends here.
                raise ApplicationError("cancelled", type="RunCancelled", non_retryable=True)
            _screen(run.prompt)
            await self._runtime.open_budget(scope)
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                if await recording.tell(
                    "run.started",
                    EventType.RUN_STARTED,
                    {"prompt": run.prompt, "model": run.model},
                ):
                    recording.run.status = "running"
                    recording.run.started_at = now()
            traits = self._runtime.traits(run.model)
            return Begun(
                model=run.model,
                untidy=not traits.canonical,
                chooses_packages=traits.chooses_packages,
            )

    @activity.defn
    async def finish_run(self, ending: Ending) -> None:
        """Writes down how the run ended."""
        scope = ending.scope
        async with (
            step(),
            self._runtime.recorder.recording(scope.organisation_id, scope.run_id) as recording,
        ):
            if ending.verdict is None:
                status, kind = "cancelled", EventType.RUN_CANCELLED
            else:
                status, kind = "finished", EventType.RUN_FINISHED
            recording.run.status = status
            recording.run.verdict = ending.verdict.value if ending.verdict else None
            recording.run.reason = ending.reason
            recording.run.finished_at = recording.run.finished_at or now()
            await recording.tell(
                "run.ended",
                kind,
                {
                    "verdict": recording.run.verdict,
                    "reason": ending.reason,
                    "costUsd": float(recording.run.cost_usd),
                },
            )


def _screen(prompt: str) -> None:
    """Raises for prompts that nobody typed; the API refuses them before, this is the last door."""
    problem = prompt_problem(prompt)
    if problem is not None:
        raise ApplicationError(problem, type="PromptRefused", non_retryable=True)
