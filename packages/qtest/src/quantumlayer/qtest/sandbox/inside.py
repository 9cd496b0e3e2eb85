"""What a sandbox holds apart from the host's files."""

import os
from pathlib import Path

from quantumlayer.qtest.sandbox.model import HOME

INSIDE_UID = 1000

# Folders that a checkout carries but its tests do not need; dependencies come from the cache.
NOT_COPIED = frozenset({
    ".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".pytest_cache",
    ".mypy_cache", ".ruff_cache", ".quantumlayer",
})  # fmt: skip


def base_environment() -> dict[str, str]:
    """All that a command learns from its environment, unless the caller adds to it."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(HOME),
        "TMPDIR": "/tmp",  # noqa: S108 - private to the sandbox
        "USER": "sandbox",
        "LOGNAME": "sandbox",
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
    }


def system_files(*, root: bool = False) -> list[tuple[bytes, str]]:
    """The few files of /etc that describe the sandbox rather than the host.

    The one account that they know is an ordinary user's, or `root`'s.
    """
    name, number = ("root", 0) if root else ("sandbox", INSIDE_UID)
    account = f"{name}:x:{number}:{number}:{name}:{HOME}:/bin/sh\n".encode()
    group = f"{name}:x:{number}:\n".encode()
    hosts = b"127.0.0.1 localhost sandbox\n::1 localhost\n"
    return [(account, "/etc/passwd"), (group, "/etc/group"), (hosts, "/etc/hosts")]


def copied_names(workspace: Path | None) -> bytes:
    """The project's entries that are copied, each ended by a zero byte."""
    if workspace is None:
        return b""
    names = sorted(os.fsencode(entry.name) for entry in workspace.iterdir())
    return b"".join(name + b"\0" for name in names if os.fsdecode(name) not in NOT_COPIED)
