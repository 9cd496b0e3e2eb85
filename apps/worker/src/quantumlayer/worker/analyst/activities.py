"""What the analyst does to the outside world."""

from temporalio import activity

from quantumlayer.agents import (
    Conversation,
    PromptRefused,
    analyse,
    unserved_wish,
    with_unserved,
    without_unserved,
)
from quantumlayer.core.events import EventType
from quantumlayer.core.runs import WishDecision
from quantumlayer.qlayer.requirements import Language, Requirements, Unclear
from quantumlayer.qlayer.stacks import Nearest
from quantumlayer.worker.errors import step
from quantumlayer.worker.narration import (
    agent_finished,
    agent_started,
    prompt_refused,
    requirements_ready,
)
from quantumlayer.worker.nouns import Scope, Understood, UnservedWish, WishTask
from quantumlayer.worker.runtime import Runtime


class AnalystActivities:
    """The analyst's effects."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    @activity.defn
    async def understand_prompt(self, scope: Scope) -> Understood:
        """Prompt → requirements, stored and told."""
        async with step():
            await agent_started(self._runtime, scope, "analyst", "prompt")
            run = await self._runtime.recorder.load(scope.organisation_id, scope.run_id)
            conversation = self._runtime.conversation(scope)
            language = Language(run.language) if run.language else None
            try:
                understood = await analyse(
                    conversation, run.prompt, language, accept_partial=run.accept_partial
                )
            except PromptRefused as refusal:
                await self._tell_refusal(scope, conversation, refusal)
                raise
            wish = self._unserved(scope, run.prompt)
            requirements = with_unserved(_with_unmet_wish(understood, language), wish)
            address = await self._runtime.keep(requirements)
            async with agent_finished(
                self._runtime, scope, "analyst", "prompt", conversation
            ) as recording:
                recording.run.title = requirements.title
                recording.run.requirements_object = address
                await requirements_ready(recording, requirements)
                asked = None if wish is None else self._question(wish, run.accept_partial)
                if asked is not None:
                    await recording.tell(
                        "wish.unserved",
                        EventType.WISH_UNSERVED,
                        {
                            "words": list(asked.words),
                            "nearest": asked.nearest,
                            "title": asked.title,
                            "waitSeconds": asked.wait_seconds,
                        },
                    )
            return Understood(requirements=address, title=requirements.title, wish=asked)

    @activity.defn
    async def settle_wish(self, task: WishTask) -> Understood:
        """The requirements as they are now that it is decided, and told."""
        scope = task.scope
        async with step():
            requirements = await self._runtime.fetch(task.requirements, Requirements)
            if task.decision is WishDecision.NOT_MEANT:
                requirements = without_unserved(requirements)
            address = await self._runtime.keep(requirements)
            async with self._runtime.recorder.recording(
                scope.organisation_id, scope.run_id
            ) as recording:
                recording.run.requirements_object = address
                await recording.tell(
                    "wish.decided",
                    EventType.WISH_DECIDED,
                    {
                        "decision": task.decision.value,
                        "by": "somebody" if task.by_somebody else "default",
                    },
                )
            return Understood(requirements=address, title=requirements.title)

    def _unserved(self, scope: Scope, prompt: str) -> Nearest | None:
        """What no stack serves; a model that knows what it can build has said so by itself."""
        return unserved_wish(prompt) if self._runtime.traits(scope.model).guesses else None

    def _question(self, wish: Nearest, accepted: bool) -> UnservedWish:
        """Whoever takes a part has decided already."""
        return UnservedWish(
            words=wish.unserved,
            nearest=wish.stack.name,
            title=wish.stack.title,
            wait_seconds=0 if accepted else self._runtime.wish_wait_seconds,
        )

    async def _tell_refusal(
        self, scope: Scope, conversation: Conversation, refusal: PromptRefused
    ) -> None:
        """Says what was not understood; what the answer took is counted all the same."""
        async with agent_finished(
            self._runtime, scope, "analyst", "prompt", conversation
        ) as recording:
            await prompt_refused(recording, refusal)


def _with_unmet_wish(requirements: Requirements, wanted: Language | None) -> Requirements:
    """The requirements, saying so where they are for another language than the one wanted."""
    if wanted is None or requirements.language is wanted:
        return requirements
    reason = f"The application is written in {requirements.language.value} instead."
    unmet = Unclear(text=f"written in {wanted.value}", reason=reason)
    return requirements.model_copy(update={"not_understood": (*requirements.not_understood, unmet)})
