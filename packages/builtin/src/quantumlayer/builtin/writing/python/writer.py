"""The writer of Python services: FastAPI over SQLite."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.locks import locked_versions, requirements_file
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.python import rule_code, schemas, tables
from quantumlayer.builtin.writing.python.finishing import format_python, with_imports
from quantumlayer.builtin.writing.python.kinds import kind_of
from quantumlayer.builtin.writing.python.report_code import report_views
from quantumlayer.builtin.writing.python.testing import test_context
from quantumlayer.builtin.writing.service.fields import MONEY_PLACES, OTHER_PLACES
from quantumlayer.builtin.writing.service.files import Layout, rows_of
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.rules import checks_of
from quantumlayer.builtin.writing.service.writer import Context, ServiceWriter
from quantumlayer.qlayer import Dependency
from quantumlayer.qlayer.requirements import Language

_TYPES = tomllib.loads(Path(__file__).with_name("types.toml").read_text(encoding="utf-8"))
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


def _finished(view: ServiceView, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of modules with their imports, laid out; any other text as it is."""
    modules = {
        path: with_imports(text, path, view.package)
        for path, text in texts.items()
        if path.endswith(".py")
    }
    return {**texts, **format_python(modules, first_party=view.package)}


def _context(view: ServiceView, _: EntityView | None) -> Context:
    """What templates are given."""
    fields = [field for entity in view.entities for field in entity.fields]
    places = {field.places for field in fields if field.type is FieldType.DECIMAL}
    used = {kind.value: view.uses(kind) for kind in FieldType}
    used |= {"money": MONEY_PLACES in places, "other_decimal": OTHER_PLACES in places}
    return {
        "types": {
            name: type_
            for name, type_ in _TYPES.items()
            if "of" not in type_ or any(used[kind] for kind in type_["of"].split())
        },
        "summary": sentence(view.title),
        "may_be_in_use": any(view.may_be_in_use(entity) for entity in view.entities),
        "has_references": any(entity.references for entity in view.entities),
        "has_conversions": any(kind_of(field).read for field in fields),
        "has_unique": any(entity.uniques for entity in view.entities),
        "has_unique_fields": any(field.field.unique for field in fields),
        "renamed": any(field.attribute != field.key for field in fields),
        "reports": report_views(view),
        "requirements_file": requirements_file,
        "rule_code": rule_code,
        "schemas": schemas,
        "tables": tables,
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
    context=_context,
    tests=test_context,
    finished=_finished,
    settings=_settings,
    run_command=lambda view: ("python", "-m", view.package),
    test_command=("python", "-m", "pytest"),
    dependencies=_dependencies,
)
