"""`/admin/…`: the configuration, its changes, keys, health, budgets and the audit."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import JsonValue

from quantumlayer.core.identity import secret_hash, shown_prefix
from quantumlayer.gateway.admin import audit, keys
from quantumlayer.gateway.configuration import Overtaken
from quantumlayer.gateway.http import JSON, GatewayError, Reply, Request
from quantumlayer.gateway.services import Services
from quantumlayer.gateway.serving.entrance import document, secret_of
from quantumlayer.gateway.tenants import Refusal
from quantumlayer.router.configuration import ConfigurationError


async def administer(request: Request, reply: Reply, services: Services) -> None:
    """Does what an administrator asks for. Raises `GatewayError`."""
    name = _administrator(request, services)
    for method, pattern, act in _ROUTES:
        found = pattern.fullmatch(request.path.removeprefix("/admin"))
        if found is not None and method == request.method:
            body = await act(_Act(request, services, name), *found.groups())
            await reply.whole(200, JSON, orjson.dumps(body, default=str))
            return
    raise GatewayError("not_found", f"nothing is at {request.method} {request.path}; see /docs")


@dataclass(frozen=True, slots=True)
class _Act:
    request: Request
    services: Services
    by: str

    async def change(self, patch: dict[str, JsonValue]) -> dict[str, Any]:
        """Makes the change; raises `GatewayError` with what would be wrong."""
        try:
            change = await self.services.live.change(patch, self.by)
        except ConfigurationError as error:
            raise GatewayError("bad_request", f"this would be no configuration: {error}") from None
        except Overtaken:
            said = "somebody else changed the configuration at the same moment; look and try again"
            raise GatewayError("in_progress", said, retry_after=1) from None
        return {"changed": change.at, "hash": change.hash}

    async def body(self) -> dict[str, JsonValue]:
        """The JSON object that was sent."""
        sent = await document(self.request, self.services.live.current)
        if not isinstance(sent, dict):
            raise GatewayError("bad_request", "the body must be a JSON object")
        return sent


def _administrator(request: Request, services: Services) -> str:
    """How the administrator is named in the log; raises `GatewayError`."""
    allowed = services.live.current.configuration.admin
    if not allowed:
        said = "nobody may administer this gateway: put a key's hash under `admin`"
        raise GatewayError("unauthenticated", said)
    secret = secret_of(request)
    if secret is None:
        raise GatewayError("unauthenticated", Refusal.MISSING.value)
    if f"sha256:{secret_hash(secret)}" not in allowed:
        raise GatewayError("unauthenticated", Refusal.UNKNOWN.value)
    return shown_prefix(secret)


async def _configuration(act: _Act) -> dict[str, Any]:
    live = act.services.live
    return {
        "configuration": live.current.configuration.model_dump(mode="json", exclude_defaults=True),
        "loaded": live.loaded_at,
        "problem": None if live.problem is None else str(live.problem),
    }


async def _patch(act: _Act) -> dict[str, Any]:
    return await act.change(await act.body())


async def _changes(act: _Act) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "by": one.by, "patch": one.patch, "hash": one.hash}
        for one in reversed(act.services.live.log)
    ]


async def _list_keys(act: _Act, organisation: str) -> list[dict[str, Any]]:
    return keys.listed(act.services.live.current.configuration, organisation)


async def _make_key(act: _Act, organisation: str) -> dict[str, Any]:
    wishes = await act.body()
    name = wishes.pop("name", None)
    if not isinstance(name, str):
        raise GatewayError("bad_request", "`name` must be text", param="name")
    configuration = act.services.live.current.configuration
    secret, patch = keys.made(configuration, organisation, name, wishes)
    return {"key": secret, **await act.change(patch)}


async def _rotate_key(act: _Act, organisation: str, name: str) -> dict[str, Any]:
    configuration = act.services.live.current.configuration
    now = datetime.now(UTC)
    secret, patch = keys.rotated(configuration, organisation, name, now, keys.GRACE)
    return {"key": secret, "old_key_opens_until": now + keys.GRACE, **await act.change(patch)}


async def _revoke_key(act: _Act, organisation: str, name: str) -> dict[str, Any]:
    configuration = act.services.live.current.configuration
    return await act.change(keys.revoked(configuration, organisation, name))


async def _audit(act: _Act) -> dict[str, Any]:
    wanted = audit.wanted(act.request.query.decode("latin-1"))
    return await audit.page(act.services.drain, wanted)


async def _health(act: _Act) -> dict[str, Any]:
    view = act.services.parts.health
    return {
        name: {"first_token_seconds": one.first_token_seconds, "breaker": one.breaker}
        for name, one in view.items()
    }


async def _reset(act: _Act, name: str) -> dict[str, Any]:
    act.services.parts.health.reset(name)
    return {"reset": name}


async def _budgets(act: _Act, organisation: str) -> list[dict[str, Any]]:
    callers = act.services.live.current.callers.by_hash.values()
    scopes = {
        limit.scope: limit.usd
        for caller in callers
        if caller.organisation == organisation
        for limit in caller.budgets
    }
    budgets = act.services.parts.accounts.budgets
    return [
        {"owner": scope.id, "per": scope.period, "limit_usd": limit, "standing": standing}
        for scope, limit in scopes.items()
        for standing in [await budgets.standing(scope)]
    ]


_NAME = r"([^/]+)"
_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., Awaitable[object]]], ...] = tuple(
    (method, re.compile(pattern), act)
    for method, pattern, act in (
        ("GET", "/configuration", _configuration),
        ("PATCH", "/configuration", _patch),
        ("GET", "/changes", _changes),
        ("GET", "/audit", _audit),
        ("GET", f"/organisations/{_NAME}/keys", _list_keys),
        ("POST", f"/organisations/{_NAME}/keys", _make_key),
        ("POST", f"/organisations/{_NAME}/keys/{_NAME}/rotate", _rotate_key),
        ("DELETE", f"/organisations/{_NAME}/keys/{_NAME}", _revoke_key),
        ("GET", f"/organisations/{_NAME}/budgets", _budgets),
        ("GET", "/deployments", _health),
        ("POST", "/deployments/(.+)/reset", _reset),
    )
)
