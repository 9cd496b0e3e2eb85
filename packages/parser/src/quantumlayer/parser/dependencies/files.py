"""Sources that are already read, as the room of manifests wants them."""

from collections.abc import Iterable

from quantumlayer.manifests import Dependency, FilesInMemory, declared
from quantumlayer.parser.model import SourceText


def declared_in(files: Iterable[SourceText]) -> tuple[Dependency, ...]:
    """Every dependency that the manifests among the files declare, with its place."""
    return declared(FilesInMemory({file.path: file.data for file in files}))
