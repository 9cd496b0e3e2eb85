"""The architect: requirements → blueprint."""

from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import Requirements


class BlueprintTooLarge(Exception):  # noqa: N818 - a refusal, not a fault
    """The plan has more files than the run may write."""


async def design(
    conversation: Conversation, requirements: Requirements, *, max_files: int
) -> Blueprint:
    """The files that make the application, in dependency order. Raises BlueprintTooLarge."""
    blueprint = await conversation.ask(
        "design",
        "blueprint",
        messages("design", requirements=requirements, max_files=max_files),
        {"requirements": requirements.model_dump(mode="json")},
        Blueprint,
    )
    if len(blueprint.files) > max_files:
        raise BlueprintTooLarge(
            f"the plan has {len(blueprint.files)} files, this run may write {max_files}; "
            "describe a smaller application or raise the limit"
        )
    return blueprint
