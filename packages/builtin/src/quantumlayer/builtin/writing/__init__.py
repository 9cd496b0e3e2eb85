"""The built-in architect, generator and tester: requirements → blueprint → contents of files."""

from quantumlayer.builtin.writing.writer import (
    UnknownFileError,
    UnsupportedApplication,
    ensure_writable,
    plan,
    write,
)

__all__ = ["UnknownFileError", "UnsupportedApplication", "ensure_writable", "plan", "write"]
