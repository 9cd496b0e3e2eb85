"""The bubblewrap tier: every namespace of its own, an allow-list of host files, a seccomp filter.

Root gets one more wall. The kernel does not count the processes of host user 0, and files of root
are readable to it, so the sandbox is built by root and then entered as an unprivileged host user
that exists only for this run:

    bwrap (namespaces, mounts) → copy the project → setpriv → bwrap (user namespace) → command

Everybody else needs a single step, because a user namespace is how they get the others:

    bwrap (all namespaces, mounts) → copy the project → command
"""

import asyncio
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox.descriptors import pipe, readable
from quantumlayer.qtest.sandbox.execution import Launch, execute
from quantumlayer.qtest.sandbox.file_system import NAMES, PROJECT, file_system, project_files
from quantumlayer.qtest.sandbox.filling import ENTER_SCRIPT, Target, hand_over, take_back
from quantumlayer.qtest.sandbox.host import (
    interpreter_mounts,
    require_tool,
    system_links,
    system_mounts,
    tool_mounts,
)
from quantumlayer.qtest.sandbox.inside import INSIDE_UID, base_environment
from quantumlayer.qtest.sandbox.kernel_limits import rlimits
from quantumlayer.qtest.sandbox.model import HOME, WORKSPACE, Mount, SandboxResult
from quantumlayer.qtest.sandbox.seccomp import filter_program

READY = b"\x00ready\n"
# Above what distributions and systemd hand out; a number is used by one run only.
FIRST_HOST_UID = 1_879_048_192
HOST_UIDS = 1 << 24

# Runs before any code of the project, and finds no program in the project's own folders.
COPY_SCRIPT = f"""set -eu
owner=$1; shift
path=$PATH; PATH=/usr/bin:/bin
cd {PROJECT} && xargs -0 -r -a {NAMES} cp -RP --preserve=mode,timestamps,links -t {WORKSPACE} --
chmod u+rwX {WORKSPACE}
[ -z "$owner" ] || chown -RhP "$owner:$owner" {WORKSPACE} {HOME}
cd {WORKSPACE}
PATH=$path
exec "$@"
"""

# The first victim of an out-of-memory killer: said outside, because inside /proc is read-only.
VICTIM_SCRIPT = """echo 1000 2>/dev/null > /proc/self/oom_score_adj || true
unset PWD
exec "$@"
"""

# Says on stdout that the sandbox stands: from the next byte on, output belongs to the command.
READY_SCRIPT = """printf '\\000ready\\n'; exec "$@" """


class BubblewrapSandbox:
    """Runs commands under bubblewrap. Make one with `probe_sandbox`, which proves that it works."""

    def __init__(self, *, private_host_user: bool) -> None:
        """`private_host_user` needs root: each run gets a host user id of its own."""
        self.private_host_user = private_host_user
        self.program = filter_program()
        self.bwrap = require_tool("bwrap")
        self.shell = require_tool("sh")
        self.prlimit = require_tool("prlimit")
        self.setpriv = require_tool("setpriv") if private_host_user else None
        for name in ("cp", "chown", "chmod", "xargs"):
            require_tool(name)
        tools = [tool for tool in (self.bwrap, self.shell, self.prlimit, self.setpriv) if tool]
        self.system = [*system_mounts(), *interpreter_mounts(), *tool_mounts(tools)]
        self.links = system_links()

    @property
    def tier(self) -> str:
        """bubblewrap, with what it lacks on this machine."""
        lacks = []
        if self.program is None:
            lacks.append("without seccomp")
        if not self.private_host_user and os.getuid() == 0:
            lacks.append("as host root")
        return " ".join(["bubblewrap", *lacks])

    async def run(
        self,
        command: Sequence[str],
        *,
        workspace: Path | None = None,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        stdin: bytes = b"",
    ) -> SandboxResult:
        """See `Sandbox.run`."""
        bounds = limits or Limits()
        with self.launch(command, workspace, mounts, environment or {}, bounds) as launch:
            return await execute(launch, limits=bounds, stdin=stdin, tier=self.tier)

    async def fill(
        self,
        command: Sequence[str],
        target: Target,
        *,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        limits: Limits,
    ) -> SandboxResult:
        """Run a command that fills `target`, the one folder of the host that it can change.

        Everything else is as in `run`; `limits.disk_bytes` bounds the folder. Whatever it leaves
        belongs to this process's user when this returns.
        """
        user, owner = self.new_user(), os.getuid()
        if user is not None:
            await asyncio.to_thread(hand_over, target.folder, user)
        words = [str(self.shell), "-euc", ENTER_SCRIPT, "enter", str(target.directory), *command]
        with self.launch(
            words, None, mounts, environment or {}, limits, user=user, target=target
        ) as launch:
            result = await execute(launch, limits=limits, stdin=b"", tier=self.tier)
        await asyncio.to_thread(take_back, target.folder, owner)
        return result

    def new_user(self) -> int | None:
        """A host user who exists for one run, where runs have one of their own."""
        return FIRST_HOST_UID + secrets.randbelow(HOST_UIDS) if self.private_host_user else None

    @contextmanager
    def launch(
        self,
        command: Sequence[str],
        workspace: Path | None,
        mounts: Sequence[Mount],
        environment: Mapping[str, str],
        limits: Limits,
        *,
        user: int | None = None,
        target: Target | None = None,
    ) -> Iterator[Launch]:
        """The complete argument vector, with the descriptors it refers to held open."""
        user = self.new_user() if user is None else user
        with ExitStack() as stack:
            descriptors: list[int] = []

            def handed(content: bytes) -> str:
                descriptor = stack.enter_context(readable(content))
                descriptors.append(descriptor)
                return str(descriptor)

            status, status_end = stack.enter_context(pipe())
            report, report_end = stack.enter_context(pipe())
            descriptors += [status_end.fileno(), report_end.fileno()]
            variables = {
                **base_environment(),
                **environment,
                "SANDBOX_REPORT_FD": str(report_end.fileno()),
            }
            seccomp = ["--seccomp", handed(self.program)] if self.program else []
            options = [
                *("--json-status-fd", str(status_end.fileno())),
                *self.isolation(user),
                *(word for pair in variables.items() for word in ("--setenv", *pair)),
                *file_system([*self.system, *mounts], self.links, limits, target),
                *project_files(workspace, handed),
                *("--remount-ro", "/", "--chdir", str(WORKSPACE)),
                *(("--remount-ro", "/proc", *seccomp) if user is None else ()),
            ]
            arguments = [
                # By descriptor: every process inside can read the arguments of the first one.
                *(str(self.shell), "-c", VICTIM_SCRIPT, "victim"),
                *(str(self.bwrap), "--args", handed("\0".join(options).encode())),
                *("--", str(self.shell), "-c", COPY_SCRIPT, "copy", str(user or "")),
                *(self.entry(user, seccomp) if user is not None else ()),
                *(str(self.prlimit), *rlimits(limits), "--"),
                *(str(self.shell), "-c", READY_SCRIPT, "ready", *command),
            ]
            yield Launch(
                arguments, descriptors, status, report, (status_end, report_end), READY,
                fills=target.folder if target else None,
            )  # fmt: skip

    def isolation(self, user: int | None) -> list[str]:
        """Namespaces and privileges."""
        arguments = [
            "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
            "--unshare-cgroup-try", "--hostname", "sandbox", "--new-session", "--die-with-parent",
            "--clearenv", "--cap-drop", "ALL",
        ]  # fmt: skip
        if user is None:
            inside = str(INSIDE_UID)
            return [*arguments, "--unshare-user", "--uid", inside, "--gid", inside]
        # What copying the project and becoming another user takes; gone before the command starts.
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_DAC_OVERRIDE"):
            arguments += ["--cap-add", capability]
        return arguments

    def entry(self, user: int, seccomp: Sequence[str]) -> list[str]:
        """The step from root to an unprivileged host user in a user namespace of its own."""
        return [
            str(self.setpriv), "--reuid", str(user), "--regid", str(user), "--clear-groups",
            "--inh-caps=-all", "--", str(self.bwrap), "--unshare-user", "--uid", str(INSIDE_UID),
            "--gid", str(INSIDE_UID), "--dev-bind", "/", "/", "--remount-ro", "/proc",
            "--chdir", str(WORKSPACE), *seccomp, "--",
        ]  # fmt: skip
