"""Calling a started application, which may answer anything, slowly, or without end."""

import asyncio
import json
from collections.abc import Mapping

import httpx

from quantumlayer.qtest.delivered.model import Answer
from quantumlayer.qtest.delivered.starter import Running

CALL_SECONDS = 5.0
LARGEST_BODY = 1024 * 1024
HOST = "http://container"


class NoAnswer(Exception):  # noqa: N818 - it says what happened
    """Nothing came back that is HTTP; says what came instead."""


async def call(
    running: Running,
    path: str,
    *,
    method: str = "GET",
    body: object = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = CALL_SECONDS,
) -> Answer:
    """One request, no redirect followed. At most LARGEST_BODY of the answer is read.

    `body` is sent as JSON, or `content` as it is.

    Raises NoAnswer.
    """
    sent = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
    if body is not None:
        content = json.dumps(body).encode()
        sent["Content-Type"] = "application/json"
    # Nothing here speaks TLS, and certificates take longer to load than most answers.
    transport = httpx.AsyncHTTPTransport(uds=str(running.socket), verify=False)
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(transport=transport, timeout=seconds, trust_env=False) as client,
            client.stream(method, f"{HOST}{path}", headers=sent, content=content) as got,
        ):
            read = bytearray()
            async for chunk in got.aiter_raw():
                read += chunk[: LARGEST_BODY - len(read)]
                if len(read) >= LARGEST_BODY:
                    break
            kind = got.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Answer(
                status=got.status_code,
                media_type=kind,
                body=read.decode(errors="replace"),
                location=got.headers.get("location", ""),
            )
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {seconds:.0f} s") from error
    except httpx.TimeoutException as error:
        raise NoAnswer(f"no answer within {seconds:.0f} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NoAnswer(f"no answer in HTTP ({error or type(error).__name__})") from error


def json_of(answer: Answer) -> object:
    """What an answer holds as JSON, None where it is none."""
    try:
        found: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found
