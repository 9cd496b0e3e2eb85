"""Building a folder once, however many ask for it at the same time, and never halfway."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from quantumlayer.qtest.errors import DependencyError, Fault
from quantumlayer.qtest.sandbox.starting import started

LOCK_POLL_SECONDS = 0.05
INSTALL_SECONDS = 600.0


def environment_folder(cache: Path, key: str) -> Path:
    """Where the environment with this key belongs."""
    return cache.absolute() / "environments" / key


async def build_once(folder: Path, build: Callable[[Path], Awaitable[None]]) -> Path:
    """Return `folder`, after `build` has filled it if it did not exist.

    `build` works in a temporary neighbour which is renamed when it is complete, so `folder` exists
    only whole: a crash or a cancellation leaves nothing behind that could be taken for finished.
    """
    if folder.is_dir():  # noqa: ASYNC240 - a single look at local metadata, as below
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    async with exclusive(folder.with_name(f"{folder.name}.lock")):
        if folder.is_dir():  # noqa: ASYNC240
            return folder
        draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
        draft.mkdir()
        try:
            await build(draft)
            draft.rename(folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)
    return folder


@asynccontextmanager
async def exclusive(path: Path) -> AsyncIterator[None]:
    """Hold a lock file; waiting can be cancelled, and a killed holder releases it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        while not acquired(descriptor):  # noqa: ASYNC110 - the holder may be another process
            await asyncio.sleep(LOCK_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def run_installer(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Run an installer to its end: its exit status and what it said. Cancelling kills it."""
    process = await started(
        asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    )
    try:
        async with asyncio.timeout(INSTALL_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError as error:
        raise DependencyError(
            f"Installing the dependencies took longer than {INSTALL_SECONDS:.0f} s.",
            fault=Fault.INFRASTRUCTURE,
        ) from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return process.returncode or 0, output.decode(errors="replace")
