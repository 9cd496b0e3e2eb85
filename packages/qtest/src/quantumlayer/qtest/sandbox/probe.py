"""Finding out what this machine allows, by trying."""

import functools
import os
import subprocess
import tempfile
from pathlib import Path

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox.bubblewrap import READY, BubblewrapSandbox
from quantumlayer.qtest.sandbox.host import INSTALL_ADVICE
from quantumlayer.qtest.sandbox.model import Sandbox

CHOICE = "QL_SANDBOX"


@functools.cache
def probe_sandbox() -> Sandbox:
    """The sandbox that works here: the one that the setting QL_SANDBOX names. Without it that is
    bubblewrap, or within a cluster that forbids bubblewrap, pods.

    Raises SandboxUnavailable, whose text says what to install or to allow.
    """
    # Imported where it is used: clients of the network are slow to load.
    match os.environ.get(CHOICE, ""):
        case "bubblewrap":
            return probe_bubblewrap()
        case "kubernetes":
            from quantumlayer.qtest.sandbox.kubernetes import probe_kubernetes  # noqa: PLC0415 - loaded where it is used

            return probe_kubernetes()
        case "":
            return probe_any()
        case other:
            raise SandboxUnavailable(
                f"{CHOICE} is {other!r}; it may be `bubblewrap`, `kubernetes`, or not set."
            )


def probe_any() -> Sandbox:
    """bubblewrap, or what the cluster around this pod has where bubblewrap may not work."""
    try:
        return probe_bubblewrap()
    except SandboxUnavailable as error:
        if "KUBERNETES_SERVICE_HOST" not in os.environ:
            raise
        from quantumlayer.qtest.sandbox.kubernetes import probe_kubernetes  # noqa: PLC0415 - loaded where it is used

        try:
            return probe_kubernetes()
        except SandboxUnavailable as other:
            raise SandboxUnavailable(f"{error} Pods cannot be used either: {other}") from other


def probe_bubblewrap() -> BubblewrapSandbox:
    """bubblewrap in the strongest way that works here, proven by running a program in it."""
    modes = (True, False) if os.getuid() == 0 else (False,)
    complaints = []
    for private_host_user in modes:
        sandbox = BubblewrapSandbox(private_host_user=private_host_user)
        complaint = complaint_of(sandbox)
        if complaint is None:
            return sandbox
        complaints.append(complaint)
    raise SandboxUnavailable(
        "bubblewrap is installed but cannot make a sandbox here, so generated code cannot run "
        f"safely: {complaints[-1]}. Containers must allow user namespaces (for Docker: "
        "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined`); on Ubuntu 24.04 "
        "run `sysctl kernel.apparmor_restrict_unprivileged_userns=0`. " + INSTALL_ADVICE
    )


def complaint_of(sandbox: BubblewrapSandbox) -> str | None:
    """Why a sandbox does not work, or None when it ran a program as it should."""
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        return "the kernel does not list child processes (CONFIG_PROC_CHILDREN)"
    with (
        tempfile.TemporaryDirectory() as empty,
        sandbox.launch(["true"], Path(empty), (), {}, Limits()) as launch,
    ):
        try:
            done = subprocess.run(  # noqa: S603 - our own arguments
                launch.arguments,
                env={},
                pass_fds=launch.descriptors,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=30,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if done.returncode == 0 and done.stdout == READY:
        return None
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return said[-1] if said else f"{sandbox.bwrap} ended with {done.returncode}"
