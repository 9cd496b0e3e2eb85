"""The small programs that prove hidden checks, as subjects of those checks.

A service is Python that names its routes by `@route("GET /notes/{id}")`; a handler takes what its
parameters name: parts of the path, `body`, `query`, `headers`. A page is one file of HTML.
"""

import asyncio
import inspect
import json
import re
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from evaluation.sentence import Proof
from evaluation.subject import Ran

Handler = Callable[..., tuple[int, Any]]


@dataclass
class Routes:
    """What a program answers; its handlers run one at a time."""

    known: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def route(self, words: str) -> Callable[[Handler], Handler]:
        """Answer a method and a path by the function below."""
        method, path = words.split()
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))

        def add(handler: Handler) -> Handler:
            self.known.append((method, pattern, handler))
            return handler

        return add

    def answer(self, method: str, target: str, headers: Message, sent: bytes) -> tuple[int, Any]:
        """Status and content for a request."""
        parts = urlsplit(target)
        given: dict[str, Any] = {"query": dict(parse_qsl(parts.query)), "headers": headers}
        if sent:
            given["body"] = json.loads(sent)
        for known, pattern, handler in self.known:
            found = pattern.fullmatch(parts.path)
            if found and known == method:
                values = given | found.groupdict()
                wanted = inspect.signature(handler).parameters
                with self.turn:
                    return handler(**{name: values.get(name) for name in wanted})
        return 404, {}


@dataclass(frozen=True)
class Program:
    """A right or a wrong program. `socket` leads to it, if it serves."""

    folder: Path
    socket: Path

    async def run(self, arguments: Sequence[str], files: Mapping[str, str]) -> Ran:
        """Run it as a tool, with `/in/` below its folder."""
        place = self.folder / "in"
        place.mkdir(exist_ok=True)
        for path, content in files.items():
            (self.folder / path.lstrip("/")).write_text(content, encoding="utf-8")
        told = [
            f"{self.folder}{argument}" if argument.startswith("/in/") else argument
            for argument in arguments
        ]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(self.folder / "tool.py"), *told),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        return Ran(process.returncode, out.decode())


@asynccontextmanager
async def started(proof: Proof, right: str, files: Mapping[str, str]) -> AsyncIterator[Program]:
    """A program with its text, or its files, until the context ends."""
    with tempfile.TemporaryDirectory(prefix="ql-proof-") as place:
        folder = Path(place) / "tree"
        folder.mkdir()
        program = Program(folder, Path(place) / "socket")
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, encoding="utf-8")
        if proof.is_a == "tool":
            (folder / "tool.py").write_text(right, encoding="utf-8")
        if proof.is_a not in ("service", "page"):
            yield program
            return
        with ThreadingUnixStreamServer(
            str(program.socket), _answering(_routes(proof, right))
        ) as at:
            at.daemon_threads = True
            thread = threading.Thread(target=at.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield program
            finally:
                await asyncio.to_thread(at.shutdown)
                thread.join()


def _routes(proof: Proof, right: str) -> Routes:
    routes = Routes()
    if proof.is_a == "page":
        routes.route("GET /")(lambda: (200, right))
    else:
        exec(compile(right, "right.py", "exec"), {"route": routes.route})  # noqa: S102 - ours
    return routes


def _answering(routes: Routes) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def address_string(self) -> str:
            return "socket"

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name
            pass

        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                status, content = routes.answer(self.command, self.path, self.headers, sent)
            except Exception as error:  # noqa: BLE001 - a wrong program may do anything
                status, content = 500, {"error": repr(error)}
            html = isinstance(content, str)
            body = content if html else "" if content is None else json.dumps(content)
            self.send_response(status)
            self.send_header(
                "Content-Type", "text/html; charset=utf-8" if html else "application/json"
            )
            self.send_header("Content-Length", str(len(body.encode())))
            if status == 302:
                self.send_header("Location", content["Location"])
            self.end_headers()
            if body:
                self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - their names

    return Answering
