"""What the commands ask about credentials."""

from __future__ import annotations

from quantumlayer.cli.client.api import Api, Json

_LINK = "mutation { createOwnerLink { url expiresAt } }"
_KEY = """mutation($name: String!, $role: RoleName!) {
  createApiKey(name: $name, role: $role) { key id prefix } }"""


def owner_link(api: Api) -> Json:
    """A one-time link: url, expiresAt."""
    link: Json = api.ask(_LINK)["createOwnerLink"]
    return link


def create_key(api: Api, name: str, role: str) -> Json:
    """A new key: key, id, prefix. Not repeated when the answer is lost: it may have been made."""
    made: Json = api.ask(_KEY, {"name": name, "role": role}, repeatable=False)["createApiKey"]
    return made
