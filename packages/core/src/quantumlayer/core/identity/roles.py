"""Roles and what each may do: the one table that every door asks."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a credential's holder is in the organisation."""

    OWNER = "owner"
    MEMBER = "member"
    VIEWER = "viewer"


class Permission(StrEnum):
    """Something that may be done."""

    READ = "read"
    RUN = "run"
    """Start and cancel runs."""
    MANAGE_CREDENTIALS = "manage_credentials"
    """Make API keys and owner links."""


PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Permission),
        Role.MEMBER: frozenset({Permission.READ, Permission.RUN}),
        Role.VIEWER: frozenset({Permission.READ}),
    }
)
