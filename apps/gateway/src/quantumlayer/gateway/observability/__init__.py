"""What the gateway tells those who run it."""

from quantumlayer.gateway.observability.metrics import CONTENT_TYPE, Measured, Metrics

__all__ = ["CONTENT_TYPE", "Measured", "Metrics"]
