"""`createApiKey`."""

import strawberry

from quantumlayer.api.graphql.context import Info
from quantumlayer.api.graphql.types.scalars import RoleName
from quantumlayer.api.graphql.types.viewer import CreatedApiKey
from quantumlayer.api.inputs import checked_name
from quantumlayer.core.identity import Permission, Role


async def create_api_key(info: Info, name: str, role: RoleName = RoleName.member) -> CreatedApiKey:
    """Makes an API key for a program."""
    context = info.context
    context.require(Permission.MANAGE_CREDENTIALS)
    made = await context.services.credentials.create_api_key(
        context.organisation_id, checked_name(name), Role(role.value)
    )
    return CreatedApiKey(
        id=strawberry.ID(str(made.id)),
        name=made.name,
        role=role,
        key=made.key,
        prefix=made.prefix,
    )
