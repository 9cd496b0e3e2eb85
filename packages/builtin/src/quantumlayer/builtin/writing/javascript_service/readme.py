"""What the README says."""

from typing import Any

from quantumlayer.builtin.writing.javascript_service.literals import stored_literal
from quantumlayer.builtin.writing.javascript_service.settings import environment
from quantumlayer.builtin.writing.naming import kebab, sentence
from quantumlayer.builtin.writing.service.model import FieldView, ServiceView
from quantumlayer.builtin.writing.service.readme import examples


def readme_context(view: ServiceView) -> dict[str, Any]:
    """The context of the README."""
    return {
        "examples": examples(view, _default),
        "reports": [
            (f"/reports/{kebab(report.name)}", sentence(report.statement))
            for report in view.reports
        ],
        "environment": environment(view.requirements.name),
    }


def _default(field: FieldView) -> str | None:
    return None if field.default is None else stored_literal(field, field.default)
