"""HTTP services in Python: FastAPI over SQLite."""

from quantumlayer.builtin.writing.python.writer import WRITER

__all__ = ["WRITER"]
