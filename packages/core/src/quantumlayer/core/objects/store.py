"""What an object store is: an S3 bucket fits it as well as a folder does."""

import hashlib
from datetime import datetime
from typing import Protocol


class ObjectMissing(LookupError):  # noqa: N818 - it says what happened
    """No object has that sha256."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"the object store has no object {sha256}")


class ObjectStoreFull(OSError):  # noqa: N818 - it says what happened
    """The store cannot take more bytes: free space, then try again."""


class ObjectStore(Protocol):
    """Content-addressed: putting the same bytes twice stores them once."""

    async def put(self, content: bytes) -> str:
        """Stores `content` durably and returns its sha256. Raises ObjectStoreFull."""
        ...

    async def get(self, sha256: str) -> bytes:
        """The whole object. Raises ObjectMissing."""
        ...

    async def forget(self, sha256: str, unused_since: datetime) -> None:
        """Deletes the object, unless it was put since then; one that is not there is forgotten."""
        ...

    async def size(self, sha256: str) -> int:
        """The object's length in bytes. Raises ObjectMissing."""
        ...

    async def read(self, sha256: str, start: int, length: int) -> bytes:
        """At most `length` bytes from offset `start`. Raises ObjectMissing."""
        ...


def sha256_of(content: bytes) -> str:
    """The lower-case hexadecimal sha256 of `content`."""
    return hashlib.sha256(content).hexdigest()
