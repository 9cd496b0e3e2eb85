"""Traces of calls, as OpenTelemetry and its conventions for generative AI have them.

Off unless somebody switches them on, and then nothing of OpenTelemetry is imported. Never a word of
what was asked or answered is in a span.
"""

from quantumlayer.router.observability.asking import Asking, CallSpan, asking
from quantumlayer.router.observability.exporting import TracingUnavailable, exported, is_wanted
from quantumlayer.router.observability.providers import TracedProvider
from quantumlayer.router.observability.switch import switch_off, switch_on, tracer

__all__ = [
    "Asking",
    "CallSpan",
    "TracedProvider",
    "TracingUnavailable",
    "asking",
    "exported",
    "is_wanted",
    "switch_off",
    "switch_on",
    "tracer",
]
