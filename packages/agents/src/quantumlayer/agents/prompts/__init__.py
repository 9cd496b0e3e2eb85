"""What the roles say to a language model: one template a task, with a version of all."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from quantumlayer.router import Message

PROMPT_VERSION = "3"
"""Goes up with every change of a template, so that a capsule can name what its model was told."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("quantumlayer.agents", "prompts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - these are prompts for a model, not pages for a browser
        keep_trailing_newline=False,
    )


def messages(task: str, **context: object) -> tuple[Message, ...]:
    """The system and the user message of `task`, filled from `context`.

    The system message is the same for every item of a task, so providers may keep it.
    """
    environment = _environment()
    system = environment.get_template("system.md.j2").render(task=task)
    asked = environment.get_template(f"{task}.md.j2").render(**context)
    return (
        Message(role="system", content=system, cache_until_here=True),
        Message(role="user", content=asked),
    )
