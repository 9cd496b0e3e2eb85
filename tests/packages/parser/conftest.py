"""One warm parser for all specifications of this folder."""

from collections.abc import AsyncIterator

import pytest

from quantumlayer.parser import Parser


@pytest.fixture(scope="session")
async def parser() -> AsyncIterator[Parser]:
    async with Parser(workers=2, time_limit_seconds=20) as parser:
        yield parser
