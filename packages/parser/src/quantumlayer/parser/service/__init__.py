"""The parser over HTTP: `POST /v1/analyze`, `GET /v1/languages`, alone or within another API."""

from quantumlayer.parser.service.app import create_app
from quantumlayer.parser.service.limits import Limits
from quantumlayer.parser.service.problems import Refused, problem
from quantumlayer.parser.service.routes import Analyst, make_router
from quantumlayer.parser.service.telemetry import Telemetry

__all__ = ["Analyst", "Limits", "Refused", "Telemetry", "create_app", "make_router", "problem"]
