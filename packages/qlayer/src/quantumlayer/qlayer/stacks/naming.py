"""The name of a project, put where its starter has one of its own."""

from quantumlayer.qlayer.noun import Slug
from quantumlayer.qlayer.stacks.model import Stack

KEBAB, SNAKE, JOINED = "starter-name", "starter_name", "startername"
"""How starters spell their name: for packages, for modules, and where neither sign may stand."""


def named(stack: Stack, name: Slug) -> Stack:
    """A stack for one project: its name stands in commands, settings, paths and files.

    `starter` of the answer is what the project begins with.
    """
    return Stack.model_validate_json(renamed(stack.model_dump_json(), name))


def renamed(text: str, name: Slug) -> str:
    spelt = ((KEBAB, name), (SNAKE, name.replace("-", "_")), (JOINED, name.replace("-", "")))
    for placeholder, spelling in spelt:
        text = text.replace(placeholder, spelling)
    return text
