"""Measures of a file: lines, complexity, nesting, duplication, quality."""

from quantumlayer.parser.metrics.complexity import Complexity, FileComplexity, complexity
from quantumlayer.parser.metrics.lines import Lines, count_lines
from quantumlayer.parser.metrics.quality import FunctionShape, quality

__all__ = [
    "Complexity",
    "FileComplexity",
    "FunctionShape",
    "Lines",
    "complexity",
    "count_lines",
    "quality",
]
