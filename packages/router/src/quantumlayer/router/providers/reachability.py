"""Whether a model can be asked at all, found out before a run begins and without paying.

A list of models is what every server has for nothing: asking for it shows that the server is
there, takes the key, and knows the model.
"""

import asyncio
import difflib
from collections.abc import Mapping
from urllib.parse import quote

from pydantic import JsonValue

from quantumlayer.router.errors import BadRequest, RouterError
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.transport.exchange import get_document
from quantumlayer.router.transport.failures import missing_key, without_key
from quantumlayer.router.transport.sessions import CONNECT_SECONDS
from quantumlayer.router.transport.targets import Target

_SECONDS = CONNECT_SECONDS + 0.1
_NAMES_SHOWN = 8
# Serves whatever it has loaded under any name.
_ANY_NAME = frozenset({"llamacpp"})


async def check_endpoint(endpoint: Endpoint) -> None:
    """Raises what keeps every call of the endpoint's model from working; within two seconds.

    `AuthenticationFailed`, `ProviderUnavailable` or `BadRequest`. A server that is slow, or that
    has no list, gives no reason to doubt it.
    """
    target = endpoint.target
    if endpoint.key_needed and target.key is None:
        raise missing_key(target)
    headers = endpoint.wire.headers(target.key)
    try:
        async with asyncio.timeout(_SECONDS):
            await _known(target, headers, lists_all=endpoint.lists_all)
    except TimeoutError:
        return
    except RouterError as error:
        raise without_key(target, error) from None


async def _known(target: Target, headers: Mapping[str, str], *, lists_all: bool) -> None:
    models = target.at(f"{target.url}/models")
    try:
        listed = await get_document(models, headers, _SECONDS)
    except RouterError as error:
        # A key may be for asking models alone, and servers may have no list, or be busy.
        if error.status in {None, 401}:
            raise
        return
    entries = _entries(listed)
    names = [str(entry.get("id") or entry.get("name")) for entry in entries]
    any_name = any(entry.get("owned_by") in _ANY_NAME for entry in entries)
    if not lists_all or not names or any_name or _listed(target.model, names):
        return
    # Names that stand for the newest of a family are known, but not listed.
    try:
        await get_document(models.at(f"{models.url}/{quote(target.model)}"), headers, _SECONDS)
    except RouterError as error:
        if error.status != 404:
            return
        raise BadRequest(
            f"{target.provider} does not know the model {target.model!r}; it has"
            f" {_shown(target.model, names)}: set QL_MODEL to one of its models"
        ) from None


def _entries(listed: JsonValue) -> list[dict[str, JsonValue]]:
    found = listed.get("data") if isinstance(listed, dict) else listed
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _listed(model: str, names: list[str]) -> bool:
    """Some servers list names with a path of their own, or without what stands after a colon."""
    plain = model.partition(":")[0]
    return any(name in {model, plain} or name.endswith(f"/{model}") for name in names)


def _shown(model: str, names: list[str]) -> str:
    """The nearest names, or the first where none is near."""
    near = difflib.get_close_matches(model, names, n=_NAMES_SHOWN, cutoff=0.5)
    shown = near or sorted(names)[:_NAMES_SHOWN]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
