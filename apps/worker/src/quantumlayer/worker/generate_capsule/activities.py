"""The first and the last thing that happens in a run."""

from decimal import Decimal

from temporalio import activity
from temporalio.exceptions import ApplicationError

from quantumlayer.agents.memory import about
from quantumlayer.core.database import now
from quantumlayer.core.events import EventType
from quantumlayer.core.memories.records import MemoryRow
from quantumlayer.core.runs import prompt_problem
from quantumlayer.core.runs.recorder import Recording
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.router import RouterError, unpriced
from quantumlayer.worker.errors import step
from quantumlayer.worker.nouns import Begun, Ending, Memorable, Scope
from quantumlayer.worker.runtime import Runtime


class RunActivities:
    """Opening and closing a run."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def begin_run(self, scope: Scope) -> Begun:
        """Screens the prompt, checks the model, opens the run's budget, and says that it runs."""
        async with step():
            run = await self._runtime.recorder.load(scope.organisation_id, scope.run_id)
            if run.status == "cancelled":
                # Cancelled while it was queued: the workflow started after all, and ends here.
                raise ApplicationError("cancelled", type="RunCancelled", non_retryable=True)
            _screen(run.prompt)
            await self._check_model(run.model)
            base = await self._runtime.fetch_if_any(run.base_object, Base)
            if base is not None:
                self._require_revising(run.model)
            await self._runtime.open_budget(scope)
            is_priced = await self._runtime.price(run.model) is not None
            notes = [] if is_priced else [unpriced(run.model)]
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                if await recording.tell(
                    "run.started",
                    EventType.RUN_STARTED,
                    {"prompt": run.prompt, "model": run.model, "notes": notes},
                ):
                    recording.run.status = "running"
                    recording.run.started_at = now()
            traits = self._runtime.traits(run.model)
            imported = base is not None and base.is_imported
            return Begun(
                model=run.model,
                untidy=not traits.canonical and not imported,
                chooses_packages=traits.chooses_packages and not imported,
                base=run.base_object,
                imported=imported,
                repairs=traits.repairs,
                # A change says little of how such a thing is planned from a sentence.
                remembers=self._runtime.remembers and traits.takes_stacks and base is None,
            )

    def _require_revising(self, model: str) -> None:
        """Ends a run whose model makes all anew, before anything is spent."""
        if self._runtime.traits(model).revises:
            return
        able = [name for name in self._runtime.offered if self._runtime.traits(name).revises]
        way = (
            f"ask with one that can: {', '.join(able)}"
            if able
            else "set QL_MODEL to a language model, such as openai/gpt-5, with QL_MODEL_API_KEY"
        )
        raise ApplicationError(
            f"the model {model} builds from a description and cannot change what exists; {way}",
            type="PromptRefused",
            non_retryable=True,
        )

    async def _check_model(self, model: str) -> None:
        """What would end the run's first call is said at once, and nothing is tried again."""
        try:
            await self._runtime.check_model(model)
        except RouterError as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from error

    @activity.defn
    async def finish_run(self, ending: Ending) -> None:
        """Writes down how the run ended."""
        async with step():
            await self._finish(ending)

    async def _finish(self, ending: Ending) -> None:
        scope = ending.scope
        # Steps tell of the answers that they got; those that failed were paid as well.
        cost = sum((call.cost_usd for call in await self._runtime.calls(scope)), Decimal(0))
        async with self._runtime.recorder.recording(
            scope.organisation_id, scope.run_id
        ) as recording:
            if ending.verdict is None:
                status, kind = "cancelled", EventType.RUN_CANCELLED
            else:
                status, kind = "finished", EventType.RUN_FINISHED
            recording.run.status = status
            recording.run.verdict = ending.verdict.value if ending.verdict else None
            recording.run.reason = ending.reason
            recording.run.cost_usd = cost
            recording.run.finished_at = recording.run.finished_at or now()
            if ending.memorable is not None:
                await self._remember(recording, ending.memorable)
            await recording.tell(
                "run.ended",
                kind,
                {
                    "verdict": recording.run.verdict,
                    "reason": ending.reason,
                    "costUsd": float(cost),
                },
            )

    async def _remember(self, recording: Recording, memorable: Memorable) -> None:
        """In the transaction that says how the run ended: whoever reads of it may look it up."""
        requirements = await self._runtime.fetch(memorable.requirements, Requirements)
        blueprint = await self._runtime.fetch(memorable.blueprint, Blueprint)
        row = MemoryRow(
            title=requirements.title,
            stack=blueprint.stack,
            about=about(requirements),
            requirements_object=memorable.requirements,
            blueprint_object=memorable.blueprint,
            stubs=memorable.stubs,
        )
        if await recording.remember(row):
            await recording.tell("memory.kept", EventType.MEMORY_KEPT, {"title": row.title})


def _screen(prompt: str) -> None:
    """Raises for prompts that nobody typed; the API refuses them before, this is the last door."""
    problem = prompt_problem(prompt)
    if problem is not None:
        raise ApplicationError(problem, type="PromptRefused", non_retryable=True)
