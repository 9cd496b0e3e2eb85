"""Taking a project that somebody sends to have it changed: `POST /v1/folders`."""

import asyncio
import tempfile
from pathlib import Path
from typing import IO

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from quantumlayer.api.auth import require
from quantumlayer.api.dependencies import PrincipalOf, ServicesOf
from quantumlayer.api.errors import ApiError, ErrorCode
from quantumlayer.api.problems import problem
from quantumlayer.api.revisions import keep_sent
from quantumlayer.core.identity import Permission
from quantumlayer.qlayer.revision.packing import MOST_PACKED_BYTES

router = APIRouter(prefix="/v1/folders", include_in_schema=False)
_NAME_CHARACTERS = 80


@router.post("")
async def take_folder(
    request: Request, services: ServicesOf, principal: PrincipalOf, name: str = "project"
) -> Response:
    """The id of a zip that was sent, for `startGeneration`; it is checked before it is stored."""
    require(principal, Permission.RUN)
    with tempfile.NamedTemporaryFile(prefix="ql-sent-", suffix=".zip") as file:
        if not await _received(request, file):
            said = f"The archive has more than {MOST_PACKED_BYTES:,} bytes."
            return problem(ApiError(ErrorCode.BAD_INPUT, said), 413)
        shown = "".join(letter for letter in name if letter.isprintable())[:_NAME_CHARACTERS]
        folder, base = await keep_sent(
            services, principal.organisation_id, Path(file.name), shown or "project"
        )
    told = {
        "id": str(folder.id),
        "title": base.title,
        "language": base.language.value,
        "files": len(base.tree.files),
        "parent": str(folder.parent_id) if folder.parent_id else None,
        "edits": list(base.edits.paths),
        "notes": list(base.notes),
    }
    return Response(orjson.dumps(told), status_code=201, media_type="application/json")


async def _received(request: Request, file: IO[bytes]) -> bool:
    """Writes the body down as it comes; False where it is too long, and then nobody reads on."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > MOST_PACKED_BYTES:
        return False
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_PACKED_BYTES:
            return False
        await asyncio.to_thread(file.write, piece)
    await asyncio.to_thread(file.flush)
    return True
