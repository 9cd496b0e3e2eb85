"""A run's capsule, its report and its pictures, for credentials of the run's organisation."""

import asyncio
import base64
import io
import re
import zipfile
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from quantumlayer.api.dependencies import PrincipalOf, ServicesOf
from quantumlayer.api.errors import ApiError, ErrorCode, run_not_found
from quantumlayer.api.inputs import run_id_of
from quantumlayer.api.rest.file_names import attachment
from quantumlayer.api.rest.ranges import (
    ByteRange,
    Unsatisfiable,
    matches,
    range_still_holds,
    requested_range,
)
from quantumlayer.api.services import Services
from quantumlayer.core.identity import Principal
from quantumlayer.core.objects import ObjectMissing
from quantumlayer.core.runs.queries import capsules_of, find_run, has_picture
from quantumlayer.core.runs.tables import Capsule

router = APIRouter(prefix="/v1/runs", include_in_schema=False)
_CHUNK_BYTES = 256 * 1024
_REPORT = "capsule/quality-report.html"
_PICTURE = re.compile(rb'<img src="(pictures/[a-z0-9-]+\.png)"')
_MAX_REPORT_BYTES = 16 * 1024 * 1024
# The report shows what a model wrote: it may be styled, but never run a script or act as us.
_REPORT_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@router.api_route("/{run_id}/capsule", methods=["GET", "HEAD"])
async def download_capsule(
    request: Request, run_id: str, services: ServicesOf, principal: PrincipalOf
) -> Response:
    """The capsule, whole or a part of it; an answer that can be cached, resumed and checked."""
    capsule = await _capsule(services, principal, run_id)
    etag = f'"{capsule.sha256}"'
    headers = _capsule_headers(capsule, etag)
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    await _require_stored(services, capsule.sha256)
    part: ByteRange | None = None
    if range_still_holds(request.headers.get("if-range"), etag):
        try:
            part = requested_range(request.headers.get("range"), capsule.size)
        except Unsatisfiable:
            return Response(
                status_code=416, headers={**headers, "content-range": f"bytes */{capsule.size}"}
            )
    sent = part or ByteRange(0, capsule.size)
    headers["content-length"] = str(sent.length)
    if part is not None:
        headers["content-range"] = part.content_range(capsule.size)
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type="application/zip")
    return StreamingResponse(
        _bytes(services, capsule.sha256, sent),
        status_code=status,
        headers=headers,
        media_type="application/zip",
    )


@router.api_route("/{run_id}/report", methods=["GET", "HEAD"])
async def show_report(run_id: str, services: ServicesOf, principal: PrincipalOf) -> Response:
    """The quality report as a page, out of the capsule."""
    capsule = await _capsule(services, principal, run_id)
    await _require_stored(services, capsule.sha256)
    content = await services.objects.get(capsule.sha256)
    page = await asyncio.to_thread(_report_in, content)
    if page is None:
        raise ApiError(ErrorCode.NOT_FOUND, "The run's capsule holds no report.")
    return Response(
        page,
        media_type="text/html; charset=utf-8",
        headers={"content-security-policy": _REPORT_POLICY, "cache-control": "private, no-cache"},
    )


@router.api_route("/{run_id}/pictures/{sha256}", methods=["GET", "HEAD"])
async def show_picture(
    run_id: str, sha256: str, services: ServicesOf, principal: PrincipalOf
) -> Response:
    """What a page of the run's software showed: an image that never changes."""
    run, organisation_id = run_id_of(run_id), principal.organisation_id
    async with services.database.tenant(organisation_id) as session:
        known = await has_picture(session, organisation_id, run, sha256)
    if not known:
        raise ApiError(ErrorCode.NOT_FOUND, "There is no such picture of this run.")
    await _require_stored(services, sha256)
    return Response(
        await services.objects.get(sha256),
        media_type="image/png",
        headers={
            "cache-control": "private, max-age=31536000, immutable",
            "content-security-policy": "sandbox; default-src 'none'",
            "x-content-type-options": "nosniff",
        },
    )


async def _capsule(services: Services, principal: Principal, given_id: str) -> Capsule:
    run_id = run_id_of(given_id)
    organisation_id = principal.organisation_id
    async with services.database.tenant(organisation_id) as session:
        run = await find_run(session, organisation_id, run_id)
        capsules = await capsules_of(session, organisation_id, [run_id])
    if run is None:
        raise run_not_found(run_id)
    if run_id not in capsules:
        state = run.verdict or run.status
        raise ApiError(ErrorCode.NOT_FOUND, f"The run has no capsule; it is {state}.")
    return capsules[run_id]


async def _require_stored(services: Services, sha256: str) -> None:
    try:
        await services.objects.size(sha256)
    except ObjectMissing as missing:
        raise ApiError(
            ErrorCode.UNAVAILABLE, f"{missing}; restore the store from a backup."
        ) from None


def _capsule_headers(capsule: Capsule, etag: str) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(capsule.sha256)).decode()
    return {
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": attachment(capsule.file_name),
        # Both are of the whole capsule, also in the answer that carries a part of it.
        "digest": f"sha-256={digest}",
        "repr-digest": f"sha-256=:{digest}:",
    }


async def _bytes(services: Services, sha256: str, part: ByteRange) -> AsyncIterator[bytes]:
    end = part.start + part.length
    for start in range(part.start, end, _CHUNK_BYTES):
        yield await services.objects.read(sha256, start, min(_CHUNK_BYTES, end - start))


def _report_in(capsule: bytes) -> bytes | None:
    """The report page of a capsule, if it is there and of a sane size."""
    with zipfile.ZipFile(io.BytesIO(capsule)) as archive:
        try:
            entry = archive.getinfo(_REPORT)
        except KeyError:
            return None
        if entry.file_size > _MAX_REPORT_BYTES:
            return None
        return _with_pictures(archive.read(entry), archive)


def _with_pictures(page: bytes, archive: zipfile.ZipFile) -> bytes:
    """A report with its pictures in it: the page may load nothing, as it acts for nobody."""

    def inside(match: re.Match[bytes]) -> bytes:
        try:
            picture = archive.read(f"capsule/{match[1].decode()}")
        except KeyError:
            return match[0]
        return b'<img src="data:image/png;base64,' + base64.b64encode(picture) + b'"'

    return _PICTURE.sub(inside, page)
