"""Whether calls are traced in this process.

OpenTelemetry's own way, spans that record nothing, costs over ten microseconds a call and an import
of a tenth of a second, for all who trace nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer, TracerProvider

_NAME = "quantumlayer.router"
_tracer: "Tracer | None" = None


def switch_on(provider: "TracerProvider") -> None:
    """Traces go to `provider` from now on."""
    global _tracer  # noqa: PLW0603 - one a process, as its connections are
    _tracer = provider.get_tracer(_NAME)


def switch_off() -> None:
    """Nothing is traced any more."""
    global _tracer  # noqa: PLW0603 - as above
    _tracer = None


def tracer() -> "Tracer | None":
    """What makes spans; None while nothing is traced."""
    return _tracer
