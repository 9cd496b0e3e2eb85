"""Installing a project's dependencies, apart from running its code."""

from pathlib import Path

from quantumlayer.qtest.environments.javascript import javascript_environment
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.python import python_environment
from quantumlayer.qtest.environments.requirements import normalised, requirements_of

__all__ = ["Environment", "Language", "prepare_environment", "warm_environment"]


async def prepare_environment(project: Path, language: Language | str, cache: Path) -> Environment:
    """Install what a project depends on, or find it in `cache`.

    Uses the network for the package index only and runs no code of the project or its packages.
    Raises DependencyError, whose `fault` says who has to act, and ToolMissing.
    """
    if Language(language) is Language.PYTHON:
        return await python_environment(requirements_of(project), cache)
    return await javascript_environment(project, cache)


async def warm_environment(lock_text: str, cache: Path) -> Environment:
    """Install a Python lock ahead of time, so that the first project with it does not wait.

    `lock_text` has the form of requirements.txt; empty warms the environment of projects without
    dependencies.
    """
    return await python_environment(normalised(lock_text), cache)
