"""Command-line tools in Python on the standard library alone."""

from quantumlayer.agents.builtin.writing.python_tool.writer import PythonToolWriter

WRITER = PythonToolWriter()

__all__ = ["WRITER", "PythonToolWriter"]
