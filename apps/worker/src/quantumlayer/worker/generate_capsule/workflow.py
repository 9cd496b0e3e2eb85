"""GenerateCapsule: the story of a run, from a prompt to a signed capsule."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from quantumlayer.core.runs import (
        DECIDE_WISH,
        VERDICT_ATTRIBUTE,
        WORKFLOW,
        GenerationRequest,
        WishDecision,
    )
    from quantumlayer.qtest import Verdict
    from quantumlayer.worker.analyst.activities import AnalystActivities
    from quantumlayer.worker.analyst.workflow import Analyst
    from quantumlayer.worker.architect.workflow import Architect
    from quantumlayer.worker.generate_capsule.activities import RunActivities
    from quantumlayer.worker.generate_capsule.children import child, stop
    from quantumlayer.worker.generate_capsule.exceptions import explain, was_cancelled_before
    from quantumlayer.worker.generate_capsule.mending import mend
    from quantumlayer.worker.generate_capsule.recalling import recall
    from quantumlayer.worker.generate_capsule.revising import revise
    from quantumlayer.worker.generate_capsule.work import Work
    from quantumlayer.worker.generate_capsule.writing import write_files
    from quantumlayer.worker.nouns import (
        ArchitectTask,
        Designed,
        Ending,
        Packaged,
        PackageTask,
        Scope,
        Understood,
        UnservedWish,
        WishTask,
    )
    from quantumlayer.worker.packager.workflow import Packager
    from quantumlayer.worker.policies import STORE

_ASKS = "asks what becomes of a wish that no stack serves"
_VERDICT = SearchAttributeKey.for_keyword(VERDICT_ATTRIBUTE)


@workflow.defn(name=WORKFLOW)
class GenerateCapsule:
    """One run. Holds references and decisions; every effect is an activity of a child."""

    def __init__(self) -> None:
        self._analysed = False
        self._question: UnservedWish | None = None
        self._decision: WishDecision | None = None
        self._stopped = ""

    @workflow.run
    async def run(self, request: GenerationRequest) -> Ending:
        """How the run ended; its capsule and its report are kept whatever happened."""
        scope = Scope(
            run_id=request.run_id,
            organisation_id=request.organisation_id,
            model="",
            limits=request.limits,
        )
        work = Work(scope)
        try:
            ending = await self._begin_and_generate(work)
        except BaseException as error:
            if not is_cancelled_exception(error):
                raise
            await _finish(work, Ending(scope=scope, verdict=None, reason="cancelled"))
            raise
        await _finish(work, ending)
        return ending

    @workflow.update(name=DECIDE_WISH)
    async def decide_wish(self, decision: WishDecision) -> None:
        """What becomes of the wish that no stack serves; the first answer holds."""
        # Whoever hears the question may be faster than this workflow.
        await workflow.wait_condition(lambda: self._analysed)
        self._refuse_if_nothing_is_asked()
        self._decision = decision

    @decide_wish.validator
    def _is_asked(self, decision: WishDecision) -> None:  # noqa: ARG002 - named as the update does
        if self._analysed:
            self._refuse_if_nothing_is_asked()

    def _refuse_if_nothing_is_asked(self) -> None:
        if self._question is None or self._decision is not None:
            said = "the run asks nothing, or has its answer already"
            raise ApplicationError(said, type="NothingAsked", non_retryable=True)

    async def _begin_and_generate(self, work: Work) -> Ending:
        scope = work.scope
        try:
            begun = await workflow.execute_activity_method(
                RunActivities.begin_run, scope, summary="begin", **STORE
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            if was_cancelled_before(error):
                return Ending(scope=scope, verdict=None, reason="cancelled before it began")
            verdict, reason = explain(error)
            return Ending(scope=scope, verdict=verdict, reason=reason)
        known = {
            "model": begun.model,
            "untidy": begun.untidy,
            "chooses_packages": begun.chooses_packages,
            "base": begun.base,
            "imported": begun.imported,
            "repairs": begun.repairs,
            "remembers": begun.remembers,
        }
        work.scope = scope.model_copy(update=known)
        return await self._generate(work)

    async def _generate(self, work: Work) -> Ending:
        scope = work.scope
        trouble = await self._trouble_with(work)
        if self._stopped:
            return Ending(scope=scope, verdict=None, reason=self._stopped)
        if work.understood is None or work.designed is None:
            verdict, reason = trouble or (Verdict.INFRASTRUCTURE_ERROR, "nothing was designed")
            return Ending(scope=scope, verdict=verdict, reason=reason)
        try:
            packaged = await _package(work, trouble)
        except ChildWorkflowError as error:
            if is_cancelled_exception(error):
                raise
            verdict, reason = explain(error)
            return Ending(scope=scope, verdict=verdict, reason=reason)
        return Ending(
            scope=scope,
            verdict=packaged.verdict,
            reason=packaged.reason,
            memorable=work.memorable if packaged.verdict is Verdict.PASSED else None,
        )

    async def _trouble_with(self, work: Work) -> tuple[Verdict, str] | None:
        """What kept the work from its end, within the run's wall time; None: nothing did."""
        seconds = work.scope.limits.wall_seconds
        making = asyncio.create_task(self._make(work))
        try:
            done, _ = await workflow.wait([making], timeout=seconds)
        except asyncio.CancelledError:
            await stop(making)
            raise
        if not done:
            await stop(making)
            return Verdict.TIMED_OUT, f"the run did not finish within {seconds} seconds"
        error = making.exception()
        if error is None:
            return None
        if is_cancelled_exception(error):
            raise error
        return explain(error)

    async def _make(self, work: Work) -> None:
        if work.scope.base is not None:
            self._analysed = True
            await revise(work)
            return
        work.tell("The analyst reads the prompt.")
        try:
            understood = await child(Analyst.run, work.scope, "analyst", Understood)
            work.understood, self._question = understood, understood.wish
        finally:
            self._analysed = True
        # Runs that were in flight when this step was new go on as they began.
        if understood.wish is not None and workflow.patched(_ASKS):
            work.understood = await self._settled(work, understood, understood.wish)
            if self._stopped:
                return
        await recall(work)
        work.tell(f"The architect plans *{work.understood.title}*.")
        work.designed = await child(
            Architect.run,
            ArchitectTask(scope=work.scope, requirements=work.requirements, examples=work.examples),
            "architect",
            Designed,
        )
        work.begin_on_starter()
        await write_files(work)
        await mend(work)

    async def _settled(self, work: Work, understood: Understood, wish: UnservedWish) -> Understood:
        """Waits for a decision on what no stack serves; without one the nearest is taken."""
        words = ", ".join(wish.words)
        work.tell(f"No stack serves *{words}*; the nearest is *{wish.title}*.")
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._decision is not None, timeout=timedelta(seconds=wish.wait_seconds)
            )
        self._question = None
        decision = self._decision or WishDecision.ACCEPT
        settled = await workflow.execute_activity_method(
            AnalystActivities.settle_wish,
            WishTask(
                scope=work.scope,
                requirements=understood.requirements,
                decision=decision,
                by_somebody=self._decision is not None,
            ),
            summary=f"{words}: {decision.value}",
            **STORE,
        )
        if decision is WishDecision.STOP:
            self._stopped = f"stopped, because no stack serves {words}; the nearest is {wish.title}"
        return settled


async def _package(work: Work, trouble: tuple[Verdict, str] | None) -> Packaged:
    work.tell("The packager assesses, builds and signs the capsule.")
    return await child(
        Packager.run,
        PackageTask(
            scope=work.scope,
            requirements=work.requirements,
            blueprint=work.blueprint,
            tree=work.tree,
            validation=work.validated.validation if work.validated else None,
            report=work.tested.report if work.tested else None,
            mutation=work.tested.mutation if work.tested else None,
            readings=tuple(work.readings),
            tests_stay=work.tests_stay,
            repair_rounds=work.repairs,
            trouble=trouble[1] if trouble else None,
            trouble_verdict=trouble[0] if trouble else None,
        ),
        "packager",
        Packaged,
    )


async def _finish(work: Work, ending: Ending) -> None:
    outcome = ending.verdict.value if ending.verdict else "cancelled"
    workflow.upsert_search_attributes([_VERDICT.value_set(outcome)])
    work.tell(f"**{outcome}**: {ending.reason}")
    finishing = asyncio.create_task(
        workflow.execute_activity_method(RunActivities.finish_run, ending, summary=outcome, **STORE)
    )
    # A run that is cancelled in its last moment still says how it ended.
    while not finishing.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(finishing)
    finishing.result()
