"""The half of a pytest session that loads no code of the project, and is believed."""

import hashlib
import hmac
import json
import os
import select
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.channel import Emit, open_channel
from quantumlayer.qtest.payload.expected_tests import Held, held_tests
from quantumlayer.qtest.payload.tampering import (
    LARGEST_FILE,
    changed_files,
    is_content,
    judging_files,
)

JUDGING = frozenset({".py", ".pyi", ".ini", ".cfg", ".toml"})
CHUNK_BYTES = 1 << 16
WAIT_SECONDS = 0.05
MOST_NAMED = 20
PATTERNS = ("test_*.py", "*_test.py")
FILES = "python_files="
SPOKEN_HERE = frozenset({"expected", "tampered", "forged", "closed"})


def follow(arguments: list[str], child: int, reader: int, started: int, key: bytes) -> int:
    """Let the child begin, pass on what it says, and close its account when it has ended.

    Gives the child's exit status, negative for a signal. `arguments` are those of the session.
    """
    workspace, patterns = arguments[0], patterns_in(arguments)
    emit, _ = open_channel()
    forget_bytecode(workspace)
    known = {
        path: digest
        for path, digest in judging_files(workspace).items()
        if Path(path).suffix in JUDGING
    }
    for path in known:
        held = tests_in(Path(workspace, path), patterns)
        if held.names or held.unmade:
            emit("expected", path=path, names=held.names, marks=held.marks, unmade=held.unmade)
    os.write(started, b"go")
    os.close(started)
    spoken = Spoken(emit, known, key)
    status = None
    while status is None:
        if select.select([reader], [], [], WAIT_SECONDS)[0]:
            spoken.hear(os.read(reader, CHUNK_BYTES))
        ended, code = os.waitpid(child, os.WNOHANG)
        status = os.waitstatus_to_exitcode(code) if ended else None
    os.set_blocking(reader, False)
    for chunk in remaining(reader):
        spoken.hear(chunk)
    changed = sorted({*changed_files(known, workspace), *spoken.replaced})
    if changed:
        emit("tampered", paths=changed[:MOST_NAMED])
    if spoken.ended is not None:
        emit("closed", exit_status=spoken.ended)
    return status


class Spoken:
    """What the child said: checked against its chain of signatures, and passed on."""

    def __init__(self, emit: Emit, known: dict[str, str], key: bytes) -> None:
        """`known`: the digest of each file that decides the verdict."""
        self.emit = emit
        self.known = known
        self.key = key
        self.signature = b""
        self.pending = b""
        self.genuine = True
        self.ended: int | None = None
        self.replaced: set[str] = set()

    def hear(self, chunk: bytes) -> None:
        """Take in the next bytes. After the first that are not signed nothing is believed."""
        *lines, self.pending = (self.pending + chunk).split(b"\n")
        for line in lines:
            if not self.genuine:
                return
            mac, _, payload = line.partition(b" ")
            self.signature = hmac.digest(self.key, self.signature + payload, hashlib.sha256().name)
            self.genuine = hmac.compare_digest(mac, self.signature.hex().encode())
            if self.genuine:
                self.record(json.loads(payload))
            else:
                self.emit("forged")

    def record(self, record: dict[str, Any]) -> None:
        event = record.pop("event")
        record.pop("number")
        if event in SPOKEN_HERE:
            self.emit("forged")
        elif event == "loaded":
            # A file that was another one while it was loaded, whatever it is now.
            known, content = self.known.get(record["path"]), record["digest"]
            if known is not None and not is_content(known, content):
                self.replaced.add(record["path"])
        else:
            if event == "ended":
                self.ended = int(record["exit_status"])
            self.emit(event, **record)


def remaining(reader: int) -> Iterator[bytes]:
    """What is still in the pipe. A descendant that keeps it open does not keep us."""
    try:
        while chunk := os.read(reader, CHUNK_BYTES):
            yield chunk
    except BlockingIOError:
        return


def patterns_in(arguments: list[str]) -> list[str]:
    """What files of tests are called, by the options of the session."""
    named = [one for one in arguments if one.startswith(FILES)]
    return named[-1].removeprefix(FILES).split() if named else list(PATTERNS)


def tests_in(path: Path, patterns: list[str]) -> Held:
    """The tests of a file that is named like one, or of a link that is."""
    named = any(fnmatch(path.name, one) for one in patterns)
    if not named or not path.is_file() or path.stat().st_size > LARGEST_FILE:
        return Held()
    return held_tests(path.read_bytes())


def forget_bytecode(workspace: str) -> None:
    """Remove compiled files: whatever is in them, it need not be what the sources say."""
    for place, folders, _ in os.walk(workspace):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
            shutil.rmtree(Path(place, "__pycache__"), ignore_errors=True)
