"""The session's private line out of the sandbox: signed records, and a process nobody can read.

A session is the process that starts compilers and test programs. None of the project's code runs in
it. The key arrives on its stdin and never leaves its memory; the kernel is told that the process is
not dumpable, so that others of the same user cannot open its memory, its descriptors or its
environment. Each signature covers the one before: no record can be added, changed or left out.
"""

import ctypes
import hashlib
import hmac
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

KEY_BYTES = 32
PR_SET_DUMPABLE = 4

Emit = Callable[..., None]


def open_channel() -> tuple[Emit, dict[str, Any]]:
    """The function that sends records, and the plan that came after the key on stdin."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    descriptor = int(os.environ.pop("SANDBOX_REPORT_FD"))
    os.set_inheritable(descriptor, False)
    content = sys.stdin.buffer.read()
    key, plan = content[:KEY_BYTES], json.loads(content[KEY_BYTES:])
    return emitter(descriptor, key), plan


def emitter(descriptor: int, key: bytes) -> Emit:
    """A function that signs records and writes them. A fork of this process cannot speak: it would
    break the chain of signatures."""
    signature, sent, turn, own_process = b"", 0, threading.Lock(), os.getpid()
    write, digest, dumps, process = os.write, hmac.digest, json.dumps, os.getpid
    algorithm = hashlib.sha256().name

    def emit(event: str, **fields: object) -> None:
        nonlocal signature, sent
        if process() != own_process:
            return
        with turn:
            sent += 1
            line = dumps({"event": event, "number": sent, **fields}, default=str).encode()
            signature = digest(key, signature + line, algorithm)
            record = signature.hex().encode() + b" " + line + b"\n"
            while record:
                record = record[write(descriptor, record) :]

    return emit
