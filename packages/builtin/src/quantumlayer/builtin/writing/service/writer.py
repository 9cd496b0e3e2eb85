"""A writer of services: what to write for each path, and the plan of all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing import UnknownFileError
from quantumlayer.builtin.writing.naming import docstring, literal, sentence
from quantumlayer.builtin.writing.service.fields import OTHER_PLACES
from quantumlayer.builtin.writing.service.files import Layout, Piece
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView, service_view
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.qlayer import Blueprint, Dependency, EnvironmentVariable, FileRole
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

Context = dict[str, Any]
_SHARED = Path(__file__).parents[1] / "templates"
_SETTINGS = {
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
    templates: Path
    context: Callable[[ServiceView, EntityView | None], Context]
    """What the templates of the language are given besides what all are given."""
    tests: Callable[[ServiceView], Context]
    """What those of tests are given besides."""
    finished: Callable[[ServiceView, Mapping[str, str]], dict[str, str]]
    """The texts of files by their paths, laid out."""
    settings: Callable[[ServiceView], dict[str, tuple[str, str]]]
    """What it reads from its environment besides what every service reads."""
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
            environment=self._environment(view),
            run_command=self.run_command(view),
            test_command=self.test_command,
            port=8000,
        )

    def write_all(self, requirements: Requirements, paths: Iterable[str]) -> dict[str, str]:
        """The contents of planned files, by their paths."""
        view = service_view(requirements)
        planned = {piece.file.path: piece for piece in pieces(self.layout, view)}
        texts: dict[str, str] = {}
        for path in paths:
            if path not in planned:
                raise UnknownFileError(
                    f"the blueprint of {requirements.name!r} has no file {path!r}"
                )
            texts[path] = self._rendered(view, planned[path])
        return self.finished(view, texts)

    def _rendered(self, view: ServiceView, piece: Piece) -> str:
        context: Context = {
            "view": view,
            "entity": piece.entity,
            "uses": {kind.value: view.uses(kind) for kind in FieldType},
            "other_places": OTHER_PLACES,
            "has_rules": bool(view.rules) or any(entity.uniques for entity in view.entities),
        }
        context |= self.context(view, piece.entity)
        if piece.file.role is FileRole.TEST:
            context |= self.tests(view)
        if piece.file.role is FileRole.DOCUMENTATION:
            context |= {**readme_context(view), "environment": self._environment(view)}
        return _templates(self.templates).get_template(piece.template).render(context)

    def _environment(self, view: ServiceView) -> tuple[EnvironmentVariable, ...]:
        settings = _SETTINGS | self.settings(view)
        return tuple(
            EnvironmentVariable(name=name, default=default, description=description)
            for name, (default, description) in settings.items()
        )


@lru_cache(maxsize=8)
def pieces(layout: Layout, view: ServiceView) -> tuple[Piece, ...]:
    """The files of a service."""
    return layout.pieces(view)


@cache
def _templates(folder: Path) -> Environment:
    """The templates under `folder`, and those that writers share; a misspelt name is an error."""
    found = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - source code, not HTML
    )
    found.filters |= {
        "literal": literal,
        "sentence": sentence,
        "docstring": docstring,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "cell": lambda text: " ".join(text.split()).replace("|", "\\|"),
    }
    return found
