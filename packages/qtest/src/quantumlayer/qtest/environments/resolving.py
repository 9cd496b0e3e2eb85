"""Asking registries through their own clients, uv and npm, in the sandbox of installers."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quantumlayer.manifests import Ecosystem
from quantumlayer.qtest.environments.access import node_access, python_access
from quantumlayer.qtest.environments.installing import run_installer
from quantumlayer.qtest.environments.uv_installation import uv_program, uv_version
from quantumlayer.qtest.errors import DependencyError, ToolMissing
from quantumlayer.qtest.registries.endpoints import endpoints_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox.host import base_interpreter
from quantumlayer.qtest.untrusted import text_of

RegistryClient = Callable[
    [Ecosystem, Sequence[str], Mapping[str, str], str], Awaitable[tuple[int, str]]
]
"""(ecosystem, words for its client, files to read, address of another registry or nothing) → (exit
status, what was said)"""


def registry_client(cache: Path) -> RegistryClient:
    """A client that asks this deployment's registries; -1 for its status when it cannot run."""

    async def ask(
        ecosystem: Ecosystem, words: Sequence[str], given: Mapping[str, str], address: str
    ) -> tuple[int, str]:
        with tempfile.TemporaryDirectory(prefix="ql-names-") as place:
            folder = Path(place)
            for name, text in given.items():
                (folder / name).write_text(text)
            try:
                command, access = await client_of(ecosystem, folder, cache, address)
                environment = {"UV_CACHE_DIR": str(folder / "downloads")}
                return await run_installer(
                    [*command, *words], folder=folder, environment=environment, access=access
                )
            except (DependencyError, ToolMissing) as error:
                return -1, str(error)

    return ask


async def client_of(
    ecosystem: Ecosystem, folder: Path, cache: Path, address: str
) -> tuple[list[str], Access]:
    """The first words of an ecosystem's client, and its access."""
    if ecosystem is Ecosystem.PYPI:
        program = uv_program()
        return [program], await python_access(program, uv_version(), cache, index=address)
    if ecosystem is not Ecosystem.NPM:
        raise ToolMissing(f"There is no client for {ecosystem}.")
    words, access = await node_access(folder)
    named = access.registries.named | endpoints_of([address])
    return words, replace(access, registries=replace(access.registries, named=named))


async def resolve_python(requirements: str, options: Sequence[str], cache: Path) -> tuple[int, str]:
    """Resolve requirement lines with `uv pip compile`, for wheels only.

    Gives 0 and the lock, or another status and what uv said.
    """
    with tempfile.TemporaryDirectory(prefix="ql-lock-") as place:
        folder = Path(place)
        (folder / "wanted.in").write_text(requirements)
        program = uv_program()
        access = await python_access(program, uv_version(), cache)
        status, said = await run_installer(
            [
                program, "pip", "compile", "wanted.in", "--quiet", "--only-binary=:all:",
                "--python", str(base_interpreter()), "--output-file", "lock.txt", *options,
            ],
            folder=folder,
            environment={"UV_CACHE_DIR": str(folder / "downloads")},
            access=access,
        )  # fmt: skip
        if status != 0:
            return status, said
        return 0, await asyncio.to_thread(text_of, folder / "lock.txt") or ""
