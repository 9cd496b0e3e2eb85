"""The built-in architect, generator and tester: requirements → blueprint → contents of files."""

from quantumlayer.builtin.writing.writer import (
    UnknownFile,
    UnsupportedApplication,
    ensure_writable,
    plan,
    write,
)

__all__ = ["UnknownFile", "UnsupportedApplication", "ensure_writable", "plan", "write"]
