"""One request on its way: what was decided, and what has come of it so far."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from quantumlayer.gateway.dialects import Asked
from quantumlayer.gateway.http import Request
from quantumlayer.gateway.tenants import Caller
from quantumlayer.router.spending import Spent


@dataclass(slots=True)
class Call:
    """What of a request is written down in the end."""

    id: UUID
    endpoint: str
    caller: Caller
    asked: Asked
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.perf_counter)
    run: str | None = None
    file: str | None = None
    deployment: str | None = None
    provider: str = "none"
    attempts: int = 0
    waited: float = 0.0
    """Seconds that were the provider's."""
    first_token: float | None = None
    spent: Spent = field(default_factory=Spent)
    cache: str = "off"
    modules: list[str] = field(default_factory=list)
    status: int = 200
    error: str | None = None
    booked: bool = False

    @classmethod
    def of(cls, request: Request, endpoint: str, caller: Caller, asked: Asked) -> Self:
        """The call that a request opens; the platform says in headers what it is for."""
        run, file = request.header(b"x-ql-run"), request.header(b"x-ql-file")
        return cls(request.id, endpoint, caller, asked, run=run, file=file)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.perf_counter() - self.started
