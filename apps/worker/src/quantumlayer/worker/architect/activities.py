"""What the architect does to the outside world."""

from temporalio import activity

from quantumlayer.agents import design
from quantumlayer.core.events import EventType
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import ArchitectTask, Designed, PlannedItem
from quantumlayer.worker.runtime import Runtime


class ArchitectActivities:
    """The architect's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def design_blueprint(self, task: ArchitectTask) -> Designed:
        """Requirements → blueprint, stored and told."""
        scope = task.scope
        async with step():
            await agent_started(self._runtime, scope, "architect", "blueprint")
            requirements = await self._runtime.fetch(task.requirements, Requirements)
            conversation = self._runtime.conversation(scope)
            blueprint = await design(conversation, requirements, max_files=scope.limits.files)
            address = await self._runtime.keep(blueprint)
            items = tuple(
                PlannedItem(path=file.path, role=file.role, depends_on=file.depends_on)
                for file in blueprint.files
            )
            async with agent_finished(
                self._runtime, scope, "architect", "blueprint", conversation
            ) as recording:
                recording.run.blueprint_object = address
                await recording.tell(
                    "blueprint.ready",
                    EventType.BLUEPRINT_READY,
                    {
                        "framework": blueprint.framework,
                        "files": [{"path": item.path, "role": item.role.value} for item in items],
                        "agents": {
                            "generator": sum(item.role is not FileRole.TEST for item in items),
                            "tester": sum(item.role is FileRole.TEST for item in items),
                        },
                    },
                )
            return Designed(blueprint=address, items=items)
