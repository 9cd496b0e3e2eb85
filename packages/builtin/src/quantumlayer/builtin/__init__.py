"""The built-in model: an engine of templates and rules, deterministic, without key or network."""

from quantumlayer.builtin.provider import BuiltInModel

__all__ = ["BuiltInModel"]
