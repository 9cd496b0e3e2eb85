"""Pages from templates: everything escaped, nothing from other servers, one nonce a page."""

import secrets
from functools import cache
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    # Imported with the first page: programs never ask for one.
    from jinja2 import Environment


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page that `template` makes of `values`."""
    nonce = secrets.token_urlsafe(16)
    html = _environment().get_template(template).render(nonce=nonce, **values)
    return HTMLResponse(
        html,
        status_code=status,
        headers={
            "content-security-policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}';"
                " connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none';"
                " frame-ancestors 'none'"
            ),
            "cache-control": "no-store",
        },
    )


def message_page(title: str, message: str, *, status: int) -> HTMLResponse:
    """A page that says one thing."""
    return page("message.html", status=status, title=title, message=message)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - loaded where it is used

    return Environment(
        loader=PackageLoader("quantumlayer.api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
