"""Organisations: the default one is there before anybody asks."""

from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.dialects.postgresql import insert

from quantumlayer.core.database import Database, now
from quantumlayer.core.identity.credentials import keep_owner_key
from quantumlayer.core.identity.projects import ensure_project
from quantumlayer.core.identity.tables import Organisation

DEFAULT_ORGANISATION = "default"
# The gateway asks with every call, always for the same few.
_REMEMBERED = 4_096


@lru_cache(maxsize=_REMEMBERED)
def organisation_id(slug: str) -> UUID:
    """The id of the organisation called `slug`.

    It follows from the name, so that a transaction can be opened in the name of an organisation
    that is yet to be made: row-level security lets nobody else add it.
    """
    return uuid5(NAMESPACE_URL, f"quantumlayer:organisation:{slug}")


async def ensure_default_organisation(database: Database, owner_key: str | None) -> UUID:
    """Makes the default organisation, its default project and its owner's key, once.

    Safe to call from several processes, and again with another key: the new one takes the old
    one's place. Returns the organisation's id.
    """
    identity = organisation_id(DEFAULT_ORGANISATION)
    async with database.tenant(identity) as session:
        await session.execute(
            insert(Organisation)
            .values(id=identity, slug=DEFAULT_ORGANISATION, name="Default", created_at=now())
            .on_conflict_do_nothing()
        )
        await ensure_project(session, identity, DEFAULT_ORGANISATION)
        if owner_key is not None:
            await keep_owner_key(session, identity, uuid5(identity, "owner-key"), owner_key)
    return identity
