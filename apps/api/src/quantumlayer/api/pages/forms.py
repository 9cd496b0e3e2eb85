"""The fields of a form that a browser sent."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from quantumlayer.api.errors import bad_input

_CONTENT_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 20


async def form_of(request: Request) -> Mapping[str, str]:
    """Name → value; of a name that comes twice the last one. Raises ApiError for other bodies."""
    if not request.headers.get("content-type", "").startswith(_CONTENT_TYPE):
        raise bad_input(f"Send the form as {_CONTENT_TYPE}.")
    try:
        body = (await request.body()).decode("ascii")
        fields = parse_qsl(
            body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise bad_input("The form cannot be read.") from None
    return dict(fields)
