"""Where the Temporal server comes from: setting, PATH, cache, download, build, in this order."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.errors import PlatformError
from quantumlayer.core.settings import PlatformSettings
from quantumlayer.processes import Group, child_environment

# The pinned module says the same in infrastructure/temporal/go.mod.
VERSION = "1.8.2"
BUILD_SECONDS = 3600.0
DOWNLOAD_SECONDS = 120.0
_VERSION_SECONDS = 20.0
# Without symbols half the size; the version is what releases are linked with, too.
_LINK_FLAGS = f"-s -w -X github.com/temporalio/cli/internal/temporalcli.Version={VERSION}"

Say = Callable[[str], None]


@dataclass(frozen=True)
class TemporalBinary:
    """An executable and where it was found: `setting`, `path` or `cache`."""

    path: Path
    source: str


def cached_path(cache: Path) -> Path:
    """Where the pinned version lies once it is had; shared by all checkouts."""
    return cache / "temporal" / VERSION / "temporal"


def find_temporal(setting: Path | None, cache: Path) -> TemporalBinary | None:
    """What is here already. Raises `PlatformError` when the setting names no executable."""
    if setting is not None:
        if not os.access(setting, os.X_OK) or setting.is_dir():
            raise PlatformError(f"QL_TEMPORAL_BINARY names {setting}, which cannot be run")
        return TemporalBinary(setting, "setting")
    if on_path := shutil.which("temporal"):
        return TemporalBinary(Path(on_path), "path")
    cached = cached_path(cache)
    return TemporalBinary(cached, "cache") if os.access(cached, os.X_OK) else None


def obtain_temporal(setting: Path | None, cache: Path, say: Say) -> TemporalBinary:
    """Find the binary, or get it; `say` is told what takes time.

    Raises `PlatformError` with what to do when there is neither a network to download it from
    nor a way to build it.
    """
    if found := find_temporal(setting, cache):
        return found
    target = cached_path(cache)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(target.parent / "lock", say):
        if found := find_temporal(setting, cache):
            return found
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="new-") as folder:
            fresh = _download(Path(folder), say) or _build(Path(folder), say)
            say(f"Temporal: {version_of(fresh)}")
            fresh.chmod(0o755)
            fresh.replace(target)
    return TemporalBinary(target, "cache")


def version_of(binary: Path) -> str:
    """What the binary says of itself; raises `PlatformError` when it is no Temporal CLI."""
    try:
        result = subprocess.run(  # noqa: S603 - a program of ours
            [str(binary), "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_SECONDS,
            check=False,
            env=child_environment(Group.BASE),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PlatformError(f"{binary} does not run ({error}); remove it and try again") from None
    first = result.stdout.strip().partition("\n")[0]
    if result.returncode != 0 or not re.match(r"temporal version .*Server \d", first):
        raise PlatformError(f"{binary} is not a Temporal CLI; remove it or set QL_TEMPORAL_BINARY")
    return first


@contextlib.contextmanager
def _one_at_a_time(lock: Path, say: Say) -> Iterator[None]:
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Temporal: another process is getting it; waiting for that one")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _download(folder: Path, say: Say) -> Path | None:
    """The dev server as the SDK downloads it; None when it cannot be had."""
    say("Temporal: downloading the development server")
    try:
        asyncio.run(asyncio.wait_for(_download_with_sdk(folder), DOWNLOAD_SECONDS))
    except (RuntimeError, OSError, TimeoutError) as error:
        reason = (str(error) or type(error).__name__).partition("\n")[0]
        say(f"Temporal: the download did not work ({reason[:200]})")
        return None
    return next((path for path in folder.iterdir() if os.access(path, os.X_OK)), None)


async def _download_with_sdk(folder: Path) -> None:
    from temporalio.testing import WorkflowEnvironment  # noqa: PLC0415 - only a first setup needs the SDK in this process

    # The SDK has no call that only downloads; a start and a stop leave the binary behind.
    environment = await WorkflowEnvironment.start_local(
        dev_server_download_version=f"v{VERSION}", download_dest_dir=str(folder)
    )
    await environment.shutdown()


def _build(folder: Path, say: Say) -> Path:
    go = shutil.which("go")
    module = _module_folder()
    if go is None:
        raise PlatformError(
            "Temporal could not be downloaded and there is no Go to build it with; connect to the"
            " internet, install Go 1.26 or later, or set QL_TEMPORAL_BINARY to a `temporal`"
        )
    say("Temporal: building it from source with Go; the first time this takes 5 to 10 minutes")
    target = folder / "temporal"
    command = [go, "build", "-trimpath", "-ldflags", _LINK_FLAGS, "-o", str(target)]
    with (folder / "build.log").open("w+") as output:
        process = subprocess.Popen(  # noqa: S603 - a program of ours
            [*command, "github.com/temporalio/cli/cmd/temporal"],
            cwd=module,
            env=child_environment(
                *(Group.BASE, Group.TOOLCHAINS, Group.GO_REGISTRY, Group.TRUST, Group.PROXIES),
                CGO_ENABLED="0",
                GOFLAGS="-mod=readonly",
                GOWORK="off",
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        status = _wait_saying(process, say)
        output.seek(0)
        lines = [line.strip() for line in output if line.strip()]
    if status != 0 or not target.exists():
        reason = lines[-1][:300] if lines else f"status {status}"
        raise PlatformError(
            f"building Temporal failed ({reason}); check the network and `go env GOPROXY`,"
            " or set QL_TEMPORAL_BINARY to a `temporal`"
        )
    return target


def _wait_saying(process: subprocess.Popen[bytes], say: Say) -> int:
    began = time.monotonic()
    try:
        while time.monotonic() - began < BUILD_SECONDS:
            try:
                return process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                say(f"Temporal: still building, {time.monotonic() - began:.0f} s so far")
        raise PlatformError(f"building Temporal took over {BUILD_SECONDS:.0f} s; try again")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _module_folder() -> Path:
    """The pinned Go module of this checkout."""
    for folder in Path(__file__).resolve().parents:
        candidate = folder / "infrastructure" / "temporal"
        if (candidate / "go.mod").is_file():
            return candidate
    raise PlatformError(
        "no Temporal server and no checkout to build it from; set QL_TEMPORAL_BINARY to one"
    )


def main() -> None:
    """Get the binary if it is not here: a step of `make setup`."""
    settings = PlatformSettings()
    try:
        if settings.temporal_address is None:
            obtain_temporal(settings.temporal_binary, settings.cache_dir, _print)
    except PlatformError as error:
        raise SystemExit(f"setup: {error.message}") from None


def _print(message: str) -> None:
    sys.stdout.write(f"setup: {message}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
