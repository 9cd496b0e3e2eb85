"""Installing a project's dependencies, apart from running its code."""

import asyncio
import pkgutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from quantumlayer.manifests import OfferedGroup
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.python import python_environment
from quantumlayer.qtest.environments.python_project import (
    lines_of,
    needs_of,
    project_environment,
)
from quantumlayer.qtest.errors import DependencyError, ToolMissing


async def prepare_environment(
    project: Path,
    language: Language | str,
    cache: Path,
    more: Sequence[OfferedGroup] = (),
) -> Environment:
    """Install what a project depends on, or find it in `cache`.

    `more`: groups of requirements to install beside, of those that an environment says are offered.

    Uses the network for the package index only and runs no code of the project or its packages.
    Raises DependencyError, whose `fault` says who has to act, NotUnderstood and ToolMissing.
    """
    chosen = Language(language)
    if chosen is Language.PYTHON:
        needs = await asyncio.to_thread(needs_of, project)
        return await project_environment(needs, cache, more, project)
    return await installer(chosen)(project, cache)


async def warm_toolchains(cache: Path) -> dict[Language, str]:
    """Compile and fetch, ahead of time, what the first check of each language would wait for.

    Go's standard library, JUnit and the session that runs it, the guard of test programs. Returns
    for each language what is in its way, empty when it is ready; a tool that is absent is no error.
    """
    found: dict[Language, str] = {}
    with tempfile.TemporaryDirectory() as empty:
        for language in (Language.GO, Language.JAVA, Language.RUST, Language.C, Language.CPP):
            try:
                await installer(language)(Path(empty), cache)
                found[language] = ""
            except (ToolMissing, DependencyError) as error:
                found[language] = str(error)
    return found


# Named, not imported: who checks one language waits for no other one to be loaded.
ENVIRONMENTS: Mapping[Language, str] = {
    Language.JAVASCRIPT: "javascript:javascript_environment",
    Language.TYPESCRIPT: "javascript:typescript_environment",
    Language.GO: "go:go_environment",
    Language.RUST: "rust:rust_environment",
    Language.JAVA: "java:java_environment",
    Language.C: "native:c_environment",
    Language.CPP: "native:cpp_environment",
}


def installer(language: Language) -> Callable[[Path, Path], Awaitable[Environment]]:
    """What installs for a language other than Python: of a project, into a cache."""
    found = pkgutil.resolve_name(f"{__package__}.{ENVIRONMENTS[language]}")
    return cast("Callable[[Path, Path], Awaitable[Environment]]", found)


async def warm_environment(lock_text: str, cache: Path) -> Environment:
    """Install a Python lock ahead of time, so that the first project with it does not wait.

    `lock_text` has the form of requirements.txt; empty warms the environment of projects without
    dependencies.
    """
    return await python_environment(lines_of(lock_text), cache)
