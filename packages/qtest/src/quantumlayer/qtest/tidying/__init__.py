"""A project's own fixers and formatters, run on it in the sandbox before anything is judged."""

from quantumlayer.qtest.tidying.model import Tidied, TidiedFile, Tidying
from quantumlayer.qtest.tidying.running import tidy

__all__ = ["Tidied", "TidiedFile", "Tidying", "tidy"]
