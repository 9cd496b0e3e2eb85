"""Who may do what: organisations, projects, API keys, owner links, browser sessions."""

from quantumlayer.core.identity.credentials import Credentials, NewApiKey, NewSecret
from quantumlayer.core.identity.organisations import (
    DEFAULT_ORGANISATION,
    ensure_default_organisation,
    organisation_id,
)
from quantumlayer.core.identity.principal import CredentialKind, Principal
from quantumlayer.core.identity.projects import (
    DEFAULT_PROJECT,
    all_projects,
    ensure_project,
    is_project_slug,
    projects_by_id,
)
from quantumlayer.core.identity.roles import PERMISSIONS, Permission, Role
from quantumlayer.core.identity.tables import Project
from quantumlayer.core.identity.tokens import new_api_key, secret_hash, shown_prefix

__all__ = [
    "DEFAULT_ORGANISATION",
    "DEFAULT_PROJECT",
    "PERMISSIONS",
    "CredentialKind",
    "Credentials",
    "NewApiKey",
    "NewSecret",
    "Permission",
    "Principal",
    "Project",
    "Role",
    "all_projects",
    "ensure_default_organisation",
    "ensure_project",
    "is_project_slug",
    "new_api_key",
    "organisation_id",
    "projects_by_id",
    "secret_hash",
    "shown_prefix",
]
