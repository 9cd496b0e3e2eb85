"""What is written down of every call: who asked what of whom, what came of it, what it cost."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One call; never its contents. Costs are in picodollars, times in milliseconds.

    `run` and `file` are the platform's, where the call was made for one. `modules` names the
    guardrails that changed or refused something. `cost` is None where no price is known.
    """

    id: UUID
    at: datetime
    organisation: str
    project: str | None
    key: str
    endpoint: str
    model: str
    deployment: str | None
    status: int
    error: str | None
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    cost: int | None
    first_token: int | None
    duration: int
    attempts: int
    cache: str
    modules: tuple[str, ...] = ()
    run: str | None = None
    file: str | None = None


_ROW: TypeAdapter[AuditRow] = TypeAdapter(AuditRow)


def line_of(row: AuditRow) -> bytes:
    """The row as one line of JSON, its end included."""
    return orjson.dumps(row) + b"\n"


def row_of(line: bytes) -> AuditRow:
    """The row in a line; raises `pydantic.ValidationError`."""
    return _ROW.validate_json(line)
