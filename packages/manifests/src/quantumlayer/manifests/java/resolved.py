"""What our reader inside of Maven writes down: modules, libraries, and what cannot be had."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from quantumlayer.manifests.model import NotUnderstood

_MAIN_SCOPES = frozenset({"compile", "provided", "system"})
_RUN_FIRST = ("org.junit", "junit:", "org.opentest4j", "org.testng", "org.hamcrest")


class Library(BaseModel):
    """A jar, or another module's classes (`module`), that a module needs.

    `role`: `project` for what it declares, `runner` for what runs its tests, `processor` for what
    its compiler asks about annotations. `classifier` is `main`, `tests` or another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["project", "runner", "processor"]
    scope: str
    coordinates: str
    jar: str = ""
    module: int | None = None
    classifier: str = "main"

    @property
    def compiles_main(self) -> bool:
        """Whether the application itself is compiled against it."""
        return self.role == "project" and self.scope in _MAIN_SCOPES

    @property
    def runs_tests(self) -> bool:
        """Whether it is what runs tests: project code must not stand before it."""
        return self.coordinates.startswith(_RUN_FIRST)


class Resolved(BaseModel):
    """The answer for a build: its modules' poms, in order, and for each of them its libraries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manifests: tuple[str, ...] = ()
    libraries: tuple[tuple[Library, ...], ...] = ()


class Malformed(Exception):  # noqa: N818 - it says of a manifest what it is
    """A build file is no XML, or no build file."""


def resolved(lines: Iterable[str]) -> Resolved:
    """Read the answer. Raises NotUnderstood for what cannot be had, Malformed for broken files."""
    words = [line.rstrip("\n").split("\t") for line in lines]
    manifests = [rest[1] for kind, *rest in words if kind == "module"]
    for kind, *rest in words:
        if kind == "problem":
            path, line, why, message = rest
            if why == "malformed":
                raise Malformed(f"{path}: {message}")
            raise NotUnderstood(message, path=path, line=int(line) or None)
    if not words or words[-1] != ["closed"]:
        raise NotUnderstood("Maven's answer is not complete", path="pom.xml")
    return Resolved(
        manifests=tuple(manifests),
        libraries=tuple(tuple(_libraries(words, str(number))) for number in range(len(manifests))),
    )


def _libraries(words: Iterable[list[str]], number: str) -> Iterator[Library]:
    for kind, *rest in words:
        if kind == "jar" and rest[0] == number:
            _, role, scope, coordinates, jar = rest
            yield Library.model_validate(
                {"role": role, "scope": scope, "coordinates": coordinates, "jar": jar}
            )
        elif kind == "reactor" and rest[0] == number:
            _, role, scope, coordinates, module, classifier = rest
            yield Library.model_validate(
                {"role": role, "scope": scope, "coordinates": coordinates, "module": int(module),
                 "classifier": classifier}
            )  # fmt: skip
