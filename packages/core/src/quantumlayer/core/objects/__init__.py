"""The object store: bytes by the sha256 of their content."""

from quantumlayer.core.objects.folder import FolderObjectStore
from quantumlayer.core.objects.store import (
    ObjectMissing,
    ObjectStore,
    ObjectStoreFull,
    sha256_of,
)

__all__ = ["FolderObjectStore", "ObjectMissing", "ObjectStore", "ObjectStoreFull", "sha256_of"]
