"""API keys, owner links and browser sessions: made, and recognised when somebody shows one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quantumlayer.core.database import Database, now
from quantumlayer.core.identity.principal import CredentialKind, Principal
from quantumlayer.core.identity.roles import Role
from quantumlayer.core.identity.tables import ApiKey, BrowserSession, OwnerLink
from quantumlayer.core.identity.tokens import (
    is_api_key,
    is_token,
    new_api_key,
    new_token,
    secret_hash,
    shown_prefix,
)

OWNER_LINK_LIFETIME = timedelta(minutes=15)
BROWSER_SESSION_LIFETIME = timedelta(days=7)


@dataclass(frozen=True)
class NewApiKey:
    """An API key as it is shown once; `key` is kept nowhere."""

    id: UUID
    name: str
    role: Role
    key: str
    prefix: str


@dataclass(frozen=True)
class NewSecret:
    """A link's or a session's secret as it is given away once."""

    secret: str
    expires_at: datetime


class Credentials:
    """Recognises and makes credentials."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recognise_api_key(self, key: str) -> Principal | None:
        """Who carries `key`; None for one that is unknown, revoked or malformed."""
        if not is_api_key(key):
            return None
        return await self._find("find_api_key", key, CredentialKind.API_KEY)

    async def recognise_session(self, secret: str) -> Principal | None:
        """Whose browser session this is; None for one that is unknown or has expired."""
        if not is_token(secret):
            return None
        return await self._find("find_browser_session", secret, CredentialKind.BROWSER_SESSION)

    async def create_api_key(self, organisation_id: UUID, name: str, role: Role) -> NewApiKey:
        """Makes an API key. This is the only time that anybody sees it."""
        key = new_api_key()
        async with self._database.tenant(organisation_id) as session:
            row = ApiKey(
                organisation_id=organisation_id,
                name=name,
                role=role,
                prefix=shown_prefix(key),
                secret_hash=secret_hash(key),
            )
            session.add(row)
            await session.flush()
            return NewApiKey(id=row.id, name=name, role=role, key=key, prefix=row.prefix)

    async def create_owner_link(self, organisation_id: UUID) -> NewSecret:
        """Makes the secret of a link that signs one visitor in as owner, once, in 15 minutes."""
        link = NewSecret(new_token(), now() + OWNER_LINK_LIFETIME)
        async with self._database.tenant(organisation_id) as session:
            await _forget_expired(session, organisation_id)
            session.add(
                OwnerLink(
                    organisation_id=organisation_id,
                    secret_hash=secret_hash(link.secret),
                    expires_at=link.expires_at,
                )
            )
        return link

    async def sign_in(self, link_secret: str) -> NewSecret | None:
        """Uses an owner link up and opens a browser session; None when the link is no good.

        Both happen or neither: a link is never lost to a failure in between.
        """
        if not is_token(link_secret):
            return None
        browser = NewSecret(new_token(), now() + BROWSER_SESSION_LIFETIME)
        async with self._database.nobody() as session:
            link = (
                await session.execute(
                    text("SELECT organisation_id FROM use_owner_link(:hash)"),
                    {"hash": secret_hash(link_secret)},
                )
            ).one_or_none()
            if link is None:
                return None
            await session.execute(
                text("SELECT set_config('app.organisation_id', :organisation, true)"),
                {"organisation": str(link.organisation_id)},
            )
            session.add(
                BrowserSession(
                    organisation_id=link.organisation_id,
                    secret_hash=secret_hash(browser.secret),
                    role=Role.OWNER,
                    expires_at=browser.expires_at,
                )
            )
        return browser

    async def sign_out(self, principal: Principal) -> None:
        """Ends the browser session that `principal` came with."""
        async with self._database.tenant(principal.organisation_id) as session:
            await session.execute(
                delete(BrowserSession).where(
                    BrowserSession.organisation_id == principal.organisation_id,
                    BrowserSession.id == principal.credential_id,
                )
            )

    async def _find(self, function: str, secret: str, kind: CredentialKind) -> Principal | None:
        async with self._database.nobody() as session:
            row = (
                await session.execute(
                    text(f"SELECT id, organisation_id, role FROM {function}(:hash)"),  # noqa: S608 - the names of functions are ours
                    {"hash": secret_hash(secret)},
                )
            ).one_or_none()
        if row is None:
            return None
        return Principal(
            credential_id=row.id,
            kind=kind,
            organisation_id=row.organisation_id,
            role=Role(row.role),
        )


async def keep_owner_key(
    session: AsyncSession, organisation_id: UUID, key_id: UUID, key: str
) -> None:
    """Makes `key` the owner's key of id `key_id`; what stood there before is no good any more."""
    kept = {"secret_hash": secret_hash(key), "prefix": shown_prefix(key), "revoked_at": None}
    statement = insert(ApiKey).values(
        id=key_id,
        organisation_id=organisation_id,
        name="owner",
        role=Role.OWNER,
        created_at=now(),
        **kept,
    )
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=kept))


async def _forget_expired(session: AsyncSession, organisation_id: UUID) -> None:
    for table in (OwnerLink, BrowserSession):
        await session.execute(
            delete(table).where(table.organisation_id == organisation_id, table.expires_at < now())
        )
