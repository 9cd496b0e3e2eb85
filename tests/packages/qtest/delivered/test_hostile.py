"""Projects that attack whoever builds and starts them find nothing to take and nobody to harm."""

import asyncio
import json
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits
from quantumlayer.qtest.delivered import Delivery, Outcome, Rung, Running, climb, emulating_starter
from quantumlayer.qtest.delivered.calling import LARGEST_BODY, NoAnswer, call
from quantumlayer.qtest.delivered.probing import not_started
from quantumlayer.qtest.model import MIB
from tests.packages.qtest.delivered import services
from tests.packages.qtest.delivered.conftest import ALL, ClimbService

HOME_OF_ROOT = "/root"
HERE = Path(__file__).resolve()
ATTEMPTS = """\
import glob, json, os, signal, socket


def tried(attempt):
    try:
        return bool(attempt())
    except OSError:
        return False


def alive(pid):
    os.kill(pid, signal.SIGKILL)
    return True


ATTEMPTS = {
    "read a file of the host": lambda: open("@HERE@").read(),
    "read the host's shadow": lambda: open("/etc/shadow").read(),
    "see the work folder": lambda: os.listdir("/mnt/work"),
    "see our programs": lambda: os.listdir("/mnt/payload"),
    "see other processes": lambda: [p for p in os.listdir("/proc") if p.isdigit() and p != "1"],
    "leave by /proc": lambda: os.listdir("/".join(("/proc/1", "root", "mnt/work"))),
    "write into the root": lambda: open("/app/left", "w"),
    "write into the machine's libraries": lambda: open("/usr/lib/left", "w"),
    "reach the internet": lambda: socket.create_connection(("192.0.2.1", 80), 0.5),
    "hold a descriptor of ours": lambda: [
        link for fd in glob.glob("/proc/self/fd/*")
        if fd.rpartition("/")[2] not in "012" and tried(lambda: os.readlink(fd))
        and not (link := os.readlink(fd)).startswith("/proc/")
    ],
    "find a token": lambda: [name for name in os.environ if "TOKEN" in name or "QL_" in name],
    "stop whoever watches": lambda: alive(2),
}
found = [name for name, attempt in ATTEMPTS.items() if tried(attempt)]
print(json.dumps(found), flush=True)
"""
WITH_ATTEMPTS = {
    "Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY attempts.py ./\nUSER 10001\n"
    'CMD ["python", "attempts.py"]\n',
    "attempts.py": ATTEMPTS.replace("@HERE@", str(HERE)),
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


async def log_at_the_end(running: Running) -> str:
    """What an application has said when it has ended."""
    async with asyncio.timeout(20):
        while (await running.state()).running:  # noqa: ASYNC110 - it runs elsewhere
            await asyncio.sleep(0.02)
    return await running.log()


async def test_a_started_application_sees_nothing_but_its_image(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setenv("REGISTRY_TOKEN", "secret of the deployment")
    monkeypatch.setenv("QL_SECRET", "secret of the deployment")
    delivery = Delivery(folder=write(tmp_path, WITH_ATTEMPTS), read_only=True)
    # when
    async with (
        emulating_starter(cache).build(delivery) as built,
        built.start() as running,
    ):
        log = await log_at_the_end(running)
    # then
    assert json.loads(log) == []


async def test_a_build_step_finds_neither_a_secret_nor_the_host(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setenv("UV_INDEX_PRIVATE_PASSWORD", "hunter2")
    monkeypatch.setenv("UV_INDEX_PRIVATE_USERNAME", "worker")
    host = HERE
    steps = [
        "FROM python:3.12-slim",
        "RUN pip --version && env > /environment",
        f"RUN test ! -e {host} && test ! -e {HOME_OF_ROOT}/.ssh && test ! -e /mnt/work",
        "RUN ! python -c \"import socket; socket.create_connection(('192.0.2.1', 80), 1)\"",
        'CMD ["cat", "/environment"]',
    ]
    delivery = Delivery(folder=write(tmp_path, {"Dockerfile": "\n".join(steps)}))
    # when
    async with (
        emulating_starter(cache).build(delivery) as built,
        built.start() as running,
    ):
        log = await log_at_the_end(running)
    # then
    assert "PATH=" in log
    assert "hunter2" not in log
    assert "worker" not in log


async def test_links_of_an_image_lead_nowhere_but_into_the_image(
    tmp_path: Path, cache: Path
) -> None:
    # given
    victim = tmp_path / "victim"
    victim.mkdir()
    project = tmp_path / "project"
    project.mkdir()
    (project / "outside").symlink_to("/etc/hostname")
    steps = [
        "FROM debian:12-slim",
        f"RUN mkdir -p {tmp_path.parent} && ln -s {victim} /app && ln -s ../../../../.. /up",
        "COPY Dockerfile /app",
        f"COPY Dockerfile /up{tmp_path}/other/up",
        "COPY outside /link",
        'CMD ["sh", "-c", "ls -l /link; exit 3"]',
    ]
    write(project, {"Dockerfile": "\n".join(steps)})
    # when
    climbed = await climb(Delivery(folder=project), emulating_starter(cache))
    # then
    assert list(victim.iterdir()) == []
    wrong = climbed.first_wrong
    assert wrong is not None
    assert (wrong.rung, wrong.outcome) == (Rung.BUILD, Outcome.BROKEN)
    assert "Dockerfile:5" in wrong.reason
    assert "`/outside` is a link that leads to nothing" in wrong.reason


FLOOD = """\
import os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        while self.path == "/endless":
            self.wfile.write(b"x" * 65536)
        while self.path == "/slow":
            time.sleep(1)
            self.wfile.write(b"x")
        while self.path == "/flood":
            os.write(1, b"flood " * 10000)


ThreadingHTTPServer(("0.0.0.0", 8000), Handler).serve_forever()
"""


async def test_answers_and_logs_without_end_are_bounded(tmp_path: Path, cache: Path) -> None:
    # given
    dockerfile = """\
        FROM python:3.12-slim
        COPY flood.py /
        CMD ["python", "/flood.py"]
    """
    files = {"Dockerfile": dockerfile, "flood.py": FLOOD}
    delivery = Delivery(folder=write(tmp_path, files))
    async with (
        emulating_starter(cache).build(delivery) as built,
        built.start() as running,
    ):
        assert await not_started(running, 8000, 15) == ""
        # when
        endless = await call(running, "/endless")
        with pytest.raises(NoAnswer, match="within 1 s"):
            await call(running, "/slow", seconds=1)
        with pytest.raises(NoAnswer, match="within 1 s"):
            await call(running, "/flood", seconds=1)
        log = await running.log()
    # then
    assert len(endless.body) <= LARGEST_BODY
    assert len(log) < 300_000
    assert "bytes left out" in log


FORKS = "import os\nwhile os.fork() >= 0: pass\n"
HOARDS = """\
import os, time
parts = []
for _ in range(8):
    os.fork()
    parts.append(b"x" * (24 << 20))
time.sleep(20)
"""
FILLS = """\
with open("/data/x", "wb") as stream:
    while True:
        stream.write(b"x" * (1 << 20))
"""


GREED = [(FORKS, "processes"), (HOARDS, "memory_bytes"), (FILLS, "disk_bytes")]


@pytest.mark.parametrize(("greed", "limit"), GREED if ALL else GREED[:1])
async def test_an_application_that_takes_too_much_is_ended_and_told(
    greed: str, limit: str, tmp_path: Path, climb_service: ClimbService
) -> None:
    # given
    folder = services.write_service(tmp_path, "python")
    (folder / "service.py").write_text(greed)
    limits = Limits(memory_bytes=256 * MIB, disk_bytes=64 * MIB, processes=32, wall_seconds=60,
                    file_size_bytes=512 * MIB)  # fmt: skip
    # when
    results = await climb_service(folder, start_limits=limits)
    # then
    broken = results[Rung.START]
    assert broken.outcome is Outcome.BROKEN, broken
    assert limit in broken.reason or "BlockingIOError" in broken.reason, broken
