"""Libraries in Python on the standard library alone."""

from quantumlayer.agents.builtin.writing.python_library.writer import PythonLibraryWriter

WRITER = PythonLibraryWriter()

__all__ = ["WRITER", "PythonLibraryWriter"]
