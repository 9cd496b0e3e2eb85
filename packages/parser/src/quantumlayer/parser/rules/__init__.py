"""Security rules over the syntax tree: data, and the small engine that runs them."""

from quantumlayer.parser.rules.catalogue import rules
from quantumlayer.parser.rules.engine import TOOL, check
from quantumlayer.parser.rules.model import Example, Rule

__all__ = ["TOOL", "Example", "Rule", "check", "rules"]
