"""Lock files for a Python project whose blueprint names dependencies but locks none."""

import asyncio
from importlib import resources

from uv import find_uv_bin

from quantumlayer.qlayer import Blueprint, Dependency

_TIMEOUT_SECONDS = 120
_TOOLS = ("pytest", "coverage")
_COMPILE = (
    "pip",
    "compile",
    "-",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--only-binary=:all:",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-annotate",
    "--no-header",
)
NO_DEPENDENCIES = "# This project needs the standard library alone.\n"


class LockFailed(Exception):  # noqa: N818
    """The dependencies cannot be resolved; the message is the resolver's."""


async def python_locks(blueprint: Blueprint) -> dict[str, str]:
    """`requirements.txt` and `requirements-dev.txt`: every version pinned, with hashes.

    Without dependencies nothing is resolved and no network is needed. Raises LockFailed.
    """
    needed = [_line(one) for one in blueprint.dependencies if not one.development]
    tools = [_line(one) for one in blueprint.dependencies if one.development]
    if not needed and {one.name for one in blueprint.dependencies} <= set(_TOOLS):
        return {"requirements.txt": NO_DEPENDENCIES, "requirements-dev.txt": stock_lock()}
    locked = await _compile(needed) if needed else NO_DEPENDENCIES
    with_tools = await _compile([*needed, *tools, *_TOOLS])
    return {"requirements.txt": locked, "requirements-dev.txt": with_tools}


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


async def _compile(lines: list[str]) -> str:
    process = await asyncio.create_subprocess_exec(
        find_uv_bin(),
        *_COMPILE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(
            process.communicate("\n".join(lines).encode()), _TIMEOUT_SECONDS
        )
    except TimeoutError:
        raise LockFailed(f"resolving {', '.join(lines)} took over {_TIMEOUT_SECONDS} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise LockFailed(errors.decode(errors="replace").strip()[-2000:])
    return output.decode()
