"""The built-in model: an engine of templates and rules, deterministic, without key or network."""

from quantumlayer.builtin.provider import BUILTIN_MODEL, BuiltInModel, warm_up

__all__ = ["BUILTIN_MODEL", "BuiltInModel", "warm_up"]
