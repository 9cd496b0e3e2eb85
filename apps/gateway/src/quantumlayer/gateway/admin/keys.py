"""Keys of clients as changes of the configuration: made, rotated, revoked."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from quantumlayer.core.identity import new_api_key, secret_hash
from quantumlayer.gateway.http import GatewayError
from quantumlayer.router.configuration import Configuration, Key

Patch = dict[str, JsonValue]
# Clients get this long to change over before a key that was rotated opens nothing any more.
GRACE = timedelta(days=1)
_OLD = ".old"


def made(
    configuration: Configuration, organisation: str, name: str, wishes: Patch
) -> tuple[str, Patch]:
    """A new key's secret, shown once, and the change that lets it in; raises `GatewayError`."""
    if name in _keys(configuration, organisation):
        said = f"{organisation} has a key {name!r}; rotate it, or take another name"
        raise GatewayError("bad_request", said, param="name")
    secret = new_api_key()
    return secret, _patch(organisation, {name: {**wishes, "hash": _hash(secret)}})


def rotated(
    configuration: Configuration, organisation: str, name: str, now: datetime, grace: timedelta
) -> tuple[str, Patch]:
    """A key's new secret, and the change: the old one opens for `grace` longer."""
    key = _known(configuration, organisation, name)
    secret = new_api_key()
    ends = now + grace if key.expires is None else min(now + grace, key.expires)
    old: Patch = key.model_dump(mode="json", exclude_defaults=True)
    return secret, _patch(
        organisation,
        {name: {"hash": _hash(secret)}, f"{name}{_OLD}": {**old, "expires": ends.isoformat()}},
    )


def revoked(configuration: Configuration, organisation: str, name: str) -> Patch:
    """The change by which a key, and the one that it took the place of, open nothing any more."""
    _known(configuration, organisation, name)
    names = [name, f"{name}{_OLD}"]
    known = _keys(configuration, organisation)
    return _patch(organisation, {each: {"revoked": True} for each in names if each in known})


def listed(configuration: Configuration, organisation: str) -> list[dict[str, JsonValue]]:
    """The organisation's keys, without what could be mistaken for a secret."""
    return [
        {"name": name, **key.model_dump(mode="json", exclude={"hash"}, exclude_defaults=True)}
        for name, key in _keys(configuration, organisation).items()
    ]


def _keys(configuration: Configuration, organisation: str) -> dict[str, Key]:
    found = configuration.organisations.get(organisation)
    if found is None:
        there = ", ".join(configuration.organisations) or "none"
        raise GatewayError(
            "not_found", f"there is no organisation {organisation!r}; there is {there}"
        )
    return found.keys


def _known(configuration: Configuration, organisation: str, name: str) -> Key:
    keys = _keys(configuration, organisation)
    if name not in keys:
        there = ", ".join(keys) or "none"
        raise GatewayError("not_found", f"{organisation} has no key {name!r}; there is {there}")
    return keys[name]


def _patch(organisation: str, keys: dict[str, Patch]) -> Patch:
    return {"organisations": {organisation: {"keys": dict(keys)}}}


def _hash(secret: str) -> str:
    return f"sha256:{secret_hash(secret)}"
