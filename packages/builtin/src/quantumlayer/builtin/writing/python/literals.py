"""Values as Python code."""

import json
from decimal import Decimal

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service.model import FieldView
from quantumlayer.builtin.writing.service.references import truth


def python_literal(field: FieldView, value: str | int | bool) -> str:
    """A value of a rule as Python code of the field's type."""
    text = str(value)
    match field.type:
        case FieldType.DECIMAL:
            return decimal_code(text)
        case FieldType.INTEGER | FieldType.REFERENCE:
            return str(int(text))
        case FieldType.BOOLEAN:
            return str(truth(value))
        case FieldType.DATE | FieldType.TIME | FieldType.DATETIME:
            return moment_code(field, text)
        case _:
            return json.dumps(text, ensure_ascii=False)


def moment_code(field: FieldView, text: str) -> str:
    """A day, a time of day or a moment as Python code; a moment without offset is in UTC."""
    if field.type is not FieldType.DATETIME:
        return f'{field.type.value}.fromisoformat("{text}")'
    moment = text.replace("Z", "+00:00") if "T" in text or " " in text else f"{text}T00:00:00"
    zone = "" if "+" in moment[10:] or "-" in moment[10:] else "+00:00"
    return f'datetime.fromisoformat("{moment}{zone}")'


def decimal_code(text: str) -> str:
    """A decimal as Python code."""
    value = Decimal(text)
    whole = value == int(value)
    return f"Decimal({int(value)})" if whole else f'Decimal("{value}")'
