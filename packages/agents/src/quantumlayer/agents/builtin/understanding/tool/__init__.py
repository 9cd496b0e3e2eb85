"""Descriptions of command-line tools."""

from quantumlayer.agents.builtin.understanding.tool.families import (
    speaks_of_a_tool,
    understand_tool,
)

__all__ = ["speaks_of_a_tool", "understand_tool"]
