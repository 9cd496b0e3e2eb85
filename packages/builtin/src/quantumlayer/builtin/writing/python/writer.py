"""The writer of Python services: FastAPI over SQLite."""

from quantumlayer.builtin.locks import locked_versions
from quantumlayer.builtin.writing.python.files import LAYOUT
from quantumlayer.builtin.writing.python.rendering import render, settings
from quantumlayer.builtin.writing.service.writer import ServiceWriter
from quantumlayer.qlayer import Dependency
from quantumlayer.qlayer.requirements import Language

_RUNTIME = {
    "fastapi": "routes, validation, OpenAPI",
    "pydantic": "typed bodies and their constraints",
    "pydantic-settings": "typed settings from the environment",
    "uvicorn": "the HTTP server",
}
_DEVELOPMENT = {
    "httpx2": "the client of the tests",
    "mypy": "static types",
    "pytest": "tests",
    "pytest-cov": "coverage of the tests",
    "ruff": "linter and formatter",
}


def _dependencies() -> tuple[Dependency, ...]:
    versions = locked_versions()
    return tuple(
        Dependency(
            name=name,
            specifier=f"=={versions[name]}",
            purpose=purpose,
            development=name in _DEVELOPMENT,
        )
        for name, purpose in (_RUNTIME | _DEVELOPMENT).items()
    )


WRITER = ServiceWriter(
    language=Language.PYTHON,
    framework="FastAPI",
    layout=LAYOUT,
    render=render,
    settings=settings,
    run_command=lambda view: ("python", "-m", view.package),
    test_command=("python", "-m", "pytest"),
    dependencies=_dependencies,
)
