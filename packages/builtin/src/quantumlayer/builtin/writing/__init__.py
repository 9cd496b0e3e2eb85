"""The built-in architect, generator and tester: requirements → blueprint → contents of files."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

if TYPE_CHECKING:
    from quantumlayer.builtin.writing.service.writer import ServiceWriter

__all__ = [
    "UnknownFileError",
    "UnsupportedApplication",
    "ensure_writable",
    "plan",
    "write",
    "write_all",
]
# Modules rather than objects: a run loads only the writer that it needs. Each has a `WRITER`.
_WRITERS = {
    (ApplicationKind.SERVICE, Language.PYTHON): f"{__name__}.python.writer",
    (ApplicationKind.SERVICE, Language.JAVASCRIPT): f"{__name__}.javascript.writer",
}


class UnsupportedApplication(ValueError):  # noqa: N818 - a refusal, not a fault
    """No writer knows this kind of application in this language; the message says which do."""


class UnknownFileError(LookupError):
    """A path that the blueprint of these requirements does not plan."""


def plan(requirements: Requirements) -> Blueprint:
    """The blueprint of the application; raises UnsupportedApplication where no writer knows it."""
    return _writer_for(requirements).plan(requirements)


def write(requirements: Requirements, path: str) -> str:
    """The content of the planned file `path`; raises UnknownFileError or UnsupportedApplication."""
    return write_all(requirements, [path])[path]


def write_all(requirements: Requirements, paths: Iterable[str]) -> dict[str, str]:
    """The contents of planned files, by their paths: faster than one by one. Raises as `write`."""
    return _writer_for(requirements).write_all(requirements, paths)


def ensure_writable(requirements: Requirements) -> None:
    """Raises UnsupportedApplication where no writer knows the kind in the language."""
    _writer_for(requirements)


def _writer_for(requirements: Requirements) -> "ServiceWriter":
    module = _WRITERS.get((requirements.kind, requirements.language))
    if module is None:
        known = ", ".join(f"{kind.value} in {language.value}" for kind, language in _WRITERS)
        raise UnsupportedApplication(
            f"The built-in model cannot write a {requirements.kind.value} in "
            f"{requirements.language.value}; it can write: {known}."
        )
    return cast("ServiceWriter", import_module(module).WRITER)
