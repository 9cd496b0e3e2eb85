"""A registry of npm on the loopback interface, with small real packages."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

VERSION = "1.0.0"


def tarball(manifest: Mapping[str, Any], files: Mapping[str, str]) -> bytes:
    """A package as npm publishes it, the same bytes each time: its digest is told before."""
    content = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=content, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, text in {"package.json": json.dumps(manifest), **files}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


class _Registry(BaseHTTPRequestHandler):
    packages: ClassVar[Mapping[str, dict[str, Any]]] = {}

    def do_GET(self) -> None:
        name = self.path.strip("/")
        file = name.removesuffix(".tgz")
        if name in self.packages:
            manifest = {"name": name, "version": VERSION, **self.packages[name]}
            data = tarball(manifest, {"index.js": "module.exports = 42;\n"})
            digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
            address = f"http://{self.headers['host']}/{name}.tgz"
            manifest["dist"] = {"tarball": address, "integrity": f"sha512-{digest}"}
            page = {"name": name, "dist-tags": {"latest": VERSION}, "versions": {VERSION: manifest}}
            self._answer(200, json.dumps(page).encode())
        elif file != name and file in self.packages:
            manifest = {"name": file, "version": VERSION, **self.packages[file]}
            self._answer(200, tarball(manifest, {"index.js": "module.exports = 42;\n"}))
        else:
            self._answer(404, b"{}")

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that callers know
        """Says nothing."""


@contextmanager
def npm_registry(packages: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Serves packages, given by name with further fields of their manifests; its address."""
    handler = type("Registry", (_Registry,), {"packages": packages})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
