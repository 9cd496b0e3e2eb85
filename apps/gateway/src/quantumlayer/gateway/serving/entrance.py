"""Who asks what, and whether they may: everything that is decided before anything is spent."""

from datetime import UTC, datetime

import orjson

from quantumlayer.gateway.dialects import Asked, Dialect
from quantumlayer.gateway.http import BodyTooLarge, GatewayError, Request
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.gateway.tenants import Caller, Refusal

# Headers of clients that have a meaning in a provider's own format.
_PASSED_ON = {b"anthropic-version": "anthropic-version", b"anthropic-beta": "anthropic-beta"}


def secret_of(request: Request) -> str | None:
    """The key that was sent, wherever clients of the formats put it."""
    found = request.header(b"authorization")
    if found is not None and found[:7].lower() == "bearer ":
        return found[7:].strip()
    return request.header(b"x-api-key") or request.header(b"api-key")


def recognised(request: Request, setup: Setup) -> Caller:
    """Who sent the request; raises `GatewayError`."""
    caller = setup.callers.recognised(secret_of(request), datetime.now(UTC))
    if isinstance(caller, Refusal):
        raise GatewayError("unauthenticated", caller.value)
    return caller


async def document(request: Request, setup: Setup) -> object:
    """The JSON that was sent; raises `GatewayError`."""
    limit = setup.configuration.body_bytes
    try:
        return orjson.loads(await request.body(limit))
    except BodyTooLarge:
        raise GatewayError("too_large", f"a request may have {limit:,} bytes") from None
    except orjson.JSONDecodeError as error:
        raise GatewayError("bad_request", f"the body is not JSON: {error}") from None


async def asked(request: Request, dialect: Dialect, caller: Caller, setup: Setup) -> Asked:
    """The request as its format says it, for a model that the caller may ask."""
    found = dialect.asked(await document(request, setup))
    check_model(found.model, caller, setup)
    return found


def passed_on(request: Request) -> dict[str, str]:
    """The headers that a provider of the same format gets as they came."""
    found = ((name, request.header(key)) for key, name in _PASSED_ON.items())
    return {name: value for name, value in found if value is not None}


def check_model(model: str, caller: Caller, setup: Setup) -> None:
    """Raises `GatewayError` for a model that does not exist or is not for this caller."""
    if model in setup.groups and caller.may_ask(model):
        return
    names = ", ".join(models_of(caller, setup)) or "none"
    if model in setup.groups:
        said = f"this key may not ask {model!r}; it may ask {names}"
        raise GatewayError("forbidden", said, param="model")
    raise GatewayError("not_found", f"there is no model {model!r}; there is {names}", param="model")


def models_of(caller: Caller, setup: Setup) -> list[str]:
    """The names that the caller may ask for, in their order."""
    return sorted(name for name in setup.groups if caller.may_ask(name))
