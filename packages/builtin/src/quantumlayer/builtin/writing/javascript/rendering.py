"""What the templates of a service in JavaScript are given, and how their texts are laid out."""

import re

from quantumlayer.builtin.writing.javascript.field_code import BUILDERS, field_code
from quantumlayer.builtin.writing.javascript.imports import used_imports
from quantumlayer.builtin.writing.javascript.literals import quoted
from quantumlayer.builtin.writing.javascript.long_lines import break_long_lines
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.report_code import report_module
from quantumlayer.builtin.writing.javascript.rule_code import rule_module
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.writer import Context


def context(view: ServiceView, entity: EntityView | None) -> Context:
    """What templates are given."""
    names = names_of(view)
    return {
        "names": names,
        "own": entity and names[entity.name],
        "js": quoted,
        "reports": report_module(view),
        "rules_of": lambda entity: rule_module(view, entity),
        "field_code": lambda entity, field: field_code(view, entity, field),
        "builders": sorted(BUILDERS.values()),
        "first": view.entities[0],
        "sorted_entities": sorted(view.entities, key=lambda each: names[each.name].folder),
    }


def finished(_: ServiceView, __: str, text: str) -> str:
    """The text without imports that it does not use, laid out."""
    tidy = re.sub(r"\n{3,}", "\n\n", used_imports(text)).rstrip("\n")
    return f"{break_long_lines(tidy)}\n"
