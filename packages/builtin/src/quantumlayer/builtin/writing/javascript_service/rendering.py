"""Templates and what they are given."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing import rendering
from quantumlayer.builtin.writing.javascript_service.field_code import (
    builders,
    computed_by,
    field_code,
)
from quantumlayer.builtin.writing.javascript_service.foundation_files import needs_decimals
from quantumlayer.builtin.writing.javascript_service.literals import quoted
from quantumlayer.builtin.writing.javascript_service.long_lines import break_long_lines
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.piece import Piece
from quantumlayer.builtin.writing.javascript_service.printing import (
    Doc,
    array,
    layout,
    record,
)
from quantumlayer.builtin.writing.javascript_service.report_code import report_module
from quantumlayer.builtin.writing.javascript_service.rules import (
    cascades,
    checks_of,
    imports_of,
    rule_module,
    typedefs_of,
    unique_indexes,
)
from quantumlayer.builtin.writing.javascript_service.settings import environment
from quantumlayer.builtin.writing.javascript_service.testing import test_context
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.model import (
    OTHER_PLACES,
    STRINGS,
    EntityView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.qlayer import FileRole

_TEMPLATES = Path(__file__).parent / "templates"


def render(view: ServiceView, piece: Piece) -> str:
    """The text of one file."""
    context: dict[str, Any] = {"view": view, "names": names_of(view), **_general(view)}
    if piece.file.role is FileRole.TEST:
        context |= test_context(view)
    elif piece.entity is not None:
        context |= _of_entity(view, piece.entity)
    else:
        context |= _of_file(view, piece.file.path)
    if piece.entity is not None:
        context |= {"entity": piece.entity, "own": names_of(view)[piece.entity.name]}
    text = _environment().get_template(piece.template).render(context)
    return break_long_lines(re.sub(r"\n{3,}", "\n\n", text))


def _environment() -> Environment:
    environment = rendering.environment(_TEMPLATES)
    environment.filters |= {
        "js": quoted,
        "sentence": sentence,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
        "cell": lambda text: text.replace("|", "\\|"),
    }
    return environment


def _general(view: ServiceView) -> dict[str, Any]:
    unique = any(unique_indexes(view, entity) for entity in view.entities)
    return {
        "uses": {kind.value: view.uses(kind) for kind in FieldType},
        "textual": view.uses(*STRINGS),
        "first": view.entities[0],
        "other_places": OTHER_PLACES,
        "has_unique": unique,
        "has_rules": bool(view.rules) or unique,
        "has_references": any(entity.references for entity in view.entities),
        "sorted_entities": sorted(view.entities, key=lambda e: names_of(view)[e.name].folder),
        "unique_indexes": lambda entity: unique_indexes(view, entity),
    }


def _of_file(view: ServiceView, path: str) -> dict[str, Any]:
    context = _CONTEXTS.get(path)
    return context(view) if context else {}


def _reports(view: ServiceView) -> dict[str, Any]:
    module = report_module(view)
    return {
        "report_imports": module.imports,
        "report_entries": module.entries,
        "report_functions": module.functions,
        "report_blocks": module.blocks,
    }


def _error_names(view: ServiceView) -> list[str]:
    general = _general(view)
    found = ["Invalid"]
    found += ["InUse"] if general["has_references"] else []
    found += ["NotFound"]
    found += ["RuleBroken"] if general["has_rules"] else []
    return [*found, "StoreUnavailable"]


def _moment_names(view: ServiceView) -> list[str]:
    used = (
        (FieldType.DATE, "toDay"),
        (FieldType.DATETIME, "toMoment"),
        (FieldType.TIME, "toTime"),
    )
    return ["presentMoment", *(name for kind, name in used if view.uses(kind))]


def _ruling_code(view: ServiceView) -> str:
    modules = [rule_module(view, entity).text for entity in view.entities]
    return "\n".join([*modules, *report_module(view).blocks])


def _helpers_used(view: ServiceView) -> dict[str, bool]:
    code = _ruling_code(view)
    computed = {computed_by(field) for entity in view.entities for field in entity.fields}
    return {
        "units_used": "sumUnits(" in code,
        "reports_numbers": "fromUnits(" in code,
        "today_used": "dayOf(" in code or "dayOf" in computed,
        "time_of_used": "timeOf" in computed,
        "decimals": needs_decimals(view),
    }


def table_code(view: ServiceView, entity: EntityView) -> str:
    """A member of the object of tables."""
    names = names_of(view)
    own = names[entity.name]
    references: list[Doc] = [
        record(
            [
                f"field: {quoted(field.key)}",
                f"table: {quoted(names[view.target(field).name].table)}",
                f"onDelete: {quoted('cascade' if cascades(view, entity, field) else 'restrict')}",
            ]
        )
        for field in entity.references
    ]
    members: list[Doc] = [f"name: {quoted(own.table)}", f"noun: {quoted(entity.words)}"]
    if references:
        members.append(("references: ", array(references)))
    if unique_indexes(view, entity):
        members.append(f"unique: {own.unique}")
    code = layout((f"{own.table}: new Table(", record(members), "),"), indent=4)
    return code.removesuffix(",").replace("\n    ", "\n")


def _of_entity(view: ServiceView, entity: EntityView) -> dict[str, Any]:
    module = rule_module(view, entity)
    checks, rule_imports = checks_of(view, entity)
    computed = {name for field in entity.fields if (name := computed_by(field))}
    return {
        "field_codes": [_dedented(field_code(view, entity, f)) for f in entity.fields],
        "field_imports": builders(entity),
        "moment_imports": sorted(computed),
        "checks": checks,
        "rule_imports": rule_imports,
        "module": {
            "imports": imports_of(module),
            "typedefs": typedefs_of(module),
            "constants": module.constants,
            "blocks": module.blocks,
        },
    }


def _dedented(code: str) -> str:
    return re.sub(r"\n {2}", "\n", code)


_CONTEXTS: dict[str, Callable[[ServiceView], dict[str, Any]]] = {
    "README.md": lambda view: {
        **readme_context(view),
        "environment": environment(view.requirements.name),
    },
    "src/decimals.js": _helpers_used,
    "src/fields.js": lambda view: {"moment_names": _moment_names(view)},
    "src/http/problems.js": lambda view: {"error_names": _error_names(view)},
    "src/moments.js": _helpers_used,
    "src/reports.js": _reports,
    "src/store/table.js": lambda view: {"gets_used": ".get(" in _ruling_code(view)},
    "src/store/tables.js": lambda view: {"table_code": lambda entity: table_code(view, entity)},
}
