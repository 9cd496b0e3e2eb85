"""What administrators may do over HTTP; every change stands in the log of changes."""

from quantumlayer.gateway.admin.routes import administer

__all__ = ["administer"]
