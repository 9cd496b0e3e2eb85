"""`/v1/analyze` and `/v1/languages`: a router that any FastAPI application can include."""

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from quantumlayer.parser.capabilities import capabilities, rule_count
from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.model import SourceText
from quantumlayer.parser.parser import Parser
from quantumlayer.parser.service.limits import Limits, read_body
from quantumlayer.parser.service.problems import Refused
from quantumlayer.parser.service.schema import (
    AnalyzeAnswer,
    AnalyzeRequest,
    FileInput,
    LanguageOutput,
    LanguagesAnswer,
    file_output,
)
from quantumlayer.parser.service.telemetry import Telemetry
from quantumlayer.parser.weaknesses import examined

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    413: {"description": "The body is too large."},
    422: {"description": "The body is not a request, or has too many files."},
    503: {"description": "Too many requests are waiting, or this one took too long: try again."},
}


def _request_body() -> dict[str, Any]:
    """The body as OpenAPI tells it: it is read by hand, after the credential was looked at."""
    schema = AnalyzeRequest.model_json_schema()
    schema["properties"]["files"]["items"] = schema.pop("$defs")["FileInput"]
    example = {"files": [{"path": "app.py", "content": "def run(): ...\n"}]}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


class Analyst:
    """Answers requests with a Parser, within limits."""

    def __init__(self, parser: Parser, limits: Limits, telemetry: Telemetry) -> None:
        self.parser = parser
        self._limits = limits
        self._telemetry = telemetry
        self._waiting = 0

    async def answer(self, request: Request) -> bytes:
        """The body of the answer; raises Refused."""
        if self._waiting >= self._limits.waiting:
            raise Refused(503, "Too many requests are waiting. Try again in a second.")
        self._waiting += 1
        try:
            with self._telemetry.request():
                body = await read_body(request, self._limits.body_bytes)
                return await self._analyse(_request(body, self._limits.files), len(body))
        finally:
            self._waiting -= 1

    async def respond(self, request: Request) -> Response:
        """As `answer`, counted, as a response."""
        try:
            body = await self.answer(request)
        except Refused as refused:
            self._telemetry.answered(refused.status)
            raise
        self._telemetry.answered(200)
        return Response(body, media_type="application/json")

    async def _analyse(self, asked: AnalyzeRequest, size: int) -> bytes:
        files = [_source(file) for file in asked.files]
        try:
            async with asyncio.timeout(self._limits.seconds):
                analyses = await examined(self.parser, files)
        except TimeoutError:
            raise Refused(
                503,
                f"The files took longer than {self._limits.seconds:g} s. Send fewer at a time.",
            ) from None
        self._telemetry.analysed(analyses, size)
        full = asked.detail == "full"
        return to_json({"files": [file_output(one, full=full) for one in analyses]})


def make_router(analyst: Analyst, dependencies: Sequence[Any] = ()) -> APIRouter:
    """The routes; `dependencies` of FastAPI come before anything of a request is read."""
    router = APIRouter(prefix="/v1", dependencies=list(dependencies), tags=["parser"])

    @router.post(
        "/analyze",
        summary="Analyse files",
        response_model=AnalyzeAnswer,
        responses=_PROBLEMS,
        openapi_extra=_request_body(),
    )
    async def analyze(request: Request) -> Response:
        return await analyst.respond(request)

    @router.get("/languages", summary="List the languages", response_model=LanguagesAnswer)
    async def languages() -> Response:
        # In a thread: the first time, every query is compiled.
        answer = await asyncio.to_thread(_languages)
        return Response(answer.model_dump_json(by_alias=True), media_type="application/json")

    return router


def _request(body: bytes, most_files: int) -> AnalyzeRequest:
    try:
        asked = AnalyzeRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the body"
        raise Refused(422, f"{place}: {first['msg']}") from None
    if len(asked.files) > most_files:
        raise Refused(
            422, f"{len(asked.files)} files, at most {most_files:,}. Send several requests."
        )
    for file in asked.files:
        if file.language is not None and file.language not in LANGUAGES:
            raise Refused(
                422, f"{file.path}: no language {file.language!r}; GET /v1/languages lists them."
            )
    return asked


def _source(file: FileInput) -> SourceText:
    return SourceText(path=file.path, content=file.content, language=file.language)


def _languages() -> LanguagesAnswer:
    return LanguagesAnswer(
        languages=tuple(
            LanguageOutput(
                name=row.name,
                extensions=row.extensions,
                filenames=row.filenames,
                syntax=row.native.value if row.native else "tree-sitter",
                **capabilities(row.name)._asdict(),
                rules=rule_count(row.name),
            )
            for row in LANGUAGES.values()
        )
    )
