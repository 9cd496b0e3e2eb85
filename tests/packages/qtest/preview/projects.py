"""A small application with a page, data, and words at its start and end."""

import io
import zipfile
from pathlib import Path

from quantumlayer.qtest.delivered import Delivery, Volume

DOCKERFILE = """\
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY service.py ./
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "service.py"]
"""
SERVICE = """\
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTE = Path("/data/note")
PAGE = b'<!doctype html><html lang="en"><title>Notes</title><h1>Notes</h1>'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGE if self.path == "/" else NOTE.read_bytes() if NOTE.exists() else b"nothing"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        NOTE.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        print("noted by", self.headers.get("Cookie"))
        self.send_response(204)
        self.end_headers()


def stop(*_):
    print("put down")
    sys.exit(0)


signal.signal(signal.SIGTERM, stop)
print("ready")
ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""


def project(folder: Path, service: str = SERVICE) -> Delivery:
    """Write it, and what is promised of it."""
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "service.py").write_text(service)
    return Delivery(folder=folder, volumes=(Volume(path="/data"),), start_seconds=15)


def archive(folder: Path, service: str = SERVICE) -> bytes:
    """The same as a zip archive, such as a capsule is; what is in the folder goes with it."""
    project(folder, service)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for path in sorted(folder.rglob("*")):
            written.write(path, path.relative_to(folder))
    return content.getvalue()
