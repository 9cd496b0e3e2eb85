from .checking import check_syntax
from .model import FileSyntax
from .tools import CHECKERS, Checker

__all__ = ["CHECKERS", "Checker", "FileSyntax", "check_syntax"]
