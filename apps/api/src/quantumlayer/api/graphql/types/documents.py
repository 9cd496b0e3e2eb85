"""The documents of a run, which are stored by their addresses."""

from typing import Any

import orjson
from strawberry.scalars import JSON

from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.graphql.context import Info
from quantumlayer.core.objects import ObjectMissing


def missing_in(report: Any) -> list[str]:  # noqa: ANN401 - a stored document
    """What a quality report says is missing; reports of former versions do not say it apart."""
    found = report.get("missing") if isinstance(report, dict) else None
    return list(found or ())


async def document(info: Info, sha256: str | None) -> JSON | None:
    """The JSON document of that address, None for none. Raises ApiError where it is away."""
    if sha256 is None:
        return None
    try:
        return JSON(orjson.loads(await info.context.services.objects.get(sha256)))
    except ObjectMissing as missing:
        raise ApiError(ErrorCode.UNAVAILABLE, f"{missing}; restore it from a backup.") from None
