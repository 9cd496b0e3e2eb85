"""Installing a project's dependencies, apart from running its code."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from quantumlayer.qtest.environments.go import go_environment
from quantumlayer.qtest.environments.java import java_environment
from quantumlayer.qtest.environments.javascript import (
    javascript_environment,
    typescript_environment,
)
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.native import c_environment, cpp_environment
from quantumlayer.qtest.environments.python import python_environment
from quantumlayer.qtest.environments.requirements import normalised, requirements_of
from quantumlayer.qtest.environments.rust import rust_environment

__all__ = ["Environment", "Language", "prepare_environment", "warm_environment"]


async def prepare_environment(project: Path, language: Language | str, cache: Path) -> Environment:
    """Install what a project depends on, or find it in `cache`.

    Uses the network for the package index only and runs no code of the project or its packages.
    Raises DependencyError, whose `fault` says who has to act, and ToolMissing.
    """
    chosen = Language(language)
    if chosen is Language.PYTHON:
        return await python_environment(requirements_of(project), cache)
    return await ENVIRONMENTS[chosen](project, cache)


ENVIRONMENTS: Mapping[Language, Callable[[Path, Path], Awaitable[Environment]]] = {
    Language.JAVASCRIPT: javascript_environment,
    Language.TYPESCRIPT: typescript_environment,
    Language.GO: go_environment,
    Language.RUST: rust_environment,
    Language.JAVA: java_environment,
    Language.C: c_environment,
    Language.CPP: cpp_environment,
}


async def warm_environment(lock_text: str, cache: Path) -> Environment:
    """Install a Python lock ahead of time, so that the first project with it does not wait.

    `lock_text` has the form of requirements.txt; empty warms the environment of projects without
    dependencies.
    """
    return await python_environment(normalised(lock_text), cache)
