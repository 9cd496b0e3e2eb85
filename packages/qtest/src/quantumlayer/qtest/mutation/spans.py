"""Places in a source by byte offset, and replacing what stands there without moving a line."""

import ast
import re
from dataclasses import dataclass

LONGEST_SHOWN = 120


@dataclass(frozen=True)
class Span:
    """From the first byte of a piece of source to the one after its last."""

    start: int
    end: int


class Source:
    """The bytes of a module, with the places of its syntax tree's nodes."""

    def __init__(self, content: bytes) -> None:
        """`content` is UTF-8, as syntax trees count columns in it."""
        self.content = content
        self.line_starts = [0, *(match.end() for match in re.finditer(rb"\n", content))]

    def offset(self, line: int, column: int) -> int:
        """The byte at a node's line (from 1) and column (bytes, from 0)."""
        return self.line_starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Where a node stands, without the brackets around it."""
        end_line, end_column = node.end_lineno, node.end_col_offset
        if end_line is None or end_column is None:
            raise ValueError(f"a node without an end, in line {node.lineno}")
        return Span(self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column))

    def text(self, span: Span) -> str:
        """What stands there."""
        return self.content[span.start : span.end].decode()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte, both from 1, the column in characters."""
        line = self.content.count(b"\n", 0, offset) + 1
        before = self.content[self.line_starts[line - 1] : offset]
        return line, len(before.decode(errors="replace")) + 1


def with_lines_of(before: str, after: str, *, statement: bool) -> str:
    """`after` with as many lines as `before`, so that nothing below it moves."""
    missing = before.count("\n") - after.count("\n")
    if missing <= 0:
        return after
    return f"{after}{chr(10) * missing}" if statement else f"({after}{chr(10) * missing})"


def shown(text: str) -> str:
    """A piece of source on one line, shortened for people."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"


def shown_change(source: Source, span: Span, after: str, *, whole: bool) -> tuple[str, str]:
    """A piece of source and what replaces it, as people read them: with the line around them.

    `whole`: it is a statement, which stands for itself.
    """
    if whole:
        return shown(source.text(span)), after
    first = source.content.rfind(b"\n", 0, span.start) + 1
    end = source.content.find(b"\n", span.end)
    head = source.text(Span(first, span.start))
    tail = source.text(Span(span.end, end if end >= 0 else len(source.content)))
    return shown(head + source.text(span) + tail), shown(head + after + tail)
