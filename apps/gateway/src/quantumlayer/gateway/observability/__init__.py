"""What the gateway tells those who run it."""

from quantumlayer.gateway.observability.metrics import CONTENT_TYPE, Measured, Metrics
from quantumlayer.gateway.observability.tracing import annotate, served

__all__ = ["CONTENT_TYPE", "Measured", "Metrics", "annotate", "served"]
