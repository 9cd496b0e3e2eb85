"""The audit: a row for every call, which survives whatever happens to the process."""

from quantumlayer.gateway.audit.journal import Journal, Sink, read_segment
from quantumlayer.gateway.audit.rows import AuditRow

__all__ = ["AuditRow", "Journal", "Sink", "read_segment"]
