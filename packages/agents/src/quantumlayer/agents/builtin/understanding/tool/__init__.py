"""Descriptions of command-line tools."""

from quantumlayer.agents.builtin.understanding.tool.families import understand_tool

__all__ = ["understand_tool"]
