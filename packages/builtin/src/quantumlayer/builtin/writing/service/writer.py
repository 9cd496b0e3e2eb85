"""A writer of services: what to write for each path, and the plan of all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.builtin.writing.service.files import Layout, Piece
from quantumlayer.builtin.writing.service.model import ServiceView, service_view
from quantumlayer.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint, Dependency, EnvironmentVariable
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

SETTINGS = {
    "PORT": ("8000", "The port to listen on."),
    "HOST": ("127.0.0.1", "The address to listen on; 0.0.0.0 inside a container."),
    "LOG_LEVEL": ("INFO", "DEBUG, INFO, WARNING or ERROR."),
}
"""What every service reads from its environment: defaults and meanings."""


@dataclass(frozen=True)
class ServiceWriter:
    """Plans and writes services in one language."""

    language: Language
    framework: str
    layout: Layout
    render: Callable[[ServiceView, Piece], str]
    settings: Callable[[ServiceView], dict[str, tuple[str, str]]]
    run_command: Callable[[ServiceView], tuple[str, ...]]
    test_command: tuple[str, ...]
    dependencies: Callable[[], tuple[Dependency, ...]] = tuple

    def plan(self, requirements: Requirements) -> Blueprint:
        """The files of the service, and how it runs."""
        view = service_view(requirements)
        return Blueprint(
            name=requirements.name,
            kind=ApplicationKind.SERVICE,
            language=self.language,
            framework=self.framework,
            summary=requirements.summary,
            files=tuple(piece.file for piece in pieces(self.layout, view)),
            dependencies=self.dependencies(),
            environment=variables(self.settings(view)),
            run_command=self.run_command(view),
            test_command=self.test_command,
            port=8000,
        )

    def write(self, requirements: Requirements, path: str) -> str:
        """The content of one planned file."""
        view = service_view(requirements)
        for piece in pieces(self.layout, view):
            if piece.file.path == path:
                return self.render(view, piece)
        raise UnknownFile(f"the blueprint of {requirements.name!r} has no file {path!r}")


@lru_cache(maxsize=8)
def pieces(layout: Layout, view: ServiceView) -> tuple[Piece, ...]:
    """The files of a service."""
    return layout.pieces(view)


def variables(settings: dict[str, tuple[str, str]]) -> tuple[EnvironmentVariable, ...]:
    """Settings as a blueprint tells them."""
    return tuple(
        EnvironmentVariable(name=name, default=default, description=description)
        for name, (default, description) in settings.items()
    )
