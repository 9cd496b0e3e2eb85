"""HTTP services in JavaScript: node:http over a journal, without dependencies."""

from quantumlayer.builtin.writing.javascript.writer import WRITER

__all__ = ["WRITER"]
