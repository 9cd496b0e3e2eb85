"""The object store as a folder on a local disk."""

import asyncio
import errno
import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from quantumlayer.core.objects.store import ObjectMissing, ObjectStoreFull, sha256_of

_SHA256 = re.compile(r"^[0-9a-f]{64}$")


class FolderObjectStore:
    """Objects as files `ab/cdef…`, each written beside its place and renamed into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, content: bytes) -> str:
        """Stores `content` and returns its sha256; a reader sees all of it or nothing."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: str) -> bytes:
        """The whole object."""
        return await asyncio.to_thread(self._read, sha256, 0, -1)

    async def forget(self, sha256: str, unused_since: datetime) -> None:
        """Deletes the object, unless it was put since then; one that is not there is forgotten."""
        await asyncio.to_thread(self._forget, sha256, unused_since.timestamp())

    async def size(self, sha256: str) -> int:
        """The object's length in bytes."""
        try:
            return (await asyncio.to_thread(self._path(sha256).stat)).st_size
        except FileNotFoundError:
            raise ObjectMissing(sha256) from None

    async def read(self, sha256: str, start: int, length: int) -> bytes:
        """At most `length` bytes from offset `start`."""
        return await asyncio.to_thread(self._read, sha256, start, length)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.match(sha256):
            raise ObjectMissing(sha256)
        return self._folder / sha256[:2] / sha256[2:]

    def _read(self, sha256: str, start: int, length: int) -> bytes:
        try:
            with self._path(sha256).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except FileNotFoundError:
            raise ObjectMissing(sha256) from None

    def _forget(self, sha256: str, unused_since: float) -> None:
        path = self._path(sha256)
        aside = path.with_name(f".gone-{path.name}")
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < unused_since:
                path.replace(aside)
        with suppress(FileNotFoundError):
            # It was put again in the moment before it was out of reach.
            if aside.stat().st_mtime >= unused_since:
                aside.replace(path)
            else:
                aside.unlink()

    def _put(self, content: bytes) -> str:
        sha256 = sha256_of(content)
        path = self._path(sha256)
        with suppress(FileNotFoundError):
            # Whoever puts it is going to need it, however long ago it came first.
            os.utime(path)
            return sha256
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_then_rename(path, content)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise ObjectStoreFull(
                    error.errno, f"no space left for objects under {self._folder}; free some"
                ) from error
            raise
        return sha256


def _write_then_rename(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
