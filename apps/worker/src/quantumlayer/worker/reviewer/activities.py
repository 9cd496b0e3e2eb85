"""What the reviewer does to the outside world: it asks the model, once, about the whole."""

from temporalio import activity

from quantumlayer.agents.reviewer import review
from quantumlayer.core.events import EventType
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.quality import Review, Weight
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.worker.errors import step
from quantumlayer.worker.evidence import unread
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import Reviewed, ReviewTask
from quantumlayer.worker.runtime import Runtime

_AGENT = "reviewer"


class ReviewerActivities:
    """The reviewer's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def review_tree(self, task: ReviewTask) -> Reviewed:
        """Source tree and wish → remarks, stored and told."""
        runtime, scope, item = self._runtime, task.scope, f"reading-{task.number}"
        async with step():
            await agent_started(runtime, scope, _AGENT, item)
            run = await runtime.recorder.load(scope.organisation_id, scope.run_id)
            conversation = runtime.conversation(scope)
            remarks = await review(
                conversation,
                await runtime.fetch(task.requirements, Requirements),
                await runtime.fetch(task.blueprint, Blueprint),
                texts=await runtime.texts(task.tree.addresses()),
                prompt=run.prompt,
                number=task.number,
                unread=unread(task.tree),
            )
            address = await runtime.keep(Review(remarks=remarks))
            async with agent_finished(runtime, scope, _AGENT, item, conversation) as recording:
                await recording.tell(
                    f"review.finished/{item}",
                    EventType.REVIEW_FINISHED,
                    {
                        "reading": task.number,
                        "remarks": [one.model_dump(mode="json") for one in remarks],
                    },
                )
            wrong = sum(one.weight is Weight.WRONG for one in remarks)
            return Reviewed(review=address, wrong=wrong)
