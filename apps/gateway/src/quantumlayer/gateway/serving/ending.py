"""What is left of a call when it is over: a row of the audit, and figures for Prometheus."""

import logging
from decimal import Decimal

from quantumlayer.gateway.audit import AuditRow
from quantumlayer.gateway.observability import Measured
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.setup import Parts

_log = logging.getLogger(__name__)
_PICODOLLARS = Decimal(10) ** 12


def book(call: Call, parts: Parts) -> None:
    """Writes the call down, once; it is on the disk when this returns."""
    if call.booked:
        return
    call.booked = True
    seconds, spent = call.seconds, call.spent
    try:
        parts.journal.append(_row(call, seconds))
    except OSError:
        # A full disk must not take the answer away from who has paid for it.
        _log.exception("the audit row of call %s could not be written", call.id)
        parts.metrics.audit_failed()
    parts.metrics.add(
        Measured(
            organisation=call.caller.organisation,
            model=call.asked.model,
            provider=call.provider,
            endpoint=call.endpoint,
            status=call.status,
            cache=call.cache,
            attempts=call.attempts,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            cached_tokens=spent.cached_tokens,
            reasoning_tokens=spent.reasoning_tokens,
            cost=float(spent.cost or 0),
            duration=seconds,
            first_token=call.first_token,
            own=seconds - call.waited,
        )
    )


def _row(call: Call, seconds: float) -> AuditRow:
    spent = call.spent
    return AuditRow(
        id=call.id,
        at=call.at,
        organisation=call.caller.organisation,
        project=call.caller.project,
        key=call.caller.key,
        endpoint=call.endpoint,
        model=call.asked.model,
        deployment=call.deployment,
        status=call.status,
        error=call.error,
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        cached_tokens=spent.cached_tokens,
        reasoning_tokens=spent.reasoning_tokens,
        cost=None if spent.cost is None else int(spent.cost * _PICODOLLARS),
        first_token=None if call.first_token is None else round(call.first_token * 1000),
        duration=round(seconds * 1000),
        attempts=call.attempts,
        cache=call.cache,
        modules=tuple(call.modules),
        run=call.run,
        file=call.file,
    )
