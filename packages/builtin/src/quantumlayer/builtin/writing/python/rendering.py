"""What the templates of a service in Python are given, and how their texts are laid out."""

import tomllib
from pathlib import Path

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.locks import requirements_file
from quantumlayer.builtin.writing.formatting import format_python
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.patterns import alphabets
from quantumlayer.builtin.writing.python import rule_code, schemas, tables
from quantumlayer.builtin.writing.python.imports import with_imports
from quantumlayer.builtin.writing.python.kinds import kind_of
from quantumlayer.builtin.writing.python.report_code import report_views
from quantumlayer.builtin.writing.service.fields import MONEY_PLACES, OTHER_PLACES
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.writer import Context

_TYPES = tomllib.loads(Path(__file__).with_name("types.toml").read_text(encoding="utf-8"))


def finished(view: ServiceView, path: str, text: str) -> str:
    """The text of a module with its imports, laid out; any other text as it is."""
    if not path.endswith(".py"):
        return text
    return format_python(with_imports(text, path, view.package), first_party=view.package)


def _sql_code(sql: str) -> str:
    """A piece of SQL as Python code; alternatives stand on lines of their own."""
    first, *others = sql.split(" OR ")
    if not others:
        return f"'{sql}'"
    lines = (f"' OR {other}'" for other in others)
    return "\n".join([f"('({first}'", *lines]).removesuffix("'") + ")')"


def context(view: ServiceView, _: EntityView | None) -> Context:
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
        # The engine that takes linear time does not know everything that a pattern may use.
        "python_regex": any(f.field.pattern and not alphabets(f.field.pattern) for f in fields),
        "reports": report_views(view),
        "requirements_file": requirements_file,
        "rule_code": rule_code,
        "schemas": schemas,
        "sql_code": _sql_code,
        "tables": tables,
    }
