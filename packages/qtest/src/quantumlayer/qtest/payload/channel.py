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
    signature, sent, turn = b"", 0, threading.Lock()

    def emit(event: str, **fields: object) -> None:
        nonlocal signature, sent
        with turn:
            sent += 1
            line = json.dumps({"event": event, "number": sent, **fields}, default=str).encode()
            signature = hmac.digest(key, signature + line, hashlib.sha256().name)
            record = signature.hex().encode() + b" " + line + b"\n"
            while record:
                record = record[os.write(descriptor, record) :]

    return emit, plan
