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
    """The system and the user message of `task`, filled from `context`."""
    environment = _environment()
    return (
        Message(role="system", content=environment.get_template("system.md.j2").render(task=task)),
        Message(role="user", content=environment.get_template(f"{task}.md.j2").render(**context)),
    )
