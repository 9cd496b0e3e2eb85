"""Templates and what they are given."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing import rendering
from quantumlayer.builtin.writing.javascript.field_code import BUILDERS, field_code
from quantumlayer.builtin.writing.javascript.imports import used_imports
from quantumlayer.builtin.writing.javascript.literals import quoted
from quantumlayer.builtin.writing.javascript.long_lines import break_long_lines
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.report_code import report_module
from quantumlayer.builtin.writing.javascript.rule_code import rule_module
from quantumlayer.builtin.writing.javascript.testing import test_context
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.fields import OTHER_PLACES
from quantumlayer.builtin.writing.service.files import Piece
from quantumlayer.builtin.writing.service.model import ServiceView
from quantumlayer.builtin.writing.service.readme import readme_context
from quantumlayer.builtin.writing.service.writer import SETTINGS, variables
from quantumlayer.qlayer import FileRole

_TEMPLATES = Path(__file__).parent / "templates"


def render(view: ServiceView, piece: Piece) -> str:
    """The text of one file."""
    context: dict[str, Any] = {"view": view, "names": names_of(view), **_general(view)}
    if piece.file.role is FileRole.TEST:
        context |= test_context(view)
    if piece.file.path == "README.md":
        context |= {**readme_context(view), "environment": variables(settings(view))}
    if piece.entity is not None:
        context |= {"entity": piece.entity, "own": names_of(view)[piece.entity.name]}
    text = _environment().get_template(piece.template).render(context)
    tidy = re.sub(r"\n{3,}", "\n\n", used_imports(text)).rstrip("\n")
    return f"{break_long_lines(tidy)}\n"


def settings(view: ServiceView) -> dict[str, tuple[str, str]]:
    """What the service reads from its environment: defaults and meanings."""
    journal = "The journal file in which all records are kept; its folder is created."
    return SETTINGS | {"DATABASE_PATH": (f"{view.requirements.name}.jsonl", journal)}


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
    return {
        "uses": {kind.value: view.uses(kind) for kind in FieldType},
        "reports": report_module(view),
        "rules_of": lambda entity: rule_module(view, entity),
        "field_code": lambda entity, field: field_code(view, entity, field),
        "builders": sorted(BUILDERS.values()),
        "first": view.entities[0],
        "other_places": OTHER_PLACES,
        "has_rules": bool(view.rules) or any(entity.has_unique for entity in view.entities),
        "sorted_entities": sorted(view.entities, key=lambda e: names_of(view)[e.name].folder),
    }
