"""The audit: a row for every call, which survives whatever happens to the process."""

from quantumlayer.gateway.audit.drain import Drain
from quantumlayer.gateway.audit.journal import Journal, Sink
from quantumlayer.gateway.audit.records import Payer, Records, Wanted, what_is_wrong
from quantumlayer.gateway.audit.rows import AuditRow
from quantumlayer.gateway.audit.segments import read_segment
from quantumlayer.gateway.audit.spending import spent_source

__all__ = [
    "AuditRow",
    "Drain",
    "Journal",
    "Payer",
    "Records",
    "Sink",
    "Wanted",
    "read_segment",
    "spent_source",
    "what_is_wrong",
]
