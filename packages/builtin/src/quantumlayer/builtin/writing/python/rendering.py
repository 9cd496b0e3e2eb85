"""Templates and what they are given."""

import textwrap
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
from quantumlayer.builtin.writing.python.report_code import report_views
from quantumlayer.builtin.writing.python.testing import test_context
from quantumlayer.builtin.writing.service.files import Piece
from quantumlayer.builtin.writing.service.model import (
    MONEY_PLACES,
    OTHER_PLACES,
    EntityView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.queries import sort_keys
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.builtin.writing.service.rules import checks_of
from quantumlayer.builtin.writing.service.writer import SETTINGS, variables
from quantumlayer.qlayer import FileRole

_LOCKS = {"requirements.txt": False, "requirements-dev.txt": True}
"""The lock files, and whether they hold the tools too."""
_TEMPLATES = Path(__file__).parent / "templates"


def render(view: ServiceView, piece: Piece) -> str:
    """The text of one file."""
    if piece.file.path in _LOCKS:
        return requirements_file(development=_LOCKS[piece.file.path])
    environment = _environment()
    template = environment.get_template(piece.template)
    context: dict[str, Any] = {"view": view, "path": piece.file.path, **_general(view)}
    if piece.file.path == "README.md":
        context |= {**readme_context(view), "environment": variables(settings(view))}
    if piece.file.role is FileRole.TEST:
        context |= test_context(view)
    if piece.entity is not None:
        context |= {"entity": piece.entity, **_of_entity(view, piece.entity)}
    text, is_python = template.render(context), piece.file.path.endswith(".py")
    return format_python(text, first_party=view.package) if is_python else text


def settings(view: ServiceView) -> dict[str, tuple[str, str]]:
    """What the service reads from its environment: defaults and meanings."""
    return SETTINGS | {
        "DATABASE_PATH": (
            f"{view.package}.db",
            "The SQLite database file; its folder is created.",
        ),
        "BUSY_TIMEOUT_SECONDS": (
            "5",
            "How long a change waits for others before it is answered with 503.",
        ),
        "MAX_BODY_BYTES": ("1048576", "The largest request body."),
    }


def _environment() -> Environment:
    environment = rendering.environment(_TEMPLATES)
    environment.filters |= {
        "literal": literal,
        "sentence": sentence,
        "docstring": docstring,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "sql_code": sql_code,
        "cell": lambda text: " ".join(text.split()).replace("|", "\\|"),
        "unique_block": _unique_block,
        "wrapped": _wrapped,
    }
    return environment


def sql_code(sql: str) -> str:
    """A piece of SQL as Python code; alternatives stand on lines of their own."""
    parts = sql.split(" OR ")
    if len(parts) == 1:
        return _quoted_sql(sql)
    lines = [_quoted_sql(part if i == 0 else f" OR {part}") for i, part in enumerate(parts)]
    lines[0], lines[-1] = _quoted_sql(f"({parts[0]}"), _quoted_sql(f" OR {parts[-1]})")
    return "(" + "\n".join(lines) + ")"


def _quoted_sql(sql: str) -> str:
    return f"'{sql}'" if "'" not in sql else f'"""{sql}"""'


def _wrapped(text: str, indent: int) -> str:
    return textwrap.fill(text, 84 - indent, break_long_words=False).replace(
        "\n", "\n" + " " * indent
    )


def _unique_block(body: str, kept: bool) -> str:
    lines = body.strip("\n").splitlines()
    if kept:
        lines = ["with uniqueness(_UNIQUE):", *(f"    {line}" if line else "" for line in lines)]
    return "".join(f"    {line}\n" if line else "\n" for line in lines)


def _general(view: ServiceView) -> dict[str, Any]:
    unique_fields = [
        entity.requirement_of(field)
        for entity in view.entities
        for field in entity.fields
        if field.field.unique
    ]
    return {
        "summary": sentence(view.title),
        "has_unique": any(entity.has_unique for entity in view.entities),
        "has_unique_fields": bool(unique_fields),
        "has_rules": bool(view.rules or unique_fields),
        "may_be_in_use": any(view.may_be_in_use(entity) for entity in view.entities),
        "has_references": any(entity.references for entity in view.entities),
        "all_traced": all(unique_fields),
        "renamed": any(_renamed(entity) for entity in view.entities),
        "uses": _uses(view),
        "money_places": MONEY_PLACES,
        "other_places": OTHER_PLACES,
        "python_regex": _needs_python_regex(view),
        "reports": report_views(view),
        "column_definition": tables.column_definition,
        "indexes": tables.indexes,
        **rule_code.keeping(view),
    }


def _uses(view: ServiceView) -> dict[str, bool]:
    fields = [f for entity in view.entities for f in entity.fields]
    decimals = [f for f in fields if f.type is FieldType.DECIMAL]
    used = {kind.value: view.uses(kind) for kind in FieldType}
    return used | {
        "money": any(f.places == MONEY_PLACES for f in decimals),
        "other_decimal": any(f.places != MONEY_PLACES for f in decimals),
        "today": any(f.computed == "today" and f.type is FieldType.DATE for f in fields),
    }


def _needs_python_regex(view: ServiceView) -> bool:
    """Whether a pattern uses what the linear-time engine does not know."""
    patterns = [f.field.pattern for e in view.entities for f in e.fields if f.field.pattern]
    return any(alphabets(pattern) is None for pattern in patterns)


def _renamed(entity: EntityView) -> bool:
    return any(field.attribute != field.key for field in entity.fields)


def _of_entity(view: ServiceView, entity: EntityView) -> dict[str, Any]:
    columns = [field.key for field in entity.fields]
    return {
        "filters": schemas.filters(entity),
        "annotations": {f.key: schemas.annotation(view, entity, f) for f in entity.fields},
        "default_code": schemas.default_code,
        "patch_code": schemas.patch_code,
        "sorts": _sorts(entity),
        "unique": tables.unique_rules(entity),
        "referred": view.may_be_in_use(entity),
        "dump": "by_alias=True" if _renamed(entity) else "",
        "insert_columns": [f'"{key}"' for key in (*columns, "created_at", "updated_at")],
        "insert_values": [f":{key}" for key in (*columns, "created_at", "updated_at")],
        "update_columns": [f'"{key}" = :{key}' for key in (*columns, "updated_at")],
        "conversions": tables.conversions(entity),
        "has_defaults": any(not f.must_be_given for f in entity.fields),
        "checks": checks_of(view, entity).checks,
        "check_code": rule_code.check_code,
        "groups": rule_code.groups(view, entity),
        "calls": rule_code.calls(view, entity),
        "rule_modules": rule_code.rule_modules(view, entity),
    }


def _sorts(entity: EntityView) -> str:
    keys = sort_keys(entity)
    return ", ".join(f'"{key}", "-{key}"' for key in keys)
