"""The writer of Python services: FastAPI over SQLite."""

from pathlib import Path

from quantumlayer.builtin.locks import locked_versions
from quantumlayer.builtin.writing.python.rendering import context, finished
from quantumlayer.builtin.writing.python.testing import test_context
from quantumlayer.builtin.writing.service.files import Layout, rows_of
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
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


def _is_checked(view: ServiceView, entity: EntityView | None) -> bool:
    """Whether code, and not an index alone, keeps a rule."""
    return any(checks_of(view, each).checks for each in ((entity,) if entity else view.entities))


def _settings(view: ServiceView) -> dict[str, tuple[str, str]]:
    wait = "How long a change waits for others before it is answered with 503."
    return {
        "DATABASE_PATH": (f"{view.package}.db", "The SQLite database file; its folder is created."),
        "BUSY_TIMEOUT_SECONDS": ("5", wait),
        "MAX_BODY_BYTES": ("1048576", "The largest request body."),
    }


WRITER = ServiceWriter(
    language=Language.PYTHON,
    framework="FastAPI",
    layout=Layout(
        rows_of(Path(__file__).with_name("files.toml")),
        folder=lambda _, entity: entity.module,
        tests="test_{}".format,
        conditions={"checked": _is_checked},
    ),
    templates=Path(__file__).with_name("templates"),
    context=context,
    tests=test_context,
    finished=finished,
    settings=_settings,
    run_command=lambda view: ("python", "-m", view.package),
    test_command=("python", "-m", "pytest"),
    dependencies=_dependencies,
)
