"""Requests, replies and errors on the line."""

from quantumlayer.gateway.http.asgi import (
    EVENTS,
    JSON,
    BodyTooLarge,
    ClientGone,
    Receive,
    Reply,
    Request,
    Scope,
    Send,
)
from quantumlayer.gateway.http.errors import Dialect, ErrorKind, GatewayError, error_kinds

__all__ = [
    "EVENTS",
    "JSON",
    "BodyTooLarge",
    "ClientGone",
    "Dialect",
    "ErrorKind",
    "GatewayError",
    "Receive",
    "Reply",
    "Request",
    "Scope",
    "Send",
    "error_kinds",
]
