"""HTTP services in Python: FastAPI over SQLite."""

from quantumlayer.agents.builtin.writing.python_service.writer import WRITER

__all__ = ["WRITER"]
