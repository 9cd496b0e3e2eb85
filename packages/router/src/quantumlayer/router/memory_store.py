"""A call store inside one process, with the same rules as PostgreSQL's and none of its memory."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from quantumlayer.core.database import new_id
from quantumlayer.router.errors import IdempotencyConflict
from quantumlayer.router.store import (
    ABANDONED,
    SUPERSEDED,
    Amount,
    Budget,
    Busy,
    CallRecord,
    CallState,
    Claim,
    ClaimOutcome,
    Granted,
    Refused,
    Replayed,
    StoredReply,
    conflict_message,
    counts_of,
)

_NOTHING = Amount(Decimal(0), 0)


@dataclass(slots=True)
class _Entry:
    claim: Claim
    record: CallRecord
    alive_until: float
    reply: StoredReply | None = None


@dataclass(slots=True)
class _Ledger:
    entries: dict[UUID, _Entry] = field(default_factory=dict)
    budgets: dict[UUID, Budget] = field(default_factory=dict)


class MemoryCallStore:
    """For pure use and for tests of what stands above the store; gone when the process ends.

    No method waits for anything, so on one event loop each is atomic.
    """

    def __init__(self, *, lease_seconds: float = 15.0) -> None:
        self._lease_seconds = lease_seconds
        self._ledgers: dict[UUID, _Ledger] = {}

    @property
    def lease_seconds(self) -> float:
        return self._lease_seconds

    async def open_budget(
        self,
        organisation_id: UUID,
        run_id: UUID,
        *,
        limit_usd: Decimal | None,
        limit_tokens: int | None = None,
    ) -> None:
        budgets = self._ledger(organisation_id).budgets
        known = budgets.get(run_id, Budget(None, None, _NOTHING, _NOTHING))
        budgets[run_id] = replace(known, limit_usd=limit_usd, limit_tokens=limit_tokens)

    async def budget(self, organisation_id: UUID, run_id: UUID) -> Budget | None:
        return self._ledger(organisation_id).budgets.get(run_id)

    async def claim(self, claim: Claim) -> ClaimOutcome:
        ledger = self._ledger(claim.organisation_id)
        entries = [
            entry
            for entry in ledger.entries.values()
            if entry.claim.idempotency_key == claim.idempotency_key
        ]
        if any(entry.claim.request_hash != claim.request_hash for entry in entries):
            raise IdempotencyConflict(conflict_message(claim))
        self._release(ledger, entries)
        replies = [entry.reply for entry in entries if entry.reply and _answered(entry)]
        if len(replies) > claim.answered:
            return Replayed(tuple(replies[claim.answered :]))
        if any(_reserved(entry) for entry in entries):
            return Busy()
        if not claim.may_buy or not self._reserve(ledger, claim):
            return Refused(ledger.budgets.get(claim.run_id) if claim.run_id else None)
        call_id = new_id()
        ledger.entries[call_id] = _Entry(
            claim, _opened(call_id, claim, len(entries)), time.monotonic() + self._lease_seconds
        )
        return Granted(call_id)

    async def renew(self, organisation_id: UUID, call_id: UUID) -> None:
        entry = self._ledger(organisation_id).entries[call_id]
        entry.alive_until = time.monotonic() + self._lease_seconds

    async def keep(self, organisation_id: UUID, partial: StoredReply) -> None:
        entry = self._ledger(organisation_id).entries[partial.call_id]
        if _reserved(entry):
            entry.reply = partial
            entry.alive_until = time.monotonic() + self._lease_seconds

    async def complete(
        self, organisation_id: UUID, reply: StoredReply, *, error: str | None = None
    ) -> bool:
        ledger = self._ledger(organisation_id)
        entry = ledger.entries[reply.call_id]
        if _reserved(entry):
            entry.reply = reply
            entry.record = replace(entry.record, finish_reason=reply.finish_reason)
            self._end(ledger, entry, "broken" if reply.broken else "completed", error)
        elif entry.record.error == ABANDONED:
            paid = _spent(entry.record)
            entry.record = replace(_counted(entry.record, reply), error=SUPERSEDED)
            self._settle(ledger, entry, spent=_minus(_spent(entry.record), paid))
        return _answered(entry) and entry.record.error == error

    async def fail(
        self, organisation_id: UUID, call_id: UUID, *, error: str, duration_ms: int
    ) -> None:
        ledger = self._ledger(organisation_id)
        entry = ledger.entries[call_id]
        if _reserved(entry):
            self._end(ledger, entry, "broken" if entry.reply else "failed", error)
            entry.record = replace(entry.record, duration_ms=duration_ms)

    async def calls(self, organisation_id: UUID, run_id: UUID) -> tuple[CallRecord, ...]:
        entries = self._ledger(organisation_id).entries.values()
        return tuple(entry.record for entry in entries if entry.claim.run_id == run_id)

    def _ledger(self, organisation_id: UUID) -> _Ledger:
        return self._ledgers.setdefault(organisation_id, _Ledger())

    def _reserve(self, ledger: _Ledger, claim: Claim) -> bool:
        if claim.run_id is None or claim.reserve.is_nothing():
            return True
        if claim.run_id not in ledger.budgets:
            return False
        if not _fits(ledger.budgets[claim.run_id], claim.reserve):
            of_run = [
                entry for entry in ledger.entries.values() if entry.claim.run_id == claim.run_id
            ]
            self._release(ledger, of_run)
            if not _fits(ledger.budgets[claim.run_id], claim.reserve):
                return False
        budget = ledger.budgets[claim.run_id]
        ledger.budgets[claim.run_id] = replace(
            budget, reserved=_plus(budget.reserved, claim.reserve)
        )
        return True

    def _release(self, ledger: _Ledger, entries: list[_Entry]) -> None:
        for entry in entries:
            if _reserved(entry) and time.monotonic() >= entry.alive_until:
                self._end(ledger, entry, "broken" if entry.reply else "failed", ABANDONED)

    def _end(self, ledger: _Ledger, entry: _Entry, state: CallState, error: str | None) -> None:
        released = entry.record.reserved
        if entry.reply:
            entry.record = _counted(entry.record, entry.reply)
        entry.record = replace(entry.record, state=state, error=error)
        self._settle(ledger, entry, released=released, spent=_spent(entry.record))

    def _settle(
        self,
        ledger: _Ledger,
        entry: _Entry,
        *,
        released: Amount = _NOTHING,
        spent: Amount = _NOTHING,
    ) -> None:
        run_id = entry.claim.run_id
        if run_id is None or run_id not in ledger.budgets:
            return
        budget = ledger.budgets[run_id]
        ledger.budgets[run_id] = replace(
            budget,
            reserved=_minus(budget.reserved, released),
            spent=_plus(budget.spent, spent),
        )


def _opened(call_id: UUID, claim: Claim, ordinal: int) -> CallRecord:
    return CallRecord(
        call_id=call_id,
        run_id=claim.run_id,
        idempotency_key=claim.idempotency_key,
        ordinal=ordinal,
        task=claim.task,
        agent=claim.agent,
        path=claim.path,
        model=claim.model,
        provider=claim.provider,
        state="reserved",
        finish_reason=None,
        input_tokens=0,
        output_tokens=0,
        cost_usd=Decimal(0),
        priced=False,
        reserved=claim.reserve,
        duration_ms=None,
        error=None,
        created_at=datetime.now(UTC),
    )


def _counted(record: CallRecord, reply: StoredReply) -> CallRecord:
    return replace(record, **counts_of(reply))


def _spent(record: CallRecord) -> Amount:
    return Amount(record.cost_usd, record.input_tokens + record.output_tokens)


def _answered(entry: _Entry) -> bool:
    return entry.record.state in {"completed", "broken"}


def _reserved(entry: _Entry) -> bool:
    return entry.record.state == "reserved"


def _plus(one: Amount, other: Amount) -> Amount:
    return Amount(one.usd + other.usd, one.tokens + other.tokens)


def _minus(one: Amount, other: Amount) -> Amount:
    return Amount(one.usd - other.usd, one.tokens - other.tokens)


def _fits(budget: Budget, wanted: Amount) -> bool:
    total = _plus(_plus(budget.spent, budget.reserved), wanted)
    in_usd = budget.limit_usd is None or total.usd <= budget.limit_usd
    return in_usd and (budget.limit_tokens is None or total.tokens <= budget.limit_tokens)
