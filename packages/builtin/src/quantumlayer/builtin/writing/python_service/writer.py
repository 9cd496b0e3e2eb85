"""The writer of Python services: what to write for each path, and the plan of all of them."""

from dataclasses import dataclass
from pathlib import Path

from quantumlayer.builtin.writing.formatting import format_python
from quantumlayer.builtin.writing.python_service.layout import Piece, environment_of, pieces
from quantumlayer.builtin.writing.python_service.rendering import render
from quantumlayer.builtin.writing.service.model import ServiceView, service_view
from quantumlayer.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint, Dependency
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PythonServiceWriter:
    """Plans and writes FastAPI services with SQLite."""

    def plan(self, requirements: Requirements) -> Blueprint:
        """The files of the service, and how it runs."""
        view = service_view(requirements)
        return Blueprint(
            name=requirements.name,
            kind=ApplicationKind.SERVICE,
            language=Language.PYTHON,
            framework="FastAPI",
            summary=requirements.summary,
            files=tuple(piece.file for piece in pieces(view)),
            dependencies=_dependencies(),
            environment=environment_of(view),
            run_command=("python", "-m", view.package),
            test_command=("python", "-m", "pytest"),
            port=8000,
        )

    def write(self, requirements: Requirements, path: str) -> str:
        """The content of one planned file."""
        view = service_view(requirements)
        piece = _piece(view, path)
        if piece.data:
            return (_DATA / piece.data).read_text(encoding="utf-8")
        text = render(view, piece)
        if path.endswith(".py"):
            return format_python(text, first_party=view.package)
        return text


def _piece(view: ServiceView, path: str) -> Piece:
    for piece in pieces(view):
        if piece.file.path == path:
            return piece
    raise UnknownFile(f"the blueprint of {view.requirements.name!r} has no file {path!r}")


def _dependencies() -> tuple[Dependency, ...]:
    runtime = {
        "fastapi": "routes, validation, OpenAPI",
        "pydantic": "typed bodies and their constraints",
        "pydantic-settings": "typed settings from the environment",
        "uvicorn": "the HTTP server",
    }
    development = {
        "httpx2": "the client of the tests",
        "mypy": "static types",
        "pytest": "tests",
        "pytest-cov": "coverage of the tests",
        "ruff": "linter and formatter",
    }
    versions = _locked_versions()
    return tuple(
        Dependency(
            name=name,
            specifier=f"=={versions[name]}",
            purpose=purpose,
            development=name in development,
        )
        for name, purpose in (runtime | development).items()
    )


def _locked_versions() -> dict[str, str]:
    lock = (_DATA / "requirements-dev.txt").read_text(encoding="utf-8")
    pinned = (line.split()[0] for line in lock.splitlines() if "==" in line and line[0] != " ")
    return dict(pin.split("==") for pin in pinned)


WRITER = PythonServiceWriter()
