"""Showing a place in a source as a compiler shows it."""

_WIDTH = 120


def excerpt(lines: list[str], line: int, column: int) -> str:
    """The `line` with its number and a caret under `column` (both from 1), or "" past the end.

    A long line is cut around the column; control characters are shown as `·`.
    """
    if not 1 <= line <= len(lines):
        return ""
    text = "".join(
        char if char.isprintable() else " " if char == "\t" else "·" for char in lines[line - 1]
    )
    start = max(0, column - _WIDTH * 2 // 3) if len(text) > _WIDTH else 0
    shown = text[start : start + _WIDTH]
    gutter = f"{line:>5} | "
    caret = min(column - 1 - start, len(shown))
    return f"{gutter}{shown.rstrip()}\n{' ' * (len(gutter) - 2)}| {' ' * caret}^"
