"""A registry on the loopback interface that says what a test wants it to say."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar


class _Handler(BaseHTTPRequestHandler):
    published: ClassVar[Mapping[str, str]] = {}

    def do_GET(self) -> None:
        parts = [part for part in self.path.split("?")[0].split("/") if part]
        moment = self.published.get(parts[-1]) if parts else None
        if moment is None:
            self._answer(404, "application/json", b'{"error": "Not found"}')
        elif parts[0] == "simple":
            kind = "application/vnd.pypi.simple.v1+json"
            self._answer(200, kind, json.dumps(_project(parts[-1], moment)).encode())
        else:
            self._answer(200, "application/json", json.dumps(_package(parts[-1], moment)).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that callers know
        """Says nothing."""


def _project(name: str, moment: str) -> dict[str, object]:
    wheel = f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
    file: dict[str, object] = {
        "filename": wheel,
        "url": f"../../files/{wheel}",
        "hashes": {"sha256": "0" * 64},
        "core-metadata": False,
    }
    if moment:
        file["upload-time"] = moment
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": ["1.0"], "files": [file]}


def _package(name: str, moment: str) -> dict[str, object]:
    version = {"name": name, "version": "1.0.0", "dist": {"tarball": "", "shasum": ""}}
    return {
        "name": name,
        "dist-tags": {"latest": "1.0.0"},
        "versions": {"1.0.0": version},
        "time": {"created": moment, "modified": moment, "1.0.0": moment},
    }


@contextmanager
def package_index(published: Mapping[str, str]) -> Iterator[str]:
    """Serves these names, each published at its moment (ISO 8601, "" for not told); its address."""
    handler = type("Handler", (_Handler,), {"published": published})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
