"""Templates and what they are given."""

import re
import textwrap
from pathlib import Path
from typing import Any

from jinja2 import Environment

from quantumlayer.builtin.domain import DeleteRestricted, FieldType
from quantumlayer.builtin.writing import rendering
from quantumlayer.builtin.writing.naming import docstring, literal, sentence
from quantumlayer.builtin.writing.patterns import alphabets
from quantumlayer.builtin.writing.python_service import schemas
from quantumlayer.builtin.writing.python_service.conditions import column, sql_all
from quantumlayer.builtin.writing.python_service.layout import Piece, environment_of
from quantumlayer.builtin.writing.python_service.report_code import report_views
from quantumlayer.builtin.writing.python_service.rules import (
    RuleModule,
    index_message,
    index_name,
    parents_of,
    rule_module,
)
from quantumlayer.builtin.writing.python_service.testing import test_context
from quantumlayer.builtin.writing.service.model import (
    MONEY_PLACES,
    OTHER_PLACES,
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.queries import sort_keys
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.qlayer import FileRole

_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_TEMPLATES = Path(__file__).parent / "templates"


def render(view: ServiceView, piece: Piece) -> str:
    """The text of one file, before it is formatted."""
    environment = _environment()
    template = environment.get_template(piece.template)
    context: dict[str, Any] = {"view": view, "path": piece.file.path, **_general(view)}
    if piece.file.path == "README.md":
        context |= {**readme_context(view), "environment": environment_of(view)}
    if piece.file.role is FileRole.TEST:
        context |= test_context(view)
    if piece.entity is not None:
        context |= {"entity": piece.entity, **_of_entity(view, piece.entity)}
    return template.render(context)


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
        "renamed_rows": any(
            member.attribute != member.name
            for report in report_views(view)
            for member in report.members
        ),
        "column_definition": column_definition,
        "indexes": indexes,
    }


def _uses(view: ServiceView) -> dict[str, bool]:
    fields = [f for entity in view.entities for f in entity.fields]
    decimals = [f for f in fields if f.type is FieldType.DECIMAL]
    used = {kind.value: view.uses(kind) for kind in FieldType}
    return used | {
        "money": any(f.places == MONEY_PLACES for f in decimals),
        "other_decimal": any(f.places != MONEY_PLACES for f in decimals),
        "today": any(f.computed == "today" and f.type is FieldType.DATE for f in fields)
        or any("today()" in rule_module(view, entity).text for entity in view.entities),
    }


def _needs_python_regex(view: ServiceView) -> bool:
    """Whether a pattern uses what the linear-time engine does not know."""
    patterns = [f.field.pattern for e in view.entities for f in e.fields if f.field.pattern]
    return any(alphabets(pattern) is None for pattern in patterns)


def _renamed(entity: EntityView) -> bool:
    return any(field.attribute != field.key for field in entity.fields)


def _of_entity(view: ServiceView, entity: EntityView) -> dict[str, Any]:
    filters = schemas.filters(entity)
    annotations = {f.key: schemas.annotation(view, entity, f) for f in entity.fields}
    module = rule_module(view, entity)
    columns = [field.key for field in entity.fields]
    return {
        "filters": filters,
        "annotations": annotations,
        "default_code": schemas.default_code,
        "patch_code": schemas.patch_code,
        "sorts": _sorts(entity),
        "needs": _needs(entity, annotations, filters),
        "unique": _unique(entity),
        "referred": view.may_be_in_use(entity),
        "dump": "by_alias=True" if _renamed(entity) else "",
        "insert_columns": [f'"{key}"' for key in (*columns, "created_at", "updated_at")],
        "insert_values": [f":{key}" for key in (*columns, "created_at", "updated_at")],
        "update_columns": [f'"{key}" = :{key}' for key in (*columns, "updated_at")],
        "conversions": _conversions(entity),
        "module": module,
        "has_defaults": any(not f.must_be_given for f in entity.fields),
        "checks": _checks(view, entity, module),
        "rule_modules": _rule_modules(view, entity, module),
        **_rule_imports(view, module),
    }


def _sorts(entity: EntityView) -> str:
    keys = sort_keys(entity)
    return ", ".join(f'"{key}", "-{key}"' for key in keys)


def _needs(
    entity: EntityView, annotations: dict[str, str], filters: tuple[schemas.Filter, ...]
) -> dict[str, str | bool]:
    defaults = [schemas.default_code(f) + schemas.patch_code(f) for f in entity.fields]
    code = " ".join([*annotations.values(), *(f.type for f in filters), *defaults])
    code = _TEXT.sub('""', code.replace('fromisoformat("', "fromisoformat("))
    known = (
        *("Boolean", "Email", "Identifier", "Integer", "IsoDate", "IsoTime", "Money", "Number"),
        *("Phone", "QueryInteger", "Tags", "UNCHANGED", "Url", "UtcDatetime"),
    )
    names = {name for name in known if re.search(rf"\b{name}\b", code)}
    kinds = [k for k in ("date", "datetime", "time") if re.search(rf"\b{k}\.fromisoformat", code)]
    return {
        "clock": "clock." in code,
        "value_names": ", ".join(["Body", "Stored", *sorted(names)]),
        "decimal": "Decimal(" in code,
        "datetime_imports": ", ".join(kinds),
        "json": any(f.type is FieldType.TAGS for f in entity.fields),
        "units": any(f.type is FieldType.DECIMAL for f in entity.fields),
    }


def _conversions(entity: EntityView) -> list[tuple[str, str]]:
    found = []
    for field in entity.fields:
        value = f'row["{field.key}"]'
        code = {
            FieldType.DECIMAL: f"from_units({value})",
            FieldType.BOOLEAN: f"bool({value})",
            FieldType.TAGS: f"json.loads({value})",
        }.get(field.type)
        if code is None:
            continue
        if field.nullable and field.type is not FieldType.DECIMAL:
            code = f"None if {value} is None else {code}"
        found.append((field.key, code))
    return found


def _unique(entity: EntityView) -> list[dict[str, str]]:
    found = []
    for field in entity.fields:
        if field.field.unique:
            statement = f"The {field.words} of {entity.one} is unique."
            requirement = literal(entity.requirement_of(field))
            found.append(
                {
                    "message": f"{entity.table}.{field.key}",
                    "arguments": f'{literal(statement)}, {requirement}, field="{field.key}"',
                }
            )
    found += [
        {
            "message": index_message(entity, rule),
            "arguments": f"{literal(sentence(rule.statement))}, {literal(rule.requirement)}",
        }
        for rule in entity.unique_rules
    ]
    return found


def column_definition(view: ServiceView, entity: EntityView, field: FieldView) -> str:
    """A column: its type and what the database itself keeps."""
    parts = [schemas.column_type(field)]
    if not field.nullable:
        parts.append("NOT NULL")
    if field.type is FieldType.EMAIL:
        parts.append("COLLATE NOCASE")
    if field.field.unique:
        parts.append("UNIQUE")
    if field.type is FieldType.REFERENCE:
        target = view.target(field)
        cascades = any(
            isinstance(rule, DeleteRestricted)
            and rule.where
            and rule.by == entity.name
            and field.key == entity.field(rule.by_field if rule.by == entity.name else "").key
            for rule in target.rules
        )
        parts.append(f'REFERENCES "{target.table}" ("id")')
        parts.append(f"ON DELETE {'CASCADE' if cascades else 'RESTRICT'}")
    return " ".join(parts)


def indexes(view: ServiceView, entity: EntityView) -> list[str]:
    """The indexes of a table: for references, and for rules of uniqueness."""
    found = []
    for field in entity.references:
        if not field.field.unique:
            name = f"{entity.table}_{field.key}"
            found.append(f'CREATE INDEX "{name}" ON "{entity.table}" ("{field.key}")')
    for rule in entity.unique_rules:
        columns = ", ".join(column(key) for key in rule.fields)
        where = " AND ".join(sql_all(view, entity, rule.where))
        found.append(
            f"-- {rule.requirement}: {sentence(rule.statement)}\n"
            f'CREATE UNIQUE INDEX "{index_name(entity, rule)}" ON "{entity.table}" ({columns})'
            + (f"\n    WHERE {where}" if where else "")
        )
    return found


def _checks(view: ServiceView, entity: EntityView, module: RuleModule) -> dict[str, Any]:
    def call(name: str, calls: list[str]) -> str:
        names = (parameter for parameter, _ in module.parameters(calls))
        return f"rules.{name}({', '.join(names)})"

    changed = []
    if module.changed:
        changed.append(call("check_changed", module.changed))
    for other in parents_of(view, entity):
        alias = "rules" if other is entity else f"{other.slug}_rules"
        changed.append(f"{alias}.check_{entity.slug}_changed(connection, before, after)")
    return {
        "created": call("check_created", module.created) if module.created else "",
        "changed": changed,
        "deleted": call("check_deleted", module.deleted) if module.deleted else "",
    }


def _rule_modules(
    view: ServiceView, entity: EntityView, module: RuleModule
) -> list[tuple[str, str]]:
    kept = module.deleted or module.undeletable
    own = module.created or module.changed or kept or entity.name in module.parents
    found = [(entity.module, "rules")] if own else []
    others = [other for other in parents_of(view, entity) if other is not entity]
    return found + [(other.module, f"{other.slug}_rules") for other in others]


def _rule_imports(view: ServiceView, module: RuleModule) -> dict[str, Any]:
    text = module.text
    values = [name for name in ("columns", "from_units") if f"{name}(" in text]
    kinds = [k for k in ("date", "datetime", "time") if f"{k}.fromisoformat" in text]
    parents = [(view.entity(name), calls) for name, calls in module.parents.items()]
    used = {name for check in module.checks for _, name in check.parameters}
    used |= {target.class_name for target, _ in parents}
    calls = [*module.created, *module.changed, *module.deleted]
    used |= {kind for _, kind in module.parameters(calls)}
    return {
        "value_imports": ", ".join(values),
        "datetime_imports": ", ".join(kinds),
        "parent_checks": parents,
        "class_imports": [other for other in view.entities if other.class_name in used],
    }
