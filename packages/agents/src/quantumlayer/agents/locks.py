"""Lock files for a Python project whose blueprint names dependencies but locks none."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import resources

from quantumlayer.qlayer import Blueprint, Dependency
from quantumlayer.qtest import QtestError

_TIMEOUT_SECONDS = 120
_TOOLS = ("pytest", "coverage")
_OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
)
Resolve = Callable[[str, Sequence[str]], Awaitable[tuple[int, str]]]
"""Resolves requirement lines with options of `uv pip compile`: 0 and the lock, or another status
and what was said."""
NO_DEPENDENCIES = "# This project needs the standard library alone.\n"


class LockFailed(Exception):  # noqa: N818 - it says what happened
    """The dependencies cannot be resolved; the message is the resolver's."""


async def python_locks(blueprint: Blueprint, resolve: Resolve) -> dict[str, str]:
    """`requirements.txt` and `requirements-dev.txt`: every version pinned, with hashes.

    Without dependencies nothing is resolved and no network is needed. Raises LockFailed.
    """
    needed = [_line(one) for one in blueprint.dependencies if not one.development]
    tools = [_line(one) for one in blueprint.dependencies if one.development]
    if not needed and {one.name for one in blueprint.dependencies} <= set(_TOOLS):
        return {"requirements.txt": NO_DEPENDENCIES, "requirements-dev.txt": stock_lock()}
    locked = await _compile(needed, resolve) if needed else NO_DEPENDENCIES
    with_tools = await _compile([*needed, *tools, *_TOOLS], resolve)
    return {"requirements.txt": locked, "requirements-dev.txt": with_tools}


async def extended_locks(
    locks: Mapping[str, str], dependencies: Sequence[Dependency], resolve: Resolve
) -> dict[str, str]:
    """The locks of a starter (name → text) with more packages; all that they pin stays as it is.

    What is for development goes into requirements-dev.txt alone. Raises LockFailed.
    """
    extended = {}
    for name, lock in locks.items():
        everything = name == "requirements-dev.txt"
        added = [_line(one) for one in dependencies if everything or not one.development]
        if added:
            extended[name] = await _compile([*pinned(lock), *added], resolve)
    return extended


def pinned(lock: str) -> list[str]:
    """The requirement lines of a lock, without their hashes."""
    lines = (line.removesuffix("\\").rstrip() for line in lock.splitlines())
    return [line for line in lines if line and not line.startswith((" ", "#"))]


def stock_lock() -> str:
    """The development lock of a project without dependencies: the test runner, pinned."""
    return (resources.files("quantumlayer.agents") / "data" / "requirements-dev.txt").read_text()


def unlocked(blueprint: Blueprint) -> dict[str, str]:
    """The same files with the dependencies as the blueprint names them, unresolved."""
    needed = [_line(one) for one in blueprint.dependencies if not one.development]
    tools = [_line(one) for one in blueprint.dependencies if one.development]
    return {
        "requirements.txt": "\n".join([*needed, ""]) if needed else NO_DEPENDENCIES,
        "requirements-dev.txt": "\n".join([*needed, *tools, *_TOOLS, ""]),
    }


def _line(dependency: Dependency) -> str:
    return f"{dependency.name}{dependency.specifier}"


async def _compile(lines: list[str], resolve: Resolve) -> str:
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            status, said = await resolve("\n".join([*lines, ""]), _OPTIONS)
    except TimeoutError:
        raise LockFailed(f"resolving {', '.join(lines)} took over {_TIMEOUT_SECONDS} s") from None
    except QtestError as error:
        raise LockFailed(str(error)) from error
    if status != 0:
        raise LockFailed(said.strip()[-2000:])
    return said
