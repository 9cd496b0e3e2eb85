"""Strangers' programs run boxed here, too: the system read-only, one writable folder, no home.

The network is open, because installers fetch through it; what is checked by `quantumlayer check`
needs no such thing. Beside the writable folder nothing of the host can be changed.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 600.0
# Where tools that ask no variable put their passing files.
SCRATCH = "/tmp"  # noqa: S108 - a folder of the box's own
# How this machine reaches the registries, and where its toolchains are.
KEPT = (
    "PATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE",
    "PIP_CERT", "RUSTUP_HOME", "GOTOOLCHAIN", "JAVA_HOME",
)  # fmt: skip
KEPT_PREFIXES = ("UV_", "PIP_", "NPM_CONFIG_", "GOPROXY", "GOSUMDB", "CARGO_REGISTRIES_")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status (None: out of time), what it said, in how many seconds."""

    status: int | None
    output: str
    seconds: float


def run_boxed(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str] | None = None,
    inside: str = ".",
) -> Ended:
    """Run a command `inside` of `folder`, the only place that it can write to. Bounded in time.

    Its home is `folder/home`.
    """
    home = folder / "home"
    home.mkdir(exist_ok=True)
    box = [
        *("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *("--tmpfs", tempfile.gettempdir(), "--tmpfs", SCRATCH),
        *("--bind", str(folder), str(folder)),
        *("--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session"),
        *("--chdir", str(folder / inside), "--"),
    ]
    kept = {
        name: value
        for name, value in os.environ.items()
        if (name in KEPT or name.upper().startswith(KEPT_PREFIXES)) and "FIND_LINKS" not in name
    }
    toolchains = {"RUSTUP_HOME": str(Path.home() / ".rustup")}
    environment = {**toolchains, **kept, "HOME": str(home), "CI": "true", **(variables or {})}
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [*box, *command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace")
        return Ended(None, output, time.perf_counter() - started)
    return Ended(
        done.returncode, done.stdout.decode(errors="replace"), time.perf_counter() - started
    )
