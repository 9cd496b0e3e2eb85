"""Which models there are: those that installed packages offer, and those that settings name."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from importlib.metadata import entry_points

ENTRY_POINTS = "quantumlayer.models"
"""The group in which a package names the models that it runs inside the worker's process."""


def installed_names() -> tuple[str, ...]:
    """The models that installed packages offer, by name; none of them is loaded for that."""
    return tuple(sorted(entry_points(group=ENTRY_POINTS).names))


def offered(model: str | None, others: str) -> tuple[str, ...]:
    """The models that a run may have, the default first; empty where there is none at all.

    `model` is the default that was chosen: without one the installed models come first. `others`
    are more names and patterns such as `openai/gpt-5*`, separated by commas.
    """
    installed = installed_names()
    default = (model,) if model else installed
    names = (*default, *others.split(","), *installed)
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def is_offered(model: str, names: Iterable[str]) -> bool:
    """Whether `model` is one of `names`, or fits a pattern among them such as `openai/gpt-5*`.

    A pattern itself is the name of no model.
    """
    return "*" not in model and any(fnmatchcase(model, name) or model == name for name in names)
