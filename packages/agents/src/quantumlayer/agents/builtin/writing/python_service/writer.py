"""The writer of Python services: what to write for each path, and the plan of all of them."""

from dataclasses import dataclass
from pathlib import Path

from quantumlayer.agents.builtin.writing.formatting import format_python
from quantumlayer.agents.builtin.writing.python_service.layout import Piece, pieces
from quantumlayer.agents.builtin.writing.python_service.model import ServiceView, service_view
from quantumlayer.agents.builtin.writing.python_service.rendering import render
from quantumlayer.agents.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint, Dependency, EnvironmentVariable, PlannedFile
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
            environment=_environment(view),
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


def _environment(view: ServiceView) -> tuple[EnvironmentVariable, ...]:
    return (
        EnvironmentVariable(name="PORT", default="8000", description="The port to listen on."),
        EnvironmentVariable(
            name="HOST",
            default="127.0.0.1",
            description="The address to listen on; 0.0.0.0 inside a container.",
        ),
        EnvironmentVariable(
            name="DATABASE_PATH",
            default=f"{view.package}.db",
            description="The SQLite database file; its folder is created.",
        ),
        EnvironmentVariable(
            name="BUSY_TIMEOUT_SECONDS",
            default="5",
            description="How long a change waits for others before it is answered with 503.",
        ),
        EnvironmentVariable(
            name="LOG_LEVEL", default="INFO", description="DEBUG, INFO, WARNING or ERROR."
        ),
        EnvironmentVariable(
            name="MAX_BODY_BYTES", default="1048576", description="The largest request body."
        ),
    )


WRITER = PythonServiceWriter()
