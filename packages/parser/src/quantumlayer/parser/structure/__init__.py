"""What a file is made of: its symbols, imports, calls and references, by one query a language."""

from quantumlayer.parser.structure.captures import Captures, Span, capture, roles
from quantumlayer.parser.structure.joining import joined
from quantumlayer.parser.structure.symbols import Definition, definitions
from quantumlayer.parser.structure.usages import imports, usages

__all__ = [
    "Captures",
    "Definition",
    "Span",
    "capture",
    "definitions",
    "imports",
    "joined",
    "roles",
    "usages",
]
