"""What the README says."""

from dataclasses import dataclass
from typing import Any

from quantumlayer.agents.builtin.writing.javascript_service.literals import stored_literal
from quantumlayer.agents.builtin.writing.javascript_service.settings import environment
from quantumlayer.agents.builtin.writing.naming import kebab, sentence
from quantumlayer.agents.builtin.writing.python_service.model import (
    STRINGS,
    FieldView,
    ServiceView,
)
from quantumlayer.agents.builtin.writing.python_service.readme import examples
from quantumlayer.qlayer.requirements import FieldType


@dataclass(frozen=True)
class Member:
    """A line of the table of members."""

    name: str
    type: str
    note: str


def readme_context(view: ServiceView) -> dict[str, Any]:
    """The context of the README."""
    shown = zip(examples(view), view.entities, strict=True)
    return {
        "examples": [
            {
                "title": example.title,
                "commands": example.commands,
                "members": [_member(view, field) for field in entity.fields],
            }
            for example, entity in shown
        ],
        "reports": [
            (f"/reports/{kebab(report.name)}", sentence(report.statement))
            for report in view.reports
        ],
        "environment": environment(view.requirements.name),
    }


def _member(view: ServiceView, field: FieldView) -> Member:
    notes = []
    if field.type is FieldType.REFERENCE:
        notes.append(f"id of {view.target(field).one}")
    if field.field.choices:
        notes.append("one of " + ", ".join(f"`{choice}`" for choice in field.field.choices))
    notes += _bounds(field)
    if field.field.unique:
        notes.append("unique")
    if field.computed:
        notes.append(f"default: {field.computed}")
    elif field.default is not None:
        notes.append(f"default: `{stored_literal(field, field.default)}`")
    elif field.nullable:
        notes.append("optional")
    return Member(field.key, field.type.value.replace("_", " "), "; ".join(notes))


def _bounds(field: FieldView) -> list[str]:
    contract = field.field
    found = []
    if contract.minimum is not None:
        words = "more than" if contract.exclusive_minimum else "at least"
        found.append(f"{words} {contract.minimum}")
    if contract.maximum is not None:
        words = "less than" if contract.exclusive_maximum else "at most"
        found.append(f"{words} {contract.maximum}")
    if field.type in STRINGS and contract.pattern:
        found.append(f"matches `{contract.pattern.replace('|', chr(92) + '|')}`")
    if field.type in STRINGS and (contract.min_length or contract.max_length):
        found.append(f"{field.min_length or 0} to {field.max_length} characters")
    return found
