"""What the roles say to a language model: one template a task, with a version of all.

A provider keeps what requests begin with alike, so what is the same comes first: one system message
for all tasks, then what holds for a whole run, then the item.
"""

import shlex
from collections.abc import Iterable, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from quantumlayer.router import Message

PROMPT_VERSION = "7"
"""Goes up with every change of a template, so that a capsule can name what its model was told."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("quantumlayer.agents", "prompts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - these are prompts for a model, not pages for a browser
        keep_trailing_newline=False,
    )
    environment.filters["as_typed"] = _as_typed
    return environment


def _as_typed(commands: Iterable[Sequence[str]]) -> str:
    return ", ".join(f"`{shlex.join(command)}`" for command in commands)


def rendered(template: str, **context: object) -> str:
    """One template, filled from `context`."""
    return _environment().get_template(f"{template}.md.j2").render(**context)


def messages(task: str, **context: object) -> tuple[Message, ...]:
    """The system and the user message of `task`, filled from `context`.

    The system message is the same for every task, so providers may keep it.
    """
    return (
        Message(role="system", content=rendered("system"), cache_until_here=True),
        Message(role="user", content=rendered(task, **context)),
    )


def conversation_of(
    constants: Sequence[Message], item: str, shown: Sequence[Message] = ()
) -> tuple[Message, ...]:
    """A question of a run: what all of its questions begin with, and the item that this one asks.

    `shown` is what the questions of one agent have between. Of the constants only the end is marked
    to be kept: providers take few marks.
    """
    kept = [message.model_copy(update={"cache_until_here": False}) for message in constants[:-1]]
    last = constants[-1].model_copy(update={"cache_until_here": True})
    return (*kept, last, *shown, Message(role="user", content=item))
