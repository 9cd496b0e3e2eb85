"""Finding out a tool's own registries by letting it answer a question of ours.

uv and cargo have defaults that no command of theirs tells, and a registry may keep its files at
another address than its index. So each is once asked to fetch one small package that we name, with
nothing of any project in sight: what it asks for is where it gets packages from.
"""

import hashlib
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.installing import LIMITS, door_to, run_at
from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.registries.endpoints import Endpoint, authority, is_loopback
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import Mount

RECIPE = "1"
SETTING = "QL_REGISTRY_HOSTS"
QUESTION_LIMITS = LIMITS.model_copy(update={"wall_seconds": 120.0})
LONGEST_REASON = 500
HTTPS = 443

Question = Callable[[Path], Awaitable[tuple[Sequence[str], dict[str, str], tuple[Mount, ...]]]]
"""Prepares a folder: the command that fetches our package there, its environment, what it reads."""


def named_hosts() -> frozenset[Endpoint]:
    """The hosts in QL_REGISTRY_HOSTS, separated by commas, each with or without a port."""
    words = os.environ.get(SETTING, "").replace(",", " ").split()
    found = {word: authority(word, HTTPS) for word in words}
    for word, endpoint in found.items():
        if endpoint is None:
            raise DependencyError(
                f"{SETTING} names `{word}`, which is no host.", fault=Fault.INFRASTRUCTURE
            )
    return frozenset(endpoint for endpoint in found.values() if endpoint)


async def with_defaults(
    access: Access, tool: str, version: str, cache: Path, question: Question
) -> Access:
    """The access with the tool's defaults added: found out once, then kept in `cache`.

    Registries on this machine's own loopback are all that there is: then nothing is asked. Raises
    DependencyError when nothing can be found out and the deployment names no registry either.
    """
    named = access.registries.named
    if named and all(is_loopback(endpoint) for endpoint in named):
        return access
    parts = [tool, RECIPE, version, *map(str, sorted(named)), *sorted(access.variables.values())]
    key = hashlib.sha256("\0".join(["registries", *parts]).encode()).hexdigest()

    async def ask(folder: Path) -> None:
        command, environment, reads = await question(folder)
        async with door_to(access.registries, learns=True) as door:
            result = await run_at(
                door, command, folder=folder, within=None, environment=environment, reads=reads,
                access=access, limits=QUESTION_LIMITS,
            )  # fmt: skip
        if door is None or result.exit_status != 0 or not door.passed:
            said = " ".join((result.stdout + result.stderr).split())[:LONGEST_REASON]
            raise DependencyError(
                f"Nothing was tested: it cannot be found out where {tool} gets packages from: "
                f"{said}",
                fault=Fault.INFRASTRUCTURE,
                output=result.stdout + result.stderr,
            )
        known = [[each.host, each.port] for each in sorted(door.passed)]
        (folder / "endpoints.json").write_text(json.dumps(known))

    try:
        folder = await build_once(environment_folder(cache, key), ask)
    except DependencyError:
        if named:
            return access
        raise
    known = frozenset(
        Endpoint(host, port)
        for host, port in json.loads((folder / "endpoints.json").read_text())
    )  # fmt: skip
    return replace(access, registries=replace(access.registries, known=known))
