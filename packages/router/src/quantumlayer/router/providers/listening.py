"""Hears what a server of one's own really said, behind litellm's reading of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Heard:
    """The JSON of the latest reply with status 200; None while there is none."""

    body: object = None


class _Listener(httpx.AsyncBaseTransport):
    def __init__(self, heard: Heard) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._heard = heard

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if response.status_code == httpx.codes.OK:
            try:
                self._heard.body = json.loads((await response.aread()).decode("utf-8-sig"))
            except ValueError:
                self._heard.body = None
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


@asynccontextmanager
async def listening(arguments: dict[str, Any]) -> AsyncIterator[Heard]:
    """Gives `arguments` of a litellm call to a server of one's own a client that listens.

    Other providers have protocols of their own, which litellm translates: nothing is heard there.
    """
    heard = Heard()
    if not (arguments["model"].startswith("openai/") and arguments.get("base_url")):
        yield heard
        return
    from openai import AsyncOpenAI  # noqa: PLC0415 - as late as litellm, which brings it

    async with httpx.AsyncClient(
        transport=_Listener(heard), timeout=arguments["timeout"], follow_redirects=False
    ) as http:
        arguments["client"] = AsyncOpenAI(
            api_key=arguments["api_key"],
            base_url=arguments["base_url"],
            http_client=http,
            max_retries=0,
        )
        yield heard
