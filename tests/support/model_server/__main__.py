"""The scripted model server as a process of its own."""

import argparse
import asyncio
import contextlib
import json
import sys
from pathlib import Path

from tests.support.model_server.replies import Script
from tests.support.model_server.server import ModelServer


async def _serve(script: Script, port: int) -> None:
    async with ModelServer(script.replies, port=port) as server:
        sys.stdout.write(json.dumps({"baseUrl": server.base_url}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serves a script file until it is told to stop; prints its base URL as JSON first."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.model_server")
    parser.add_argument("--script", type=Path, required=True, help="a JSON file of replies")
    parser.add_argument("--port", type=int, default=0, help="0: any free one, printed at start")
    given = parser.parse_args()
    script = Script.model_validate_json(given.script.read_bytes())
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(script, given.port))


if __name__ == "__main__":
    main()
