"""Who may use the gateway, and what for."""

from quantumlayer.gateway.tenants.callers import (
    Caller,
    Callers,
    Ceiling,
    Purse,
    Refusal,
    callers,
)

__all__ = ["Caller", "Callers", "Ceiling", "Purse", "Refusal", "callers"]
