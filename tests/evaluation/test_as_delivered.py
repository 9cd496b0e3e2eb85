"""Hidden checks asked of programs as they are delivered: in the sandbox, from their Dockerfile."""

from pathlib import Path

import pytest

from evaluation.running import judged
from evaluation.sentence import Sentence, sentences_of
from quantumlayer.core.caches import cache_folder

pytestmark = pytest.mark.slow

TOOL = """FROM python:3.11.7-slim
COPY tool.py /tool.py
USER 10001:10001
ENTRYPOINT ["python", "/tool.py"]
CMD ["--help"]
"""
SERVICE = """FROM python:3.11.7-slim
COPY server.py /server.py
USER 10001:10001
EXPOSE 8000
CMD ["python", "/server.py"]
"""
COUNTING = """
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COUNTERS = {}


class Counting(BaseHTTPRequestHandler):
    def answer(self, status, content):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def do_GET(self):
        self.answer(200, COUNTERS)

    def do_PUT(self):
        name = self.path.rpartition("/")[2]
        self.answer(200 if name in COUNTERS else 201, {"value": COUNTERS.setdefault(name, 0)})

    def do_POST(self):
        name = self.path.split("/")[2]
        by = json.loads(self.rfile.read(int(self.headers["Content-Length"]))).get("by")
        if name not in COUNTERS:
            return self.answer(404, {})
        if not isinstance(by, int):
            return self.answer(422, {})
        COUNTERS[name] += by
        self.answer(200, {"value": COUNTERS[name]})


ThreadingHTTPServer(("0.0.0.0", 8000), Counting).serve_forever()
"""


def sentence(name: str) -> Sentence:
    (found,) = (one for one in sentences_of("stacks") if one.name == name)
    return found


async def test_a_tool_is_run_with_its_files(tmp_path: Path) -> None:
    ledger = sentence("tool-ledger-go")
    (tmp_path / "Dockerfile").write_text(TOOL)
    (tmp_path / "tool.py").write_text(ledger.proof.right)

    assert await judged(ledger, tmp_path, cache_folder()) == ({}, {})

    (tmp_path / "tool.py").write_text(ledger.proof.right.replace("total {", "sum {"))
    wrong, _ = await judged(ledger, tmp_path, cache_folder())
    assert list(wrong) == ["balances are exact"]


async def test_a_service_is_started_and_asked(tmp_path: Path) -> None:
    counters = sentence("counters-go")
    (tmp_path / "Dockerfile").write_text(SERVICE)
    (tmp_path / "server.py").write_text(COUNTING)

    assert await judged(counters, tmp_path, cache_folder()) == ({}, {})

    (tmp_path / "server.py").write_text(COUNTING.replace("+= by", "= by"))
    wrong, _ = await judged(counters, tmp_path, cache_folder())
    assert list(wrong) == ["no increment is lost"]


async def test_what_is_not_started_meets_no_check(tmp_path: Path) -> None:
    counters = sentence("counters-go")
    (tmp_path / "Dockerfile").write_text(SERVICE)
    (tmp_path / "server.py").write_text("raise SystemExit('no')\n")

    wrong, untold = await judged(counters, tmp_path, cache_folder())

    assert (len(wrong), untold) == (len(counters.checks), {})
    assert all(reason.startswith("it is not started") for reason in wrong.values())


async def test_what_has_no_image_meets_no_check(tmp_path: Path) -> None:
    wrong, _ = await judged(sentence("counters-go"), tmp_path, cache_folder())
    assert all(reason.startswith("it is not built") for reason in wrong.values())
