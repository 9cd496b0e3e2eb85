"""The description language: controlled English, or YAML, wholly understood or refused."""

from quantumlayer.builtin.language.description import read_description
from quantumlayer.builtin.language.refusal import NotUnderstood, Problem

__all__ = ["NotUnderstood", "Problem", "read_description"]
