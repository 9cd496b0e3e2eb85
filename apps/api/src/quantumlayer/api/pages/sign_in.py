"""Signing a browser in with a one-time link, and out again."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from quantumlayer.api.auth import (
    cookie_name,
    is_browser_session,
    principal_of,
    refuse_foreign_origin,
)
from quantumlayer.api.dependencies import ServicesOf
from quantumlayer.api.errors import ApiError
from quantumlayer.api.pages.forms import form_of
from quantumlayer.api.pages.rendering import message_page, page
from quantumlayer.api.services import Services
from quantumlayer.core.identity.credentials import BROWSER_SESSION_LIFETIME
from quantumlayer.core.identity.tokens import is_token

router = APIRouter(prefix="/auth", include_in_schema=False)


@router.get("/owner")
async def show_link(token: str = "") -> Response:
    """A page whose form uses the link up: whoever only fetches the link does not."""
    if not is_token(token):
        return _used_up()
    return page("sign_in.html", token=token)


@router.post("/owner")
async def use_link(request: Request, services: ServicesOf) -> Response:
    """Uses the link up and signs the browser in."""
    refuse_foreign_origin(request.headers, services)
    session = await services.credentials.sign_in((await form_of(request)).get("token", ""))
    if session is None:
        return _used_up()
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        cookie_name(services),
        session.secret,
        max_age=int(BROWSER_SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=_secure(services),
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
async def sign_out(request: Request, services: ServicesOf) -> Response:
    """Ends the browser's session."""
    try:
        principal = await principal_of(request, services)
    except ApiError:
        principal = None
    if principal is not None and is_browser_session(principal):
        await services.credentials.sign_out(principal)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(
        cookie_name(services), path="/", secure=_secure(services), httponly=True, samesite="lax"
    )
    return response


def _secure(services: Services) -> bool:
    return services.base_url.startswith("https:")


def _used_up() -> Response:
    return message_page(
        "This link is no good any more",
        "A link signs one browser in, once, within 15 minutes. `quantumlayer owner-link` prints"
        " a fresh one.",
        status=410,
    )
