"""Building a folder once, however many ask for it at the same time, and never halfway."""

import asyncio
import fcntl
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

LOCK_POLL_SECONDS = 0.05


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
        if folder.is_dir():  # noqa: ASYNC240 - one look at the disk
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
