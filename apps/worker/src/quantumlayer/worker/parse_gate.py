"""Which texts do not parse, as the engine of edits asks it."""

import sys
from collections.abc import Mapping

from quantumlayer.parser import Parser, SourceText


class ParseGate:
    """Asks the parser about texts: path → where and why those that do not parse do not."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser

    async def __call__(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The first problem of each text that has one; doubts count, where there were none."""
        sources = [SourceText(path=path, content=content) for path, content in texts.items()]
        # What is generated runs on the Python that tests it.
        analyses = await self._parser.analyze(sources, python=sys.version_info[:2])
        return {
            one.path: f"line {first.line}, column {first.column}: {first.message}\n{first.excerpt}"
            for one in analyses
            for first in one.syntax.mendable[:1]
        }
