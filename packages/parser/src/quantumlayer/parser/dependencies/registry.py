"""Asks registries about names through their ordinary clients, which install nothing here."""

import asyncio
import json
import os
import re
import shutil
import sysconfig
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from quantumlayer.manifests import Ecosystem

_NAME = re.compile(r"^(?:@[a-z0-9][\w.~-]*/)?[A-Za-z0-9_][\w.~-]{0,213}$")
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
_PREFIXES = ("UV_", "PIP_", "NPM_CONFIG_", "npm_config_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_ABSENT = re.compile(r"not found in the (?:package )?registry|E404|404 Not Found", re.IGNORECASE)
_HELD_BACK = re.compile(r"no versions? of|exclude-newer|no usable wheels|no wheels")
_DATED = re.compile(r"exclude-newer`?[^\n]*published at")


class Existence(StrEnum):
    """What a registry says of a name; `unknown` where none answered."""

    EXISTS = "exists"
    ABSENT = "absent"
    NEW = "new"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Registries:
    """Where to ask; an empty address is the client's own setting, None is not asking at all.

    A name is new when nothing was published under it more than `new_within` ago.
    """

    pypi: str | None = ""
    npm: str | None = ""
    new_within: timedelta = timedelta(days=3)
    time_limit_seconds: float = 20.0
    at_once: int = 4
    known: set[tuple[Ecosystem, str]] = field(default_factory=set, compare=False)
    """Names that were found: what is there stays, and is not asked again."""


async def ask(
    names: list[tuple[Ecosystem, str]], registries: Registries
) -> dict[tuple[Ecosystem, str], Existence]:
    """What the registries say of each name, asked once each."""
    slots = asyncio.Semaphore(registries.at_once)
    with tempfile.TemporaryDirectory(prefix="ql-names-") as folder:

        async def one(ecosystem: Ecosystem, name: str) -> Existence:
            if (ecosystem, name) in registries.known:
                return Existence.EXISTS
            async with slots:
                answer = await _ask(ecosystem, name, registries, Path(folder))
            if answer is Existence.EXISTS:
                registries.known.add((ecosystem, name))
            return answer

        unique = list(dict.fromkeys(names))
        answers = await asyncio.gather(*(one(*key) for key in unique))
    return dict(zip(unique, answers, strict=True))


async def _ask(ecosystem: Ecosystem, name: str, registries: Registries, folder: Path) -> Existence:
    if not _NAME.match(name):
        return Existence.ABSENT
    if ecosystem is Ecosystem.PYPI and registries.pypi is not None:
        return await _pypi(name, registries, folder)
    if ecosystem is Ecosystem.NPM and registries.npm is not None:
        return await _npm(name, registries, folder)
    return Existence.UNKNOWN


async def _pypi(name: str, registries: Registries, folder: Path) -> Existence:
    program = _beside("uv")
    if program is None:
        return Existence.UNKNOWN
    # No build: a source distribution would be run to learn its name.
    command = [program, "pip", "compile", "-", "--no-deps", "--no-build", "--no-header", "--quiet"]
    command += ["--no-config", "--cache-dir", str(folder / "uv"), "--python-version", "3.12"]
    command += ["--no-python-downloads", "--prerelease", "allow"]
    if registries.pypi:
        command += ["--default-index", registries.pypi]
    old = (datetime.now(UTC) - registries.new_within).strftime("%Y-%m-%dT%H:%M:%SZ")
    requirement = f"{name}\n".encode()
    status, said = await _run([*command, "--exclude-newer", old], requirement, registries, folder)
    if status == 0:
        return Existence.EXISTS
    if _ABSENT.search(said):
        return Existence.ABSENT
    if not _HELD_BACK.search(said):
        return Existence.UNKNOWN
    # Known to the registry: held back by its date, or not a wheel.
    return Existence.NEW if _DATED.search(said) else Existence.EXISTS


async def _npm(name: str, registries: Registries, folder: Path) -> Existence:
    program = shutil.which("npm")
    if program is None:
        return Existence.UNKNOWN
    command = [program, "view", name, "time", "--json", "--cache", str(folder / "npm")]
    command += ["--fetch-retries", "0", "--no-update-notifier", "--loglevel", "error"]
    if registries.npm:
        command += ["--registry", registries.npm]
    status, said = await _run(command, b"", registries, folder)
    if status != 0:
        return Existence.ABSENT if _ABSENT.search(said) else Existence.UNKNOWN
    try:
        created = datetime.fromisoformat(json.loads(said)["created"])
    except (ValueError, KeyError, TypeError):
        return Existence.EXISTS
    return (
        Existence.NEW if datetime.now(UTC) - created < registries.new_within else Existence.EXISTS
    )


async def _run(
    command: list[str], given: bytes, registries: Registries, folder: Path
) -> tuple[int, str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_PREFIXES) or name.upper().endswith("_PROXY")
    }
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment | {"NO_COLOR": "1", "UV_HTTP_RETRIES": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        return -1, str(error)
    try:
        said, _ = await asyncio.wait_for(process.communicate(given), registries.time_limit_seconds)
    except TimeoutError:
        return -1, "no answer in time"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, said.decode("utf-8", errors="replace")


def _beside(program: str) -> str | None:
    beside = Path(sysconfig.get_path("scripts")) / program
    return str(beside) if beside.is_file() else shutil.which(program)
