"""Results as the generated tool prints them, for the examples of its README."""

import json
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool.reference import Cell, Row, text_of


def as_table(rows: list[Row]) -> str:
    """The aligned table."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if not columns:
        return ""
    widths = {
        name: max(len(name), *(len(text_of(row.get(name))) for row in rows)) for name in columns
    }
    right = {name for name in columns if all(_is_number(row.get(name)) for row in rows)}
    lines = [
        {name: name for name in columns},
        {name: "-" * widths[name] for name in columns},
        *({name: text_of(row.get(name)) for name in columns} for row in rows),
    ]
    return "".join(
        "  ".join(
            line[name].rjust(widths[name]) if name in right else line[name].ljust(widths[name])
            for name in columns
        ).rstrip()
        + "\n"
        for line in lines
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | Decimal)


def as_json(rows: list[Row]) -> str:
    """The JSON list, one row a line."""
    if not rows:
        return "[]\n"
    return "[\n" + ",\n".join(f"  {json_row(row)}" for row in rows) + "\n]\n"


def json_row(row: Row) -> str:
    """One row as a JSON object with exact numbers."""
    return "{" + ", ".join(f"{_string(name)}: {_value(cell)}" for name, cell in row.items()) + "}"


def _value(cell: Cell) -> str:
    if cell is None:
        return "null"
    return text_of(cell) if _is_number(cell) else _string(str(cell))


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def as_delimited(rows: list[Row], delimiter: str = ",") -> str:
    """CSV or TSV with a header."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([text_of(row.get(name)) for name in columns] for row in rows)]
    return "".join(delimiter.join(_quoted(t, delimiter) for t in line) + "\n" for line in lines)


def _quoted(text: str, delimiter: str) -> str:
    special = any(mark in text for mark in (delimiter, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if special else text
