"""Asks registries about names through their ordinary clients, which install nothing here.

The clients are run by whoever uses this package: it runs no program of others itself.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from quantumlayer.manifests import Ecosystem

_NAME = re.compile(r"^(?:@[a-z0-9][\w.~-]*/)?[A-Za-z0-9_][\w.~-]{0,213}$")
_VERSION = re.compile(r"^\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,50}$")
_ABSENT = re.compile(r"not found in the (?:package )?registry|E404|404 Not Found", re.IGNORECASE)
_HELD_BACK = re.compile(r"no versions? of|exclude-newer|no usable wheels|no wheels")
_DATED = re.compile(r"exclude-newer`?[^\n]*published at")


class Existence(StrEnum):
    """What a registry says of a name; `unknown` where none answered."""

    EXISTS = "exists"
    ABSENT = "absent"
    NEW = "new"
    UNKNOWN = "unknown"


Client = Callable[[Ecosystem, Sequence[str], Mapping[str, str], str], Awaitable[tuple[int, str]]]
"""Runs the client of an ecosystem (uv, npm) in a folder of its own: takes its words, the files it
reads, and the address of a registry that is not its own setting; gives its exit status and what it
said. A status below zero is no answer."""


@dataclass(frozen=True)
class Registries:
    """Where to ask; an empty address is the client's own setting, None is not asking at all.

    Without a `client` nobody can be asked. A name is new when nothing was published under it more
    than `new_within` ago.
    """

    client: Client | None = None
    pypi: str | None = ""
    npm: str | None = ""
    new_within: timedelta = timedelta(days=3)
    time_limit_seconds: float = 20.0
    at_once: int = 4
    known: set[tuple[Ecosystem, str]] = field(default_factory=set, compare=False)
    """Names that were found: what is there stays, and is not asked again."""


async def newest_version(name: str, registries: Registries) -> str | None:
    """The version of a package of npm that who asks for none gets; None where nobody says."""
    if not _NAME.match(name) or registries.npm is None:
        return None
    status, said = await _view(name, "version", registries)
    try:
        version = json.loads(said) if status == 0 else None
    except ValueError:
        return None
    return version if isinstance(version, str) and _VERSION.match(version) else None


async def ask(
    names: list[tuple[Ecosystem, str]], registries: Registries
) -> dict[tuple[Ecosystem, str], Existence]:
    """What the registries say of each name, asked once each."""
    slots = asyncio.Semaphore(registries.at_once)

    async def one(ecosystem: Ecosystem, name: str) -> Existence:
        if (ecosystem, name) in registries.known:
            return Existence.EXISTS
        async with slots:
            answer = await _ask(ecosystem, name, registries)
        if answer is Existence.EXISTS:
            registries.known.add((ecosystem, name))
        return answer

    unique = list(dict.fromkeys(names))
    answers = await asyncio.gather(*(one(*key) for key in unique))
    return dict(zip(unique, answers, strict=True))


async def _ask(ecosystem: Ecosystem, name: str, registries: Registries) -> Existence:
    if not _NAME.match(name):
        return Existence.ABSENT
    if ecosystem is Ecosystem.PYPI and registries.pypi is not None:
        return await _pypi(name, registries)
    if ecosystem is Ecosystem.NPM and registries.npm is not None:
        return await _npm(name, registries)
    return Existence.UNKNOWN


async def _pypi(name: str, registries: Registries) -> Existence:
    # No build: a source distribution would be run to learn its name.
    command = ["pip", "compile", "names.in", "--no-deps", "--no-build", "--no-header", "--quiet"]
    command += ["--python-version", "3.12", "--no-python-downloads", "--prerelease", "allow"]
    if registries.pypi:
        command += ["--default-index", registries.pypi]
    old = (datetime.now(UTC) - registries.new_within).strftime("%Y-%m-%dT%H:%M:%SZ")
    status, said = await _run(
        registries,
        Ecosystem.PYPI,
        [*command, "--exclude-newer", old],
        {"names.in": f"{name}\n"},
        registries.pypi or "",
    )
    if status == 0:
        return Existence.EXISTS
    if _ABSENT.search(said):
        return Existence.ABSENT
    if not _HELD_BACK.search(said):
        return Existence.UNKNOWN
    # Known to the registry: held back by its date, or not a wheel.
    return Existence.NEW if _DATED.search(said) else Existence.EXISTS


async def _npm(name: str, registries: Registries) -> Existence:
    status, said = await _view(name, "time", registries)
    if status != 0:
        return Existence.ABSENT if _ABSENT.search(said) else Existence.UNKNOWN
    try:
        created = datetime.fromisoformat(json.loads(said)["created"])
    except (ValueError, KeyError, TypeError):
        return Existence.EXISTS
    return (
        Existence.NEW if datetime.now(UTC) - created < registries.new_within else Existence.EXISTS
    )


async def _view(name: str, field: str, registries: Registries) -> tuple[int, str]:
    command = ["view", name, field, "--json"]
    command += ["--fetch-retries", "0", "--no-update-notifier", "--loglevel", "error"]
    if registries.npm:
        command += ["--registry", registries.npm]
    return await _run(registries, Ecosystem.NPM, command, {}, registries.npm or "")


async def _run(
    registries: Registries,
    ecosystem: Ecosystem,
    command: list[str],
    given: Mapping[str, str],
    address: str,
) -> tuple[int, str]:
    if registries.client is None:
        return -1, "nobody to ask with"
    try:
        async with asyncio.timeout(registries.time_limit_seconds):
            return await registries.client(ecosystem, command, given, address)
    except TimeoutError:
        return -1, "no answer in time"
