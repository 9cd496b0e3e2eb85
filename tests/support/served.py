"""Generated services that run, and the commands of their README sent to them."""

import json
import os
import re
import shlex
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 20


@contextmanager
def served(root: Path, *command: str) -> Iterator[str]:
    """Serve the project on a free port of the loopback; gives the URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command,
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


def send(url: str, command: str) -> tuple[int, object]:
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


def readme_commands(root: Path) -> list[str]:
    """The curl commands that the README shows."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (curl .*)$", readme, re.MULTILINE)
    assert len(commands) >= 2 * len(re.findall(r"^### ", readme, re.MULTILINE)) - 4
    return commands


def refused_commands(url: str, commands: list[str]) -> dict[str, tuple[int, object]]:
    """Send commands of a README in their order; those that did not succeed."""
    answers = {command: send(url, command) for command in commands}
    return {command: answer for command, answer in answers.items() if answer[0] not in (200, 201)}
