"""The pages of somebody who is signed in."""

import uuid
from typing import Any

import orjson
from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from quantumlayer.api import runs
from quantumlayer.api.auth import principal_of, require
from quantumlayer.api.dependencies import ServicesOf
from quantumlayer.api.errors import ApiError, ErrorCode, run_not_found
from quantumlayer.api.graphql.types.documents import missing_in
from quantumlayer.api.graphql.types.model_usage import ModelUsage
from quantumlayer.api.graphql.types.run import Run as RunView
from quantumlayer.api.inputs import LANGUAGES, checked_key, run_id_of, run_request
from quantumlayer.api.pages import sign_in
from quantumlayer.api.pages.forms import form_of
from quantumlayer.api.pages.questions import decision_of, shown, told
from quantumlayer.api.pages.rendering import message_page, page
from quantumlayer.api.services import Services
from quantumlayer.api.usage import usages_of
from quantumlayer.core.identity import Permission, Principal
from quantumlayer.core.objects import ObjectMissing
from quantumlayer.core.runs import MAX_PROMPT_CHARACTERS
from quantumlayer.core.runs.queries import (
    capsules_of,
    files_of,
    find_run,
    findings_of,
    run_page,
    tests_of,
)
from quantumlayer.core.runs.questions import questions_of
from quantumlayer.core.runs.tables import Run

router = APIRouter(include_in_schema=False)
router.include_router(sign_in.router)
_LISTED = 50


@router.get("/")
async def home(request: Request, services: ServicesOf) -> Response:
    """The runs, and a form that starts one."""
    try:
        principal = await principal_of(request, services)
        return await _home(services, principal)
    except ApiError as error:
        return _refusal(error)


@router.post("/runs")
async def start(request: Request, services: ServicesOf) -> Response:
    """Starts the run that the form describes."""
    try:
        principal = await principal_of(request, services)
        require(principal, Permission.RUN)
        form = await form_of(request)
        try:
            wanted = run_request(
                prompt=form.get("prompt", "").replace("\r\n", "\n"),
                project=None,
                language=form.get("language") or None,
                model=None,
                models=services.settings.offered_models,
                limits={},
                accept_partial="accept_partial" in form,
            )
            key = checked_key(form.get("key") or uuid.uuid4().hex)
            run = await runs.start_run(services, principal.organisation_id, wanted, key)
        except ApiError as error:
            return await _home(services, principal, error, form.get("prompt", ""))
    except ApiError as error:
        return _refusal(error)
    return RedirectResponse(f"/runs/{run.id}", status_code=303)


@router.get("/runs/{run_id}")
async def show(request: Request, run_id: str, services: ServicesOf) -> Response:
    """One run, as it happens."""
    try:
        principal = await principal_of(request, services)
        return await _run(services, principal, run_id)
    except ApiError as error:
        return _refusal(error)


@router.get("/runs/{run_id}/question")
async def ask(request: Request, run_id: str, services: ServicesOf) -> Response:
    """What the run's page says of its question, for a page that is open already."""
    try:
        principal = await principal_of(request, services)
        async with services.database.tenant(principal.organisation_id) as session:
            row = await _row(session, principal, run_id)
            values = await shown(session, principal, row)
    except ApiError as error:
        return _refusal(error)
    return page("question.html", **values)


@router.post("/runs/{run_id}/cancel")
async def cancel(request: Request, run_id: str, services: ServicesOf) -> Response:
    """Asks the run to stop."""
    try:
        principal = await principal_of(request, services)
        require(principal, Permission.RUN)
        await runs.cancel_run(services, principal.organisation_id, run_id_of(run_id))
    except ApiError as error:
        # It ended by itself in the meantime: the page says how.
        if error.code is not ErrorCode.CONFLICT:
            return _refusal(error)
    return RedirectResponse(f"/runs/{run_id_of(run_id)}", status_code=303)


@router.post("/runs/{run_id}/wish")
async def decide(request: Request, run_id: str, services: ServicesOf) -> Response:
    """Answers what the run asks about a wish that no stack serves."""
    try:
        principal = await principal_of(request, services)
        require(principal, Permission.RUN)
        decision = decision_of(await form_of(request))
        try:
            await runs.decide_wish(services, principal.organisation_id, run_id_of(run_id), decision)
        except ApiError as error:
            if error.code not in (ErrorCode.CONFLICT, ErrorCode.UNAVAILABLE):
                raise
            # The page shows how things stand, and that this was not heard.
            return await _run(services, principal, run_id, error)
        await told(services, principal.organisation_id, run_id_of(run_id))
    except ApiError as error:
        return _refusal(error)
    return RedirectResponse(f"/runs/{run_id_of(run_id)}", status_code=303)


async def _home(
    services: Services, principal: Principal, error: ApiError | None = None, prompt: str = ""
) -> Response:
    organisation_id = principal.organisation_id
    async with services.database.tenant(organisation_id) as session:
        listed = await run_page(session, organisation_id, first=_LISTED)
        working = [row.id for row in listed.runs if row.status == "running"]
        asked = await questions_of(session, organisation_id, working)
    return page(
        "home.html",
        status=error.code.status if error else 200,
        runs=[RunView(row=row) for row in listed.runs],
        asking={id_: one for id_, one in asked.items() if not one.decision and one.wait_seconds},
        error=error.message if error else None,
        prompt=prompt,
        key=uuid.uuid4().hex,
        languages=LANGUAGES,
        may_run=principal.may(Permission.RUN),
        most=MAX_PROMPT_CHARACTERS,
    )


async def _run(
    services: Services, principal: Principal, given_id: str, error: ApiError | None = None
) -> Response:
    organisation_id, run_id = principal.organisation_id, run_id_of(given_id)
    async with services.database.tenant(organisation_id) as session:
        row = await _row(session, principal, given_id)
        values: dict[str, Any] = {
            "files": (await files_of(session, organisation_id, [run_id])).get(run_id, []),
            "tests": (await tests_of(session, organisation_id, [run_id])).get(run_id, []),
            "findings": (await findings_of(session, organisation_id, [run_id])).get(run_id, []),
            "capsule": (await capsules_of(session, organisation_id, [run_id])).get(run_id),
        }
        usage = (await usages_of(session, organisation_id, [run_id])).get(run_id)
        values |= await shown(session, principal, row)
    missing = await _missing(services, row.quality_report_object)
    return page(
        "run.html",
        status=error.code.status if error else 200,
        refused=error.message if error else None,
        missing=missing,
        reason=_without(row.reason or "", missing),
        usage=ModelUsage.of(usage) if usage else None,
        workflow_url=services.workflow_url(row.id, row.prompt),
        **values,
    )


async def _row(session: AsyncSession, principal: Principal, given_id: str) -> Run:
    run_id = run_id_of(given_id)
    row = await find_run(session, principal.organisation_id, run_id)
    if row is None:
        raise run_not_found(run_id)
    return row


async def _missing(services: Services, report: str | None) -> list[str]:
    """What was asked for and is not there; nothing where the report is away, as its link says."""
    if report is None:
        return []
    try:
        return missing_in(orjson.loads(await services.objects.get(report)))
    except ObjectMissing:
        return []


def _without(reason: str, said: list[str]) -> str:
    """A reason less the sentences that stand elsewhere on the page."""
    for sentence in said:
        reason = reason.replace(sentence, "").strip()
    return reason


def _refusal(error: ApiError) -> Response:
    if error.code is ErrorCode.UNAUTHENTICATED:
        return page("signed_out.html", status=401)
    return message_page("That did not work", error.message, status=error.code.status)
