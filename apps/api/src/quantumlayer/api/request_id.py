"""The id that names one request in answers and in logs."""

import re
import uuid
from contextvars import ContextVar

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("request_id", default="-")


def begin_request(proposed: str | None) -> str:
    """Names the present request: as the client proposed, if that is harmless, else afresh."""
    name = proposed if proposed and _ACCEPTED.fullmatch(proposed) else uuid.uuid4().hex
    _current.set(name)
    return name


def current_request_id() -> str:
    """The name of the request that is being answered; `-` outside of one."""
    return _current.get()
