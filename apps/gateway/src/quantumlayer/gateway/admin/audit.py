"""What administrators may read of the audit: an organisation's calls, newest first, by page."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from quantumlayer.core.database import FAILURES
from quantumlayer.gateway.audit import Drain, Wanted, what_is_wrong
from quantumlayer.gateway.http import GatewayError

ValueT = TypeVar("ValueT")
_KNOWN = ("organisation", "run", "key", "since", "before", "limit")
_MOST = 1_000


def wanted(query: str) -> Wanted:
    """Which rows are asked for; raises `GatewayError` for what cannot be understood."""
    given = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(given.keys() - set(_KNOWN))
    if unknown:
        raise _wrong(unknown[0], f"nothing is called so here; there is {', '.join(_KNOWN)}")
    if not given.get("organisation"):
        raise _wrong("organisation", "say whose calls: organisation=NAME")
    return Wanted(
        organisation=given["organisation"],
        run=given.get("run"),
        key=given.get("key"),
        since=_read(given, "since", _moment, "a time such as 2026-11-29T12:00:00Z"),
        before=_read(given, "before", UUID, "the id of the last row of the page before"),
        limit=_read(given, "limit", _limit, f"a number from 1 to {_MOST:,}") or 100,
    )


async def page(drain: Drain | None, asked: Wanted) -> dict[str, Any]:
    """The rows, and the query of the next page; None where this one is the last."""
    if drain is None:
        said = "the audit is read from PostgreSQL: say where it is under `database`"
        raise GatewayError("unavailable", said)
    try:
        rows = await drain.records.page(asked)
    except FAILURES as error:
        said = f"PostgreSQL is {what_is_wrong(error)}; rows wait on the disk, try again later"
        raise GatewayError("unavailable", said, retry_after=5) from None
    return {"rows": rows, "next": _next(asked, rows[-1].id) if len(rows) == asked.limit else None}


def _next(asked: Wanted, last: UUID) -> str:
    values = {name: getattr(asked, name) for name in _KNOWN} | {"before": last}
    if asked.since is not None:
        values["since"] = asked.since.isoformat()
    return urlencode({name: value for name, value in values.items() if value is not None})


def _read(
    given: dict[str, str], name: str, read: Callable[[str], ValueT], form: str
) -> ValueT | None:
    if name not in given:
        return None
    try:
        return read(given[name])
    except ValueError:
        raise _wrong(name, f"this must be {form}") from None


def _moment(text: str) -> datetime:
    # A plus sign that nobody escaped arrives as a space.
    found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _limit(text: str) -> int:
    found = int(text)
    if not 1 <= found <= _MOST:
        raise ValueError
    return found


def _wrong(name: str, said: str) -> GatewayError:
    return GatewayError("bad_request", f"`{name}`: {said}", param=name)
