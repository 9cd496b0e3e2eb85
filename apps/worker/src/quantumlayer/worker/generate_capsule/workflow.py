"""GenerateCapsule: the story of a run, from a prompt to a signed capsule."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from quantumlayer.agents import goes_in_circles
    from quantumlayer.core.runs import (
        DECIDE_WISH,
        VERDICT_ATTRIBUTE,
        WORKFLOW,
        GenerationRequest,
        WishDecision,
    )
    from quantumlayer.qlayer import FileRole, SourceFile, SourceTree
    from quantumlayer.qtest import Verdict
    from quantumlayer.worker.analyst.activities import AnalystActivities
    from quantumlayer.worker.analyst.workflow import Analyst
    from quantumlayer.worker.architect.workflow import Architect
    from quantumlayer.worker.generate_capsule.activities import RunActivities
    from quantumlayer.worker.generate_capsule.exceptions import explain, was_cancelled_before
    from quantumlayer.worker.generator.workflow import Generator
    from quantumlayer.worker.nouns import (
        ArchitectTask,
        DeliveryTask,
        Designed,
        Ending,
        FileTask,
        Packaged,
        PackageTask,
        PlannedItem,
        Repaired,
        RepairTask,
        Scope,
        Tested,
        TestsToWrite,
        Understood,
        UnservedWish,
        Validated,
        ValidatorTask,
        WishTask,
    )
    from quantumlayer.worker.packager.activities import PackagerActivities
    from quantumlayer.worker.packager.workflow import Packager
    from quantumlayer.worker.policies import CHILD, COMPUTE, STORE
    from quantumlayer.worker.repairer.workflow import Repairer
    from quantumlayer.worker.tester.workflow import Tester
    from quantumlayer.worker.validator.workflow import Validator

ResultT = TypeVar("ResultT")
_ASKS = "asks what becomes of a wish that no stack serves"
_VERDICT = SearchAttributeKey.for_keyword(VERDICT_ATTRIBUTE)


@workflow.defn(name=WORKFLOW)
class GenerateCapsule:
    """One run. Holds references and decisions; every effect is an activity of a child."""

    def __init__(self) -> None:
        self._story: list[str] = []
        self._understood: Understood | None = None
        self._designed: Designed | None = None
        self._tree = SourceTree()
        self._validated: Validated | None = None
        self._tested: Tested | None = None
        self._repairs = 0
        self._signatures: list[str] = []
        self._sound: tuple[SourceTree, Tested, Validated] | None = None
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
        try:
            ending = await self._begin_and_generate(scope)
        except BaseException as error:
            if not is_cancelled_exception(error):
                raise
            await self._finish(Ending(scope=scope, verdict=None, reason="cancelled"))
            raise
        await self._finish(ending)
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

    async def _begin_and_generate(self, scope: Scope) -> Ending:
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
        }
        return await self._generate(scope.model_copy(update=known))

    async def _generate(self, scope: Scope) -> Ending:
        trouble = await self._trouble_with_work(scope)
        if self._stopped:
            return Ending(scope=scope, verdict=None, reason=self._stopped)
        if self._understood is None or self._designed is None:
            verdict, reason = trouble or (Verdict.INFRASTRUCTURE_ERROR, "nothing was designed")
            return Ending(scope=scope, verdict=verdict, reason=reason)
        try:
            packaged = await self._package(scope, trouble)
        except ChildWorkflowError as error:
            if is_cancelled_exception(error):
                raise
            verdict, reason = explain(error)
            return Ending(scope=scope, verdict=verdict, reason=reason)
        return Ending(scope=scope, verdict=packaged.verdict, reason=packaged.reason)

    async def _trouble_with_work(self, scope: Scope) -> tuple[Verdict, str] | None:
        """What kept the work from its end, within the run's wall time; None: nothing did."""
        seconds = scope.limits.wall_seconds
        work = asyncio.create_task(self._work(scope))
        try:
            done, _ = await workflow.wait([work], timeout=seconds)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
        if not done:
            return Verdict.TIMED_OUT, f"the run did not finish within {seconds} seconds"
        error = work.exception()
        if error is None:
            return None
        if is_cancelled_exception(error):
            raise error
        return explain(error)

    async def _work(self, scope: Scope) -> None:
        self._tell("The analyst reads the prompt.")
        try:
            self._understood = await self._child(Analyst.run, scope, "analyst", Understood)
            self._question = self._understood.wish
        finally:
            self._analysed = True
        # Runs that were in flight when this step was new go on as they began.
        if self._understood.wish is not None and workflow.patched(_ASKS):
            await self._ask(scope, self._understood, self._understood.wish)
            if self._stopped:
                return
        self._tell(f"The architect plans *{self._understood.title}*.")
        self._designed = await self._child(
            Architect.run,
            ArchitectTask(scope=scope, requirements=self._understood.requirements),
            "architect",
            Designed,
        )
        await self._write_sources(scope)
        for round_number in range(scope.limits.repair_rounds + 1):
            if await self._check(scope, round_number):
                await self._strengthen(scope, round_number + 1)
                return
            self._keep_if_sound()
            if round_number == scope.limits.repair_rounds or not await self._repair(
                scope, round_number + 1
            ):
                break
        await self._go_back_to_sound(scope, self._repairs + 1)

    async def _ask(self, scope: Scope, understood: Understood, wish: UnservedWish) -> None:
        """Waits for a decision on what no stack serves; without one the nearest is taken."""
        words = ", ".join(wish.words)
        self._tell(f"No stack serves *{words}*; the nearest is *{wish.title}*.")
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._decision is not None, timeout=timedelta(seconds=wish.wait_seconds)
            )
        self._question = None
        decision = self._decision or WishDecision.ACCEPT
        self._understood = await workflow.execute_activity_method(
            AnalystActivities.settle_wish,
            WishTask(
                scope=scope,
                requirements=understood.requirements,
                decision=decision,
                by_somebody=self._decision is not None,
            ),
            summary=f"{words}: {decision.value}",
            **STORE,
        )
        if decision is WishDecision.STOP:
            self._stopped = f"stopped, because no stack serves {words}; the nearest is {wish.title}"

    def _keep_if_sound(self) -> None:
        """What is only incomplete must not be lost to a repair that breaks it."""
        tested, validated = _known(self._tested), _known(self._validated)
        if validated.verdict is Verdict.INCOMPLETE:
            self._sound = (self._tree, tested, validated)

    async def _go_back_to_sound(self, scope: Scope, round_number: int) -> None:
        verdict = _known(self._validated).verdict
        if self._sound is None or verdict is Verdict.INCOMPLETE:
            return
        self._tell("The repair broke what was sound: what was there before is kept.")
        self._tree, self._tested, self._validated = self._sound
        # Once more, so that all that is shown of the run is about the tree that it ends with.
        await self._check(scope, round_number)

    async def _write_sources(self, scope: Scope) -> None:
        designed = _known(self._designed)
        sources = [item for item in designed.items if item.role is not FileRole.TEST]
        self._tell(f"Generators write {len(sources)} files.")
        delivery = asyncio.create_task(self._delivery_files(scope))
        limit = asyncio.Semaphore(scope.limits.parallel_agents)
        writing: dict[str, asyncio.Task[SourceFile]] = {}

        async def write(item: PlannedItem) -> SourceFile:
            needed = [writing[path] for path in item.depends_on if path in writing]
            written = {file.path: file.sha256 for file in await asyncio.gather(*needed)}
            async with limit:
                file = await self._generator(scope, item, written)
            self._tree = self._tree.replacing([file])
            return file

        for item in sources:
            writing[item.path] = asyncio.create_task(write(item))
        try:
            await asyncio.gather(*writing.values(), delivery)
        except BaseException:
            # One file failed: the others would only spend for a run that has ended.
            for task in (*writing.values(), delivery):
                task.cancel()
            await asyncio.gather(*writing.values(), delivery, return_exceptions=True)
            raise

    async def _generator(
        self, scope: Scope, item: PlannedItem, written: dict[str, str]
    ) -> SourceFile:
        return await self._child(
            Generator.run,
            FileTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                blueprint=_known(self._designed).blueprint,
                path=item.path,
                written=written,
            ),
            f"generator/{_slug(item.path)}",
            SourceFile,
            summary=item.path,
        )

    async def _delivery_files(self, scope: Scope) -> None:
        delivered = await workflow.execute_activity_method(
            PackagerActivities.write_delivery_files,
            DeliveryTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                blueprint=_known(self._designed).blueprint,
            ),
            summary="lock, Dockerfile, manifests",
            **COMPUTE,
        )
        self._tree = self._tree.replacing(delivered.files)

    async def _check(self, scope: Scope, round_number: int) -> bool:
        self._tell(
            "The tester runs every test and starts what is delivered; the validator weighs it."
        )
        suffix = "" if round_number == 0 else f"/round-{round_number}"
        tests = [item for item in _known(self._designed).items if item.role is FileRole.TEST]
        self._tested = await self._child(
            Tester.run,
            TestsToWrite(
                scope=scope,
                requirements=_known(self._understood).requirements,
                blueprint=self._blueprint(),
                waves=_waves(tests) if round_number == 0 else (),
                tree=self._tree,
                round_number=round_number,
            ),
            f"tester{suffix}",
            Tested,
        )
        self._tree = self._tested.tree
        self._validated = await self._child(
            Validator.run,
            ValidatorTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                blueprint=self._blueprint(),
                tree=self._tree,
                report=self._tested.report,
                delivery=self._tested.delivery,
                mutation=self._tested.mutation,
                round_number=round_number,
            ),
            f"validator{suffix}",
            Validated,
        )
        # What the platform lacks is no fault of the code: repairing would spend for nothing.
        settled = (Verdict.PASSED, Verdict.INFRASTRUCTURE_ERROR)
        return self._validated.verdict in settled or not self._validated.mendable

    def _blueprint(self) -> str:
        """The plan of the tree that was tested last: it goes back where that does."""
        changed = self._tested.blueprint if self._tested else None
        return changed or _known(self._designed).blueprint

    async def _strengthen(self, scope: Scope, round_number: int) -> None:
        """Once, and within the repair rounds: show the tester what its tests do not notice.

        What passed before is kept where the new tests do not pass.
        """
        tested, validated = _known(self._tested), _known(self._validated)
        if not tested.weak or round_number > scope.limits.repair_rounds:
            return
        self._tell("The tester looks again: some changes of the code would go unnoticed.")
        before = (self._tree, tested, validated)
        repaired = await self._child(
            Repairer.run,
            RepairTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                tree=self._tree,
                validation=validated.validation,
                report=tested.report,
                mutation=tested.mutation,
                round_number=round_number,
                again=False,
            ),
            f"tester/round-{round_number}/tests",
            Repaired,
        )
        self._repairs = round_number
        if repaired.changed == 0:
            return
        self._tree = repaired.tree
        if not await self._check(scope, round_number):
            self._tree, self._tested, self._validated = before
            # Once more, so that all that is shown of the run is about the tree that it ends with.
            await self._check(scope, round_number + 1)

    async def _repair(self, scope: Scope, round_number: int) -> bool:
        tested, validated = _known(self._tested), _known(self._validated)
        signature = f"{tested.signature}/{validated.signature}"
        self._signatures.append(signature)
        if goes_in_circles(self._signatures):
            self._tell("The same failure again: repairing stops.")
            return False
        self._tell(f"The repairer mends what failed, round {round_number}.")
        repaired = await self._child(
            Repairer.run,
            RepairTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                tree=self._tree,
                validation=validated.validation,
                report=tested.report,
                round_number=round_number,
                again=signature in self._signatures[:-1],
            ),
            f"repairer/round-{round_number}",
            Repaired,
        )
        self._repairs = round_number
        self._tree = repaired.tree
        return repaired.changed > 0

    async def _package(self, scope: Scope, trouble: tuple[Verdict, str] | None) -> Packaged:
        self._tell("The packager assesses, builds and signs the capsule.")
        return await self._child(
            Packager.run,
            PackageTask(
                scope=scope,
                requirements=_known(self._understood).requirements,
                blueprint=self._blueprint(),
                tree=self._tree,
                validation=self._validated.validation if self._validated else None,
                report=self._tested.report if self._tested else None,
                mutation=self._tested.mutation if self._tested else None,
                repair_rounds=self._repairs,
                trouble=trouble[1] if trouble else None,
                trouble_verdict=trouble[0] if trouble else None,
            ),
            "packager",
            Packaged,
        )

    async def _finish(self, ending: Ending) -> None:
        outcome = ending.verdict.value if ending.verdict else "cancelled"
        workflow.upsert_search_attributes([_VERDICT.value_set(outcome)])
        self._tell(f"**{outcome}**: {ending.reason}")
        finishing = asyncio.create_task(
            workflow.execute_activity_method(
                RunActivities.finish_run, ending, summary=outcome, **STORE
            )
        )
        # A run that is cancelled in its last moment still says how it ended.
        while not finishing.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(finishing)
        finishing.result()

    async def _child(
        self,
        run: Any,  # noqa: ANN401 - a workflow's run method; its types are the SDK's
        argument: object,
        name: str,
        result: type[ResultT],
        summary: str | None = None,
    ) -> ResultT:
        outcome = await workflow.execute_child_workflow(
            run,
            argument,
            id=f"{workflow.info().workflow_id}/{name}",
            static_summary=summary or name,
            execution_timeout=timedelta(days=1),
            **CHILD,
        )
        if not isinstance(outcome, result):
            raise TypeError(f"the child {name} gave {type(outcome).__name__}")
        return outcome

    def _tell(self, sentence: str) -> None:
        self._story.append(f"1. {sentence}")
        workflow.set_current_details("\n".join(self._story))


def _known(value: ResultT | None) -> ResultT:
    if value is None:
        raise RuntimeError("a step was taken before the one it leans on")
    return value


def _slug(path: str) -> str:
    """A path as one readable word of a workflow id: `src/orders.py` → `src-orders-py`."""
    return "-".join("".join(c if c.isalnum() else " " for c in path).split())


def _waves(items: Sequence[PlannedItem]) -> tuple[tuple[PlannedItem, ...], ...]:
    """`items` in groups: each leans only on files outside or in earlier groups."""
    waves: list[tuple[PlannedItem, ...]] = []
    left = list(items)
    while left:
        waiting = {item.path for item in left}
        ready = tuple(item for item in left if not _any_in(item.depends_on, waiting))
        waves.append(ready)
        left = [item for item in left if item not in ready]
    return tuple(waves)


def _any_in(paths: Iterable[str], waiting: set[str]) -> bool:
    return any(path in waiting for path in paths)
