"""`/docs`: a page that says what there is."""

from functools import cache
from importlib.resources import files

from quantumlayer.gateway.http import Reply

_POLICY = b"default-src 'none'; style-src 'unsafe-inline'"


async def documentation(reply: Reply) -> None:
    """The page, which loads nothing else."""
    reply.headers.append((b"content-security-policy", _POLICY))
    await reply.whole(200, b"text/html; charset=utf-8", _page())


@cache
def _page() -> bytes:
    return files(__package__).joinpath("documentation.html").read_bytes()
