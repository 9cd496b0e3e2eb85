"""Values of rules and defaults as services store them: texts of moments sort as the moments do."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

from quantumlayer.builtin.domain import Scalar
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.values import literal_value

Stored = str | int | Decimal | None


def stored_value(field: FieldView, given: Scalar) -> Stored:
    """A value that travelled as text, as it is stored; a list is the text of its JSON."""
    value = literal_value(field, given)
    match value:
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date() | time():
            return value.isoformat()
        case list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value
