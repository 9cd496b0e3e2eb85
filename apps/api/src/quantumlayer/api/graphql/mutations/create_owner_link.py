"""`createOwnerLink`."""

from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.viewer import OwnerLink
from quantumlayer.core.identity import Permission


async def create_owner_link(info: Info) -> OwnerLink:
    """Makes a one-time link for a browser."""
    context = info.context
    context.require(Permission.MANAGE_CREDENTIALS)
    link = await context.services.credentials.create_owner_link(context.organisation_id)
    return OwnerLink(
        url=f"{context.services.base_url}/auth/owner?token={link.secret}",
        expires_at=link.expires_at,
    )
