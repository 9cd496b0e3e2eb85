"""Who asks: recognises the credential of a request, and refuses what only looks like one."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.services import Services
from quantumlayer.core.identity import CredentialKind, Permission, Principal

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(services: Services) -> str:
    """The session cookie's name.

    Browsers share cookies among all ports of a host, so the port tells two installations on one
    machine apart; over https, `__Host-` keeps other hosts from setting it.
    """
    if services.base_url.startswith("https:"):
        return "__Host-ql_session"
    return f"ql_session_{services.settings.api_port}"


async def principal_of(connection: HTTPConnection, services: Services) -> Principal:
    """Who sent the request; raises ApiError when nobody known did, or another page's script."""
    authorization = connection.headers.get("authorization")
    if authorization is not None:
        return await principal_of_authorization(authorization, services)
    secret = connection.cookies.get(cookie_name(services))
    if secret is None:
        raise _missing()
    principal = await services.credentials.recognise_session(secret)
    if principal is None:
        raise _unknown()
    if connection.scope.get("method", "GET") not in _SAFE_METHODS:
        refuse_foreign_origin(connection.headers, services)
    return principal


async def principal_of_authorization(authorization: str, services: Services) -> Principal:
    """Who carries the API key in an `Authorization` value; raises ApiError when nobody does."""
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise _missing()
    principal = await services.credentials.recognise_api_key(key.strip())
    if principal is None:
        raise _unknown()
    return principal


def refuse_foreign_origin(headers: Mapping[str, str], services: Services) -> None:
    """Raises ApiError when a page of another origin sent the request."""
    origin = headers.get("origin")
    if origin is None:
        # No browser: browsers name the origin of every request that changes something.
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise _foreign()
        return
    own = {urlsplit(services.base_url).netloc, headers.get("host", "")}
    if urlsplit(origin).netloc not in own:
        raise _foreign()


def require(principal: Principal, permission: Permission) -> None:
    """Raises ApiError when the principal's role does not allow it."""
    if not principal.may(permission):
        action = permission.value.replace("_", " ")
        raise ApiError(
            ErrorCode.FORBIDDEN,
            f"The role {principal.role} may not do this ({action}). Ask an owner for a key with"
            " another role.",
        )


def is_browser_session(principal: Principal) -> bool:
    """Whether a person's browser asks rather than a program."""
    return principal.kind is CredentialKind.BROWSER_SESSION


def _missing() -> ApiError:
    return ApiError(
        ErrorCode.UNAUTHENTICATED,
        "A credential is missing: send `Authorization: Bearer ql_…`, or sign in with the link"
        " that `quantumlayer owner-link` prints.",
    )


def _unknown() -> ApiError:
    return ApiError(
        ErrorCode.UNAUTHENTICATED,
        "That credential is not known here: it is misspelt, revoked, expired or of another"
        " installation. `quantumlayer keys create --name NAME` makes a new key.",
    )


def _foreign() -> ApiError:
    return ApiError(
        ErrorCode.FORBIDDEN, "A page of another origin may not act with this browser's session."
    )
