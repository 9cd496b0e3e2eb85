"""The integrator at work: turns and tools until the platform grants the end, or limits do."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ChildWorkflowError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from quantumlayer.agents import goes_in_circles
    from quantumlayer.agents.integrator import Standing, standing
    from quantumlayer.qlayer import SourceTree
    from quantumlayer.qtest import Verdict
    from quantumlayer.worker.generate_capsule.children import stop
    from quantumlayer.worker.generate_capsule.exceptions import cause_of, explain
    from quantumlayer.worker.generate_capsule.verifying import SETTLED, verify
    from quantumlayer.worker.integrator.activities import IntegratorActivities
    from quantumlayer.worker.integrator.nouns import (
        AnswerTask,
        Closing,
        Integrated,
        IntegratorTask,
        Loop,
        ToolsTask,
        ToolsUsed,
        TurnTask,
    )
    from quantumlayer.worker.nouns import Verified
    from quantumlayer.worker.policies import COMPUTE, MODEL, STORE

_GRANTED = "the platform granted the end"
_NO_STEPS, _NO_TIME = "no step was left", "no time was left"
_CIRCLES = "the same failure came again and again"
_UNMENDABLE = "what is missing cannot be mended"


@workflow.defn
class Integrator:
    """A tree that does not hold → the best tree that came of it."""

    @workflow.run
    async def run(self, task: IntegratorTask) -> Integrated:
        """Loops within the limits of the run; whatever ends it, the best tree is kept."""
        self._task = task
        self._loop = task.loop or await self._opened()
        self._reason, self._granted = "", False
        self._trouble, self._trouble_kind = "", ""
        await self._in_time(self._until_granted())
        return await self._closed()

    async def _opened(self) -> Loop:
        task = self._task
        opened = await workflow.execute_activity_method(
            IntegratorActivities.open_loop, task, summary="what is wrong", **COMPUTE
        )
        return Loop(
            tree=opened.tree,
            transcript=opened.transcript,
            verifications=task.round_number,
            signatures=(_signature(task.before),),
            last=task.before,
            best=task.before,
            best_round=task.round_number,
        )

    async def _in_time(self, work: Coroutine[Any, Any, None]) -> None:
        """Does `work` until the loop's time is over."""
        making = asyncio.create_task(work)
        left = self._task.ends - workflow.now().timestamp()
        try:
            done, _ = await workflow.wait([making], timeout=max(left, 0))
        except asyncio.CancelledError:
            await stop(making)
            raise
        if done:
            making.result()
        else:
            await stop(making)
            self._reason = _NO_TIME

    async def _until_granted(self) -> None:
        try:
            while not self._reason:
                await self._turn()
                if not self._reason and workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(self._task.model_copy(update={"loop": self._loop}))
        except (ActivityError, ChildWorkflowError) as error:
            if is_cancelled_exception(error):
                raise
            self._end_with(error)

    def _end_with(self, error: ActivityError | ChildWorkflowError) -> None:
        """What the run's limits or the model decided ends the loop; all else ends the run, too."""
        verdict, self._reason = explain(error)
        if verdict is not Verdict.FAILED:
            self._trouble, self._trouble_kind = self._reason, cause_of(error)

    async def _turn(self) -> None:
        """One turn of the model and what it calls; sets why the loop is over, where it is."""
        task, loop = self._task, self._loop
        steps_left = task.scope.limits.integrator_steps - loop.steps
        if steps_left <= 0:
            self._reason = _NO_STEPS
            return
        taken = await workflow.execute_activity_method(
            IntegratorActivities.take_turn,
            TurnTask(scope=task.scope, transcript=loop.transcript),
            summary=f"after {loop.steps} steps",
            **MODEL,
        )
        used = await workflow.execute_activity_method(
            IntegratorActivities.use_tools,
            ToolsTask(
                scope=task.scope,
                requirements=task.requirements,
                blueprint=_blueprint(loop.last, task.blueprint),
                transcript=taken.transcript,
                tree=loop.tree,
                steps_left=steps_left,
            ),
            summary="its calls",
            **COMPUTE,
        )
        self._loop = loop.model_copy(
            update={
                "transcript": used.transcript,
                "tree": used.tree,
                "steps": used.steps,
                "unverified": loop.unverified or used.changed,
            }
        )
        if used.whole is not None:
            await self._asked(used, used.whole)

    async def _asked(self, used: ToolsUsed, tree: SourceTree) -> None:
        """The platform's answer to a wish to finish, or to a loop that ends without one."""
        ends = used.stopped or (_NO_STEPS if not used.finishes else "")
        rounds = self._task.scope.limits.repair_rounds
        if not self._loop.unverified and self._loop.last.validated.verdict in SETTLED:
            # What a reader called wrong was left as it is, and it still holds.
            self._granted, self._reason = True, _GRANTED
        elif self._loop.verifications < rounds and (used.finishes or self._loop.unverified):
            await self._verify(tree)
        if self._granted:
            return
        self._reason = ends or self._over(rounds)
        if not self._reason:
            answered = await workflow.execute_activity_method(
                IntegratorActivities.answer_finish,
                AnswerTask(
                    scope=self._task.scope,
                    transcript=self._loop.transcript,
                    tree=self._loop.tree,
                    verified=self._loop.last,
                    verifications_left=rounds - self._loop.verifications,
                ),
                summary="not granted",
                **COMPUTE,
            )
            self._loop = self._loop.model_copy(
                update={"transcript": answered.transcript, "tree": answered.tree}
            )

    def _over(self, rounds: int) -> str:
        """Why asking once more would be in vain, empty where it would not."""
        if not self._loop.last.validated.mendable:
            return _UNMENDABLE
        if goes_in_circles(self._loop.signatures):
            return _CIRCLES
        if self._loop.verifications >= rounds:
            return f"it was verified {rounds} times, as often as the run may"
        return ""

    async def _verify(self, tree: SourceTree) -> None:
        """Has the platform verify a tree, and keeps it where it is better than all before."""
        task, loop = self._task, self._loop
        number = loop.verifications + 1
        found = await verify(
            task.scope, task.requirements, _blueprint(loop.last, task.blueprint), tree, number
        )
        is_best = self._is_better(found, loop.best)
        self._loop = loop.model_copy(
            update={
                "verifications": number,
                "unverified": False,
                "signatures": (*loop.signatures, _signature(found)),
                "last": found,
                **({"best": found, "best_round": number} if is_best else {}),
            }
        )
        if found.validated.verdict in SETTLED:
            self._granted, self._reason = True, _GRANTED

    def _is_better(self, found: Verified, best: Verified) -> bool:
        """Whether a tree takes the place of the best one; what somebody asked for is better."""
        if self._task.review is not None or self._task.scope.base is not None:
            return _standing(found) <= _standing(best)
        return _standing(found) < _standing(best)

    async def _closed(self) -> Integrated:
        """The best tree, shown as the run's; once more verified where another one was last."""
        task, loop = self._task, self._loop
        closing = Closing(
            scope=task.scope,
            name=task.name,
            tree=loop.best.tree,
            steps=loop.steps,
            verifications=loop.verifications,
            granted=self._granted,
            reason=self._reason,
        )
        await workflow.execute_activity_method(
            IntegratorActivities.close_loop, closing, summary=self._reason, **STORE
        )
        best, number = loop.best, loop.verifications
        if loop.best_round != loop.verifications and not self._trouble:
            # So that all that is shown of the run is about the tree that it ends with.
            number += 1
            best = await verify(
                task.scope,
                task.requirements,
                _blueprint(loop.best, task.blueprint),
                best.tree,
                number,
            )
        return Integrated(
            best=best,
            verifications=number,
            granted=self._granted,
            trouble=self._trouble,
            trouble_kind=self._trouble_kind,
        )


def _blueprint(found: Verified, planned: str) -> str:
    """The plan that a tree was tested with: it may have got packages."""
    return found.tested.blueprint or planned


def _signature(found: Verified) -> str:
    return f"{found.tested.signature}/{found.validated.signature}"


def _standing(found: Verified) -> Standing:
    return standing(found.validated.verdict, found.validated.blocking)
