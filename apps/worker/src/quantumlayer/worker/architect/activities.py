"""What the architect does to the outside world."""

from collections.abc import Iterable, Mapping

from temporalio import activity

from quantumlayer.agents import Conversation, design, expected_characters, plan
from quantumlayer.agents.memory import Examples
from quantumlayer.core.events import EventType
from quantumlayer.qlayer import Blueprint, FileRole, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import role_of, suiting
from quantumlayer.worker.architect.ground import Ground, ground_of
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import agent_finished, agent_started
from quantumlayer.worker.nouns import ArchitectTask, Designed, PlannedItem
from quantumlayer.worker.runtime import Runtime, show_files

# Whose the files of a starter are.
STACK = "stack"


class ArchitectActivities:
    """The architect's effects in planning."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def design_blueprint(self, task: ArchitectTask) -> Designed:
        """Requirements → blueprint and what it begins with, stored and told."""
        scope = task.scope
        async with step():
            await agent_started(self._runtime, scope, "architect", "blueprint")
            requirements = await self._runtime.fetch(task.requirements, Requirements)
            conversation = self._runtime.conversation(scope)
            blueprint = await self._planned(task, requirements, conversation)
            ground = await ground_of(blueprint, self._runtime.resolve) if blueprint.stack else None
            planned = ground.blueprint if ground else blueprint
            starter = await self._laid_out(ground) if ground else None
            address = await self._runtime.keep(planned)
            items = tuple(
                PlannedItem(
                    path=file.path,
                    role=file.role,
                    depends_on=file.depends_on,
                    agent=file.agent,
                    characters=expected_characters(file),
                )
                for file in planned.files
            )
            async with agent_finished(
                self._runtime, scope, "architect", "blueprint", conversation
            ) as recording:
                recording.run.blueprint_object = address
                if starter is not None:
                    await show_files(recording, starter.files)
                await recording.tell(
                    "blueprint.ready",
                    EventType.BLUEPRINT_READY,
                    {
                        "framework": planned.framework,
                        "stack": planned.stack,
                        "files": [{"path": item.path, "role": item.role.value} for item in items],
                        "agents": _roster(items),
                        "notes": list(ground.notes) if ground else [],
                    },
                )
            return Designed(blueprint=address, items=items, stack=planned.stack, starter=starter)

    async def _planned(
        self, task: ArchitectTask, requirements: Requirements, conversation: Conversation
    ) -> Blueprint:
        """The plan of a model that builds on stacks, or of one that plans all by itself."""
        scope = task.scope
        if not self._runtime.traits(scope.model).takes_stacks:
            return await design(conversation, requirements, max_files=scope.limits.files)
        return await plan(
            conversation,
            requirements,
            nearest=suiting(requirements),
            max_files=scope.limits.files,
            examples=await self._runtime.fetch_if_any(task.examples, Examples),
        )

    async def _laid_out(self, ground: Ground) -> SourceTree:
        files = [
            await self._runtime.keep_file(path, text, role_of(ground.stack, path), STACK, ())
            for path, text in ground.files.items()
        ]
        return SourceTree().replacing(files)


def _roster(items: Iterable[PlannedItem]) -> Mapping[str, int]:
    """How many files each agent writes."""
    found: dict[str, int] = {"generator": 0, "tester": 0}
    for item in items:
        name = item.agent or ("tester" if item.role is FileRole.TEST else "generator")
        found[name] = found.get(name, 0) + 1
    return found
