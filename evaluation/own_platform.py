"""A platform of an evaluation's own, whose memory begins empty."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "quantumlayer.cli.main")
_ELSEWHERE = frozenset({"QL_API_URL", "QL_API_KEY"})


@asynccontextmanager
async def platform(memory: str) -> AsyncIterator[Mapping[str, str]]:
    """The environment in which commands find it; it is stopped and deleted at the end.

    `memory` is `on` or `off`; empty: no platform of its own, but that of the environment as it is.
    """
    if not memory:
        yield os.environ
        return
    with tempfile.TemporaryDirectory(prefix="ql-evaluation-") as folder:
        home = Path(folder) / "home"
        # Another API that is named there would be asked instead.
        given = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        environment = {**given, "QL_HOME": str(home), "QL_MEMORY": memory}
        try:
            yield environment
        finally:
            down = await asyncio.create_subprocess_exec(
                *COMMAND, "down", env=environment, stdout=asyncio.subprocess.DEVNULL
            )
            await down.wait()
