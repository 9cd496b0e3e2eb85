"""Templates and what they are given."""

import tomllib
from pathlib import Path
from typing import Any

from jinja2 import Environment

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.locks import requirements_file
from quantumlayer.builtin.writing import rendering
from quantumlayer.builtin.writing.formatting import format_python
from quantumlayer.builtin.writing.naming import docstring, literal, sentence
from quantumlayer.builtin.writing.patterns import alphabets
from quantumlayer.builtin.writing.python import rule_code, schemas, tables
from quantumlayer.builtin.writing.python.imports import with_imports
from quantumlayer.builtin.writing.python.kinds import kind_of
from quantumlayer.builtin.writing.python.report_code import report_views
from quantumlayer.builtin.writing.python.testing import test_context
from quantumlayer.builtin.writing.service.fields import MONEY_PLACES, OTHER_PLACES
from quantumlayer.builtin.writing.service.files import Piece
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.builtin.writing.service.writer import SETTINGS, variables
from quantumlayer.qlayer import FileRole

_LOCKS = {"requirements.txt": False, "requirements-dev.txt": True}
"""The lock files, and whether they hold the tools too."""
_TEMPLATES = Path(__file__).parent / "templates"
_TYPES = tomllib.loads(Path(__file__).with_name("types.toml").read_text(encoding="utf-8"))


def render(view: ServiceView, piece: Piece) -> str:
    """The text of one file."""
    if piece.file.path in _LOCKS:
        return requirements_file(development=_LOCKS[piece.file.path])
    template = _environment().get_template(piece.template)
    context: dict[str, Any] = {"view": view, "entity": piece.entity, **_general(view)}
    if piece.file.path == "README.md":
        context |= {**readme_context(view), "environment": variables(settings(view))}
    if piece.file.role is FileRole.TEST:
        context |= test_context(view)
    text, path = template.render(context), piece.file.path
    if not path.endswith(".py"):
        return text
    return format_python(with_imports(text, path, view.package), first_party=view.package)


def settings(view: ServiceView) -> dict[str, tuple[str, str]]:
    """What the service reads from its environment: defaults and meanings."""
    wait = "How long a change waits for others before it is answered with 503."
    return SETTINGS | {
        "DATABASE_PATH": (f"{view.package}.db", "The SQLite database file; its folder is created."),
        "BUSY_TIMEOUT_SECONDS": ("5", wait),
        "MAX_BODY_BYTES": ("1048576", "The largest request body."),
    }


def _environment() -> Environment:
    environment = rendering.environment(_TEMPLATES)
    environment.filters |= {
        "literal": literal,
        "sentence": sentence,
        "docstring": docstring,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "sql_code": _sql_code,
        "cell": lambda text: " ".join(text.split()).replace("|", "\\|"),
    }
    return environment


def _sql_code(sql: str) -> str:
    """A piece of SQL as Python code; alternatives stand on lines of their own."""
    first, *others = sql.split(" OR ")
    if not others:
        return f"'{sql}'"
    lines = (f"' OR {other}'" for other in others)
    return "\n".join([f"('({first}'", *lines]).removesuffix("'") + ")')"


def _general(view: ServiceView) -> dict[str, Any]:
    fields = [field for entity in view.entities for field in entity.fields]
    unique = any(field.field.unique for field in fields)
    places = {field.places for field in fields if field.type is FieldType.DECIMAL}
    used = {kind.value: view.uses(kind) for kind in FieldType}
    used |= {"money": MONEY_PLACES in places, "other_decimal": OTHER_PLACES in places}
    return {
        "uses": used,
        "types": {
            name: type_
            for name, type_ in _TYPES.items()
            if "of" not in type_ or any(used[kind] for kind in type_["of"].split())
        },
        "other_places": OTHER_PLACES,
        "summary": sentence(view.title),
        "may_be_in_use": any(view.may_be_in_use(entity) for entity in view.entities),
        "has_references": any(entity.references for entity in view.entities),
        "has_conversions": any(kind_of(field).read for field in fields),
        "has_unique": any(entity.has_unique for entity in view.entities),
        "has_unique_fields": unique,
        "has_rules": bool(view.rules) or unique,
        "renamed": any(field.attribute != field.key for field in fields),
        # The engine that takes linear time does not know everything that a pattern may use.
        "python_regex": any(f.field.pattern and not alphabets(f.field.pattern) for f in fields),
        "reports": report_views(view),
        "rule_code": rule_code,
        "schemas": schemas,
        "tables": tables,
    }
