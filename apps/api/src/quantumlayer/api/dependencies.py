"""What the plain HTTP endpoints ask for in their signatures."""

from typing import Annotated

from fastapi import Depends, Request

from quantumlayer.api.auth import principal_of
from quantumlayer.api.services import Services
from quantumlayer.core.identity import Principal


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_services)]


async def principal(request: Request, services: ServicesOf) -> Principal:
    """Who sent the request; nobody unknown gets past it."""
    return await principal_of(request, services)


PrincipalOf = Annotated[Principal, Depends(principal)]
