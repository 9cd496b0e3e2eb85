"""A generated service, started as its README says, answers what its README shows."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.generated_tree import write_tree
from tests.support.service_domains import DOMAINS

pytestmark = pytest.mark.slow

SECONDS = 20


@contextmanager
def served(root: Path, package: str) -> Iterator[str]:
    """Serve the project on a free port of the loopback; gives the URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", package],
        cwd=root,
        env=os.environ | {"PORT": str(port), "DATABASE_PATH": str(root / "data" / "live.db")},
        stderr=subprocess.PIPE,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/readyz", process)
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def _send(url: str, command: str) -> tuple[int, object]:
    """Do what a curl command of the README does."""
    words = shlex.split(command)
    address = next(word for word in words if word.startswith("http://"))
    data = words[words.index("-d") + 1].encode() if "-d" in words else None
    method = words[words.index("-X") + 1] if "-X" in words else None
    request = urllib.request.Request(  # noqa: S310 - loopback
        address.replace("http://127.0.0.1:8000", url),
        data=data,
        method=method,
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.mark.parametrize("name", DOMAINS)
def test_every_command_of_the_readme_works(name: str, tmp_path: Path) -> None:
    root = write_tree(DOMAINS[name](), tmp_path)
    readme = (root / "README.md").read_text(encoding="utf-8")
    package = re.findall(r"python -m (\w+)$", readme, re.MULTILINE)[0]
    commands = re.findall(r"^    (curl .*)$", readme, re.MULTILINE)
    assert len(commands) >= 2 * len(re.findall(r"^### ", readme, re.MULTILINE)) - 4
    with served(root, package) as url:
        answers = {command: _send(url, command) for command in commands}
    failed = {command: answer for command, answer in answers.items() if answer[0] not in (200, 201)}
    assert failed == {}
