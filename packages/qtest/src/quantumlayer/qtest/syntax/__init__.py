"""Syntax as the languages' own checkers see it, asked inside the sandbox."""

from quantumlayer.qtest.syntax.checking import FileSyntax, check_syntax
from quantumlayer.qtest.syntax.tools import CHECKERS, Checker

__all__ = ["CHECKERS", "Checker", "FileSyntax", "check_syntax"]
