"""The analyst: prompt → requirements."""

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.agents.conversation import Conversation
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer.requirements import Language, Requirements


class PromptRefused(Exception):  # noqa: N818
    """Nothing essential of the prompt can be built; the message says what can be."""


async def analyse(
    conversation: Conversation, prompt: str, language: Language | None
) -> Requirements:
    """What `prompt` asks for. Raises PromptRefused with a sentence for the user."""
    answer = await conversation.ask(
        "analyse",
        "prompt",
        messages("analyse", prompt=prompt, language=language),
        {"prompt": prompt, "language": language},
        AnalystAnswer,
    )
    if answer.requirements is None:
        raise PromptRefused(answer.refusal or "nothing in this description can be built")
    return answer.requirements
