"""The settings that a generated service reads from its environment."""

from quantumlayer.builtin.writing.service.writer import SETTINGS, variables
from quantumlayer.qlayer import EnvironmentVariable


def settings(name: str) -> dict[str, tuple[str, str]]:
    """The variables, with their defaults and meanings."""
    journal = "The journal file in which all records are kept; its folder is created."
    return SETTINGS | {"DATABASE_PATH": (f"{name}.jsonl", journal)}


def environment(name: str) -> tuple[EnvironmentVariable, ...]:
    """The variables, as a blueprint tells them."""
    return variables(settings(name))
