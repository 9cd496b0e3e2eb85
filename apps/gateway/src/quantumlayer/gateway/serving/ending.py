"""What is left of a call when it is over: a row of the audit, and figures for Prometheus."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from math import ceil

from quantumlayer.gateway.audit import AuditRow
from quantumlayer.gateway.http import ClientGone, GatewayError
from quantumlayer.gateway.observability import Measured, annotate
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.setup import Parts

_log = logging.getLogger(__name__)
_PICODOLLARS = Decimal(10) ** 12


@contextmanager
def booked(call: Call, parts: Parts) -> Iterator[Call]:
    """Books the call when it is over, with what ended it."""
    parts.metrics.in_flight.inc()
    caller = call.caller
    annotate(organisation=caller.organisation, key=caller.key, run=call.run, file=call.file)
    try:
        yield call
    except GatewayError as error:
        call.status, call.error = error.kind.status, error.kind.name
        parts.metrics.refused(call.caller.organisation, error.kind.name)
        raise
    except BaseException as error:
        gone = isinstance(error, ClientGone | asyncio.CancelledError)
        call.status, call.error = (499, "client_gone") if gone else (500, "internal")
        raise
    finally:
        parts.metrics.in_flight.dec()
        book(call, parts)


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
        cost=None if spent.cost is None else ceil(spent.cost * _PICODOLLARS),
        first_token=None if call.first_token is None else round(call.first_token * 1000),
        duration=round(seconds * 1000),
        attempts=call.attempts,
        cache=call.cache,
        modules=tuple(call.modules),
        run=call.run,
        file=call.file,
    )
