"""The built-in analyst: English, and broken English, to requirements. Rules, no language model."""

from quantumlayer.agents.builtin.understanding.prompt import Prompt, read_prompt
from quantumlayer.agents.builtin.understanding.refusal import NotUnderstood

__all__ = ["NotUnderstood", "Prompt", "read_prompt"]
