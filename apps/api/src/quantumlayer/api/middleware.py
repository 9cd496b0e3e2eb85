"""What happens to every request on its way in and out."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quantumlayer.api.problems import too_large
from quantumlayer.api.request_id import begin_request

MAX_BODY_BYTES = 256 * 1024
# Its bodies are whole files; it measures them itself, once it knows who sends them.
_MEASURED_ELSEWHERE = frozenset({"/v1/analyze", "/v1/folders"})
_access = logging.getLogger("quantumlayer.api.access")
# Asked every second by whoever watches over us.
_QUIET = frozenset({"/healthz", "/readyz"})


class NamedRequests:
    """Names each request, says so in the answer, and logs how it went."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = begin_request(Headers(scope=scope).get("x-request-id"))
        begun = time.perf_counter()
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                headers.setdefault("x-content-type-options", "nosniff")
                # Not no-referrer: browsers would then hide the origin of our own forms from us.
                headers.setdefault("referrer-policy", "same-origin")
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        finally:
            if scope["path"] not in _QUIET or status >= 400:
                _access.info(
                    "%s %s",
                    scope.get("method", "WEBSOCKET"),
                    scope["path"],
                    extra={
                        "status": status,
                        "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
                    },
                )


class SmallBodies:
    """Refuses bodies over `MAX_BODY_BYTES`, by their announced length or while they arrive."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _MEASURED_ELSEWHERE:
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await too_large(MAX_BODY_BYTES)(scope, receive, send)
            return
        meter = _Meter(receive, send)
        try:
            await self._app(scope, meter.receive, meter.send)
        except Exception:
            if not meter.overflown:
                raise
        if meter.overflown and not meter.answered:
            await too_large(MAX_BODY_BYTES)(scope, receive, send)


class _Meter:
    """Counts a body's bytes; past the limit the application sees a client that has gone away."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._bytes = 0
        self.overflown = False
        self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MAX_BODY_BYTES:
            self.overflown = True
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if not self.overflown:
            self.answered = True
            await self._send(message)
