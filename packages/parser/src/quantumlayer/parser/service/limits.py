"""What a request may cost: bytes, files, time; and how many may wait."""

from dataclasses import dataclass

from starlette.requests import Request

from quantumlayer.parser.service.problems import Refused


@dataclass(frozen=True)
class Limits:
    """Bounds of one request, and of the requests under way together."""

    body_bytes: int = 8 * 1024**2
    files: int = 1_000
    seconds: float = 60.0
    waiting: int = 64


async def read_body(request: Request, limit: int) -> bytes:
    """The body of `request`; raises Refused once it has more than `limit` bytes."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit: int) -> Refused:
    return Refused(
        413, f"The body has more than {limit:,} bytes. Send the files in several requests."
    )
