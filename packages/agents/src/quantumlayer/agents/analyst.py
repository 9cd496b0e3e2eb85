"""The analyst: prompt → requirements."""

from collections.abc import Iterator, Sequence

from quantumlayer.agents.answers import AnalystAnswer
from quantumlayer.agents.conversation import Conversation, Step
from quantumlayer.agents.prompts import messages
from quantumlayer.qlayer.requirements import Language, Requirements, Unclear
from quantumlayer.qlayer.stacks import language_of, nearest

_NAMED = 3
_WORDS_SHOWN = 160


class PromptRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """The prompt is not built; the message says why, and quotes `not_understood` line by line.

    The quotes follow the first line of `said`, and what it says of ways out follows them.
    """

    def __init__(self, said: str, not_understood: Sequence[Unclear] = ()) -> None:
        first, *more = said.splitlines()
        super().__init__("\n".join((first, *_quoted(not_understood), *more)))
        self.not_understood = tuple(not_understood)


async def analyse(
    conversation: Conversation,
    prompt: str,
    language: Language | None,
    *,
    accept_partial: bool = False,
) -> Requirements:
    """What `prompt` asks for. Raises PromptRefused with words for the user.

    With `accept_partial` a model that would refuse what it does not understand wholly may go on
    with the rest, which the requirements then name.
    """
    found = nearest(prompt)
    usual = language_of(found.stack) if found else Language.PYTHON
    answer = await conversation.ask(
        Step("analyst", "analyse", "prompt"),
        messages(
            "analyse",
            prompt=prompt,
            language=language,
            usual=usual.value,
            nearest=found.stack if found else None,
        ),
        {"prompt": prompt, "language": language, "accept_partial": accept_partial},
        AnalystAnswer,
    )
    if answer.requirements is None:
        said = answer.refusal or "nothing in this description can be built"
        raise PromptRefused(said, answer.not_understood)
    return answer.requirements


def _quoted(parts: Sequence[Unclear]) -> Iterator[str]:
    """A line for each part: its words, and what is said of them."""
    for part in parts[:_NAMED]:
        words = " ".join(part.text.split())
        short = words if len(words) <= _WORDS_SHOWN else f"{words[:_WORDS_SHOWN]}…"
        yield f"“{short}”: {part.reason}"
    if len(parts) > _NAMED:
        yield f"… and {len(parts) - _NAMED} more."
