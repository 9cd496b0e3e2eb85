"""Errors in the shapes that OpenAI's and Anthropic's clients read."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import orjson

from quantumlayer.gateway.http.asgi import JSON, Reply

Dialect = Literal["openai", "anthropic"]


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One kind of error, in each protocol's words."""

    name: str
    status: int
    openai: tuple[str, str]
    anthropic: str


class GatewayError(Exception):
    """Ends a request: a kind from `errors.toml` and a sentence that says what to do.

    `retry_after` is in seconds; `param` names the part of the request that is wrong.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retry_after: float | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = error_kinds()[kind]
        self.message = message
        self.retry_after = retry_after
        self.param = param

    def body(self, dialect: Dialect, request_id: str) -> bytes:
        """The error as its protocol writes it."""
        if dialect == "anthropic":
            error = {"type": self.kind.anthropic, "message": self.message}
            return orjson.dumps({"type": "error", "error": error, "request_id": request_id})
        kind, code = self.kind.openai
        return orjson.dumps(
            {"error": {"message": self.message, "type": kind, "param": self.param, "code": code}}
        )

    async def send(self, reply: Reply, dialect: Dialect, request_id: str) -> None:
        """Answers with the error; only where the answer has not begun."""
        if self.retry_after is not None:
            seconds = max(1, -(-self.retry_after // 1))
            reply.headers.append((b"retry-after", f"{seconds:.0f}".encode()))
        await reply.whole(self.kind.status, JSON, self.body(dialect, request_id))


@cache
def error_kinds() -> dict[str, ErrorKind]:
    """Every kind by its name."""
    text = files(__package__).joinpath("errors.toml").read_text()
    return {
        name: ErrorKind(name, entry["status"], tuple(entry["openai"]), entry["anthropic"])
        for name, entry in tomllib.loads(text).items()
    }
