"""Trying every route that a service describes: once as it should be asked, once as it should not.

What creates comes first, and what is answered goes into later questions. Nothing is random: the
same service is asked the same.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.qtest.delivered.calling import NoAnswer, call, json_of
from quantumlayer.qtest.delivered.drafts import Known
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.made_up import at, table
from quantumlayer.qtest.delivered.model import Answer, Delivery, Finding, Sent
from quantumlayer.qtest.delivered.operations import JSON_TYPE, Operation, operations_of
from quantumlayer.qtest.delivered.probing import shown
from quantumlayer.qtest.delivered.reasons import quoted
from quantumlayer.qtest.delivered.remembered import Remembered
from quantumlayer.qtest.delivered.route_answers import not_promised, not_refused, violated
from quantumlayer.qtest.delivered.route_requests import Request, again, bad, good
from quantumlayer.qtest.delivered.starter import Running

SECONDS = 120.0
MOST_FAULTS = 20
ROUNDS = 3
NO_ANSWER = "it gives"


async def document_of(running: Running, path: str) -> dict[str, Any] | None:
    """What a service describes of itself at a path; None where it describes no routes."""
    try:
        answer = await call(running, path)
    except NoAnswer:
        return None
    document = json_of(answer) if answer.status == 200 else None
    return table(document) if table(at(document, "paths")) and at(document, "openapi") else None


@dataclass
class Tried:
    """What has been asked so far, and what was wrong with the answers."""

    running: Running
    document: dict[str, Any]
    known: Remembered = field(default_factory=Remembered)
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    taken: int = 0
    made: list[Request] = field(default_factory=list)
    sign_in: Request | None = None

    async def ask(self, request: Request) -> Answer | str:
        """The answer, or what came instead."""
        try:
            answer = await call(
                self.running, request.path, method=request.method, body=request.body,
                headers=request.headers, content=request.content,
            )  # fmt: skip
        except NoAnswer as error:
            return f"{NO_ANSWER} {error}"
        refused = f" {shown(answer)}" if answer.status >= 400 and not request.wrong else ""
        asked = f"{request.method} {request.path} {request.wrong}".rstrip()
        self.lines.append(f"{asked}: {answer.status}{refused}")
        return answer

    def blame(self, request: Request, wrong: str) -> None:
        """Note what is wrong with an answer."""
        way = f" {request.wrong}" if request.wrong else ""
        self.faults.append(f"`{request.method} {request.path}`{way}: {wrong}")

    async def well(self, one: Operation) -> bool:
        """Ask as it should be asked; whether it was taken."""
        request = good(self.document, one, self.known)
        if not self.makeable(one, request):
            self.lines.append(f"{one.name}: nothing can be made up that fits its schema")
            return True
        answer = await self.ask(request)
        if isinstance(answer, str):
            self.blame(request, answer)
            return True
        if wrong := not_promised(self.document, one, answer):
            self.blame(request, wrong)
            return True
        if answer.status < 300:
            self.taken += 1
            token = self.known.token
            self.known.learn(one, request.path.partition("?")[0], json_of(answer))
            if self.known.token != token:
                self.sign_in = request
            elif one.method == "post":
                self.made.append(request)
        return answer.status < 400

    def makeable(self, one: Operation, request: Request) -> bool:
        schema = one.body.get("schema")
        if one.media_type != JSON_TYPE or not isinstance(schema, dict):
            return True
        return not violated(self.document, schema, request.body)

    async def badly(self, one: Operation) -> None:
        """Ask as it should not be asked."""
        for request in bad(self.document, one, good(self.document, one, self.known)):
            answer = await self.ask(request)
            wrong = answer if isinstance(answer, str) else not_refused(one, request, answer)
            if wrong:
                self.blame(request, wrong)

    async def all(self) -> None:
        """Everything that only adds, reads or changes; then what deletes, after what is bad."""
        operations = operations_of(self.document)
        kept = [one for one in operations if one.method != "delete"]
        refused = kept
        for _ in range(ROUNDS):
            taken = len(refused)
            refused = [one for one in refused if not await self.well(one)]
            if not refused or len(refused) == taken:
                break
        for one in operations:
            if len(self.faults) < MOST_FAULTS:
                await self.badly(one)
        for one in operations:
            if one.method == "delete":
                await self.well(one)


async def routed(running: Running, delivery: Delivery, known: Known) -> Finding:
    """What its own description promises, and in `known` what may be written once more.

    Raises NothingToAsk where it describes nothing.
    """
    document = await document_of(running, delivery.contract) if delivery.contract else None
    if document is None:
        raise NothingToAsk("It describes no routes.")
    return await not_kept(running, document, known)


async def not_kept(running: Running, document: dict[str, Any], known: Known) -> Finding:
    """What of its own description a service does not keep. Raises NothingToAsk as above."""
    tried = Tried(running, document)
    try:
        async with asyncio.timeout(SECONDS):
            await tried.all()
    except TimeoutError:
        tried.faults.append(f"its routes are not answered within {SECONDS:.0f} s together")
    known.drafts += again(tried.made, tried.sign_in)
    known.reads += [Sent(method="GET", path=one.path) for one in operations_of(document)
                    if one.method == "get" and not one.of_one]  # fmt: skip
    evidence = "\n".join([*tried.lines, *(f"wrong: {each}" for each in tried.faults)])
    if not tried.faults and not tried.taken:
        raise NothingToAsk("None of its routes took what was made up for it.")
    if not tried.faults:
        return Finding(evidence=evidence)
    more = len(tried.faults) - 1
    others = f" ({more} more in the evidence)" if more else ""
    failed = " 5" in tried.faults[0] or f": {NO_ANSWER}" in tried.faults[0]
    log = quoted(await running.log()) if failed else ""
    return Finding(reason=f"{tried.faults[0]}{others} {log}".strip(), evidence=evidence)
