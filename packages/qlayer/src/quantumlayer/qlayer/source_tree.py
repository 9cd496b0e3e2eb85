"""The source tree: references to the contents of every file, never the contents themselves."""

from collections.abc import Iterable

from pydantic import Field

from quantumlayer.qlayer.blueprint import FileRole
from quantumlayer.qlayer.noun import SCHEMA_VERSION, Noun

# Who writes from a plan of a stack and not of its own: what they wrote is as it has to be.
DELIVERING = frozenset({"packager", "stack"})


class SourceFile(Noun):
    """One file: where its bytes are (`sha256` in the object store), who wrote it, and why."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)
    role: FileRole
    origin: str
    """The agent's role that wrote it last: generator, tester, integrator, packager."""
    requirements: tuple[str, ...] = ()
    executable: bool = False
    """Whether it can be run as a program."""


class SourceTree(Noun):
    """All files, sorted by path."""

    schema_version: int = SCHEMA_VERSION
    files: tuple[SourceFile, ...] = ()

    def replacing(self, changed: Iterable[SourceFile]) -> "SourceTree":
        """This tree with `changed` files added or put in the place of those of equal path.

        What could be run as a program still can: whoever writes a file anew gives its text alone.
        """
        by_path = {file.path: file for file in self.files}
        for file in changed:
            before = by_path.get(file.path)
            stays = before is not None and before.executable and not file.executable
            by_path[file.path] = file.model_copy(update={"executable": True}) if stays else file
        return SourceTree(files=tuple(by_path[path] for path in sorted(by_path)))

    def find(self, path: str) -> SourceFile | None:
        """The file at `path`, if there is one."""
        return next((file for file in self.files if file.path == path), None)

    def without(self, paths: Iterable[str]) -> "SourceTree":
        """This tree less the files at `paths`."""
        gone = set(paths)
        return SourceTree(files=tuple(file for file in self.files if file.path not in gone))

    def addresses(self) -> dict[str, str]:
        """Path → sha256 of every file."""
        return {file.path: file.sha256 for file in self.files}
