"""Reading and writing previews. The rows are the truth: who holds a preview asks them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database, now
from quantumlayer.core.previews.contract import (
    LEASE_SECONDS,
    LOG_BYTES,
    MOST_AT_ONCE,
    WAITING_SECONDS,
    PreviewState,
)
from quantumlayer.core.previews.tables import Preview

STOPPED = "It was stopped."
NOT_TAKEN_UP = f"No worker took it up within {WAITING_SECONDS} seconds."
HOLDER_GONE = "The worker that held it is gone."
_MOST_REASON = 2000
_LIVES = (PreviewState.BUILDING.value, PreviewState.READY.value)


class TooManyPreviews(Exception):  # noqa: N818 - it says what there is
    """The organisation has as many previews as it may have at once."""


@dataclass(frozen=True)
class Standing:
    """How a preview stands at a moment, whatever its worker came to write down."""

    state: PreviewState
    reason: str
    address: str | None
    ended_at: datetime | None


def standing(row: Preview, moment: datetime) -> Standing:
    """How a preview stands: what nobody holds any more has ended with its holder's lease."""
    state = PreviewState(row.state)
    if state.over or row.lease_until > moment:
        return Standing(state, row.reason, row.address, row.ended_at)
    if row.expires_at is None and row.lease_until == row.created_at + _waiting():
        return Standing(PreviewState.FAILED, NOT_TAKEN_UP, None, row.lease_until)
    return Standing(PreviewState.ENDED, HOLDER_GONE, None, row.lease_until)


async def record_preview(session: AsyncSession, organisation_id: UUID, run_id: UUID) -> Preview:
    """A new preview, which waits for a worker. Raises TooManyPreviews."""
    # Two that are asked for at once must not both find room for the last one.
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('previews' || :organisation, 0))"),
        {"organisation": str(organisation_id)},
    )
    living = await session.scalar(
        select(func.count()).where(
            Preview.organisation_id == organisation_id,
            Preview.state.in_(_LIVES),
            _held(),
        )
    )
    if (living or 0) >= MOST_AT_ONCE:
        raise TooManyPreviews
    begun = now()
    row = Preview(
        organisation_id=organisation_id,
        run_id=run_id,
        state=PreviewState.BUILDING.value,
        created_at=begun,
        lease_until=begun + _waiting(),
    )
    session.add(row)
    await session.flush()
    return row


async def previews_of(
    session: AsyncSession, organisation_id: UUID, *, run_id: UUID | None, first: int
) -> Sequence[Preview]:
    """At most `first` previews, newest first."""
    statement = select(Preview).where(Preview.organisation_id == organisation_id)
    if run_id is not None:
        statement = statement.where(Preview.run_id == run_id)
    return (await session.scalars(statement.order_by(Preview.id.desc()).limit(first))).all()


async def find_preview(
    session: AsyncSession, organisation_id: UUID, preview_id: UUID
) -> Preview | None:
    """The preview, if the organisation has it."""
    return await session.scalar(
        select(Preview).where(Preview.organisation_id == organisation_id, Preview.id == preview_id)
    )


class PreviewRecord:
    """One preview as its holder writes it down. Each method tells whether it did.

    What has once been told as over stays so: neither an end nor a lease that is over is taken back.
    """

    def __init__(self, database: Database, organisation_id: UUID, preview_id: UUID) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._preview_id = preview_id

    async def renew(self, log: str | None = None) -> bool:
        """The holder is there; `log` is how what was said ends, None where that is as it was."""
        return await self._write(_held(), lease_until=_lease(), **_said(log))

    async def ready(self, address: str, seconds: float) -> bool:
        """It is reached at an address, for so many seconds at most."""
        return await self._write(
            _held(),
            state=PreviewState.READY.value,
            address=address,
            lease_until=_lease(),
            expires_at=now() + timedelta(seconds=seconds),
        )

    async def end(self, state: PreviewState, reason: str, log: str | None = None) -> bool:
        """It is over; False where that was written before."""
        return await self._write(
            true(),
            state=state.value,
            reason=_clean(reason)[:_MOST_REASON],
            address=None,
            ended_at=now(),
            **_said(log),
        )

    async def _write(self, only: ColumnElement[bool], **values: object) -> bool:
        async with self._database.tenant(self._organisation_id) as session:
            written = await session.execute(
                update(Preview)
                .where(
                    Preview.organisation_id == self._organisation_id,
                    Preview.id == self._preview_id,
                    Preview.state.in_(_LIVES),
                    only,
                )
                .values(**values)
                .returning(Preview.id)
            )
            return written.first() is not None


def _held() -> ColumnElement[bool]:
    return Preview.lease_until > now()


def _lease() -> datetime:
    return now() + timedelta(seconds=LEASE_SECONDS)


def _waiting() -> timedelta:
    return timedelta(seconds=WAITING_SECONDS)


def _said(log: str | None) -> dict[str, str]:
    if log is None:
        return {}
    return {"log": _clean(log).encode()[-LOG_BYTES:].decode(errors="ignore")}


def _clean(said: str) -> str:
    """What PostgreSQL's text can hold: no NUL, and no half of a pair."""
    return said.replace("\0", "�").encode(errors="replace").decode()
