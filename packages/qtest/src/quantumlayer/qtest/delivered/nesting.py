"""A container within a sandbox: the outer one holds our own programs, the inner one the project's.

    bwrap (all namespaces; our programs, the work folder) → our program → bwrap (user, process and
    mount namespaces; the image's root) → the project

The two share one empty network, so that our program reaches the application as a platform does,
while the application sees neither that program nor its files. The inner root is a folder, so any
image can stand there, one without a single program too.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.user_range import ENTERING, UserRange
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.payloads import PACKAGE, PAYLOAD_FOLDER
from quantumlayer.qtest.sandbox import BubblewrapSandbox, Mount
from quantumlayer.qtest.sandbox.bubblewrap import READY, READY_SCRIPT, VICTIM_SCRIPT
from quantumlayer.qtest.sandbox.descriptors import pipe, readable
from quantumlayer.qtest.sandbox.execution import Launch
from quantumlayer.qtest.sandbox.file_system import folders_above
from quantumlayer.qtest.sandbox.filling import DOOR
from quantumlayer.qtest.sandbox.host import base_interpreter, masked_paths
from quantumlayer.qtest.sandbox.inside import INSIDE_UID, base_environment, system_files
from quantumlayer.qtest.sandbox.kernel_limits import rlimits

WORK = PurePosixPath("/mnt/work")
SHOWN = PurePosixPath("/mnt/shown")
MODULES = PurePosixPath("/mnt/payload")
PAYLOAD = MODULES / PACKAGE
SHARED_MEMORY_BYTES = 64 * MIB
HOSTNAME = "container"
FILTER = "filter"
FILTER_DESCRIPTOR = "9"
FILTER_SCRIPT = f'exec "$@" {FILTER_DESCRIPTOR}<{WORK / FILTER}'
# bubblewrap covers parts of /proc for root, and the kernel shows no second one beside those.
PROC_SCRIPT = 'mount -t proc proc /proc; exec "$@"'
CGROUPS = "/sys/fs/cgroup"
OF_ROOT = (CGROUPS, "/etc/containers", "/run", "/var")  # where a root mounts or puts something
CGROUP_SCRIPT = f'mount -t cgroup2 -o ro,nosuid,nodev,noexec none {CGROUPS}; exec "$@"'


@dataclass(frozen=True)
class Bind:
    """A place of the outer sandbox that the container sees at `target`."""

    source: PurePosixPath
    target: PurePosixPath
    writable: bool = False


@dataclass(frozen=True)
class Container:
    """What the project's process finds. `first`: it is the first process of its namespace."""

    root: PurePosixPath
    binds: Sequence[Bind]
    user: int
    group: int
    directory: str
    environment: Mapping[str, str]
    command: Sequence[str]
    root_writable: bool = False
    first: bool = False


def python_words(payload: str) -> list[str]:
    """How the outer sandbox starts a program of ours that is one file."""
    return [str(base_interpreter()), "-I", "-S", str(PAYLOAD / payload)]


def module_words(name: str) -> list[str]:
    """How it starts one of several files: the `main` of that module."""
    start = (
        f"import sys; sys.path.append({str(MODULES)!r}); "
        f"from {PACKAGE.replace('/', '.')} import {name}; {name}.main()"
    )
    return [str(base_interpreter()), "-I", "-S", "-B", "-c", start]


def filtered(command: Sequence[str]) -> list[str]:
    """The command with the filter of system calls open, at the number that it is told of."""
    return ["/bin/sh", "-c", FILTER_SCRIPT, "filter", *command]


def container_words(sandbox: BubblewrapSandbox, one: Container, *, filters: bool) -> list[str]:
    """The command by which the outer sandbox starts a container, to be put into `filtered`."""
    options = [
        str(sandbox.bwrap), "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
        "--unshare-cgroup-try", "--hostname", HOSTNAME, "--uid", str(one.user),
        "--gid", str(one.group), "--new-session", "--die-with-parent", "--cap-drop", "ALL",
        *(("--as-pid-1",) if one.first else ()), "--clearenv",
        *(word for pair in one.environment.items() for word in ("--setenv", *pair)),
        "--bind", str(one.root), "/",
    ]  # fmt: skip
    for bind in (each for each in one.binds if not each.writable):
        options += ["--ro-bind", str(bind.source), str(bind.target)]
    options += ["--proc", "/proc"]
    for path in masked_paths():
        options += ["--ro-bind", "/dev/null", str(path)]
    options += ["--dev", "/dev", "--size", str(SHARED_MEMORY_BYTES), "--perms", "1777",
                "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]  # noqa: S108 - of the container  # fmt: skip
    for bind in (each for each in one.binds if each.writable):
        options += ["--bind", str(bind.source), str(bind.target)]
    if not one.root_writable:
        options += ["--remount-ro", "/"]
    options += ["--remount-ro", "/proc", "--chdir", one.directory]
    if filters:
        options += ["--seccomp", FILTER_DESCRIPTOR]
    return [*options, "--", *one.command]


@contextmanager
def enclosed(  # noqa: PLR0913 - what a sandbox is made of
    sandbox: BubblewrapSandbox,
    command: Sequence[str],
    *,
    work: Path,
    user: int | UserRange | None,
    shown: Sequence[Mount] = (),
    limits: Limits,
    door: Path | None = None,
    handed: Sequence[int] = (),
) -> Iterator[Launch]:
    """A launch of our own `command` beside the work folder, which alone can be written to.

    `shown` are mounted below SHOWN, by their numbers. `handed` are descriptors that it inherits.
    Of a range of users it is root, in a user namespace that has the other namespaces.
    """
    with ExitStack() as stack:
        status, status_end = stack.enter_context(pipe())
        report, report_end = stack.enter_context(pipe())
        descriptors = [status_end.fileno(), report_end.fileno(), *handed]
        options = [
            "--json-status-fd",
            str(status_end.fileno()),
            *isolation(user),
            *(word for pair in base_environment().items() for word in ("--setenv", *pair)),
        ]
        places = [
            *sandbox.system,
            *(Mount(source=each.source, target=SHOWN / str(n)) for n, each in enumerate(shown)),
            Mount(source=PAYLOAD_FOLDER, target=PAYLOAD),
        ]
        for folder in folders_above([*(place.target for place in places), WORK]):
            # Implied folders would be closed to anybody but their owner.
            options += ["--perms", "0755", "--dir", str(folder)]
        options += ["--proc", "/proc", "--dev", "/dev", "--size", str(16 * MIB), "--perms", "1777",
                    "--tmpfs", "/tmp"]  # noqa: S108 - of the sandbox  # fmt: skip
        for place in places:
            options += ["--ro-bind", str(place.source), str(place.target)]
        for target, link in sandbox.links:
            options += ["--symlink", target, link]
        if isinstance(user, UserRange):
            options += [word for place in OF_ROOT for word in ("--dir", place)]
        for content, path in system_files(root=isinstance(user, UserRange)):
            descriptor = stack.enter_context(readable(content))
            descriptors.append(descriptor)
            options += ["--perms", "0644", "--ro-bind-data", str(descriptor), path]
        options += ["--bind", str(work), str(WORK)]
        options += ["--ro-bind", str(door), str(DOOR)] if door else []
        options += ["--remount-ro", "/", "--chdir", "/"]
        listed = stack.enter_context(readable("\0".join(options).encode()))
        arguments = [
            *(str(sandbox.shell), "-c", VICTIM_SCRIPT, "victim"),
            *(user.words() if isinstance(user, UserRange) and user.mappers else ()),
            *(str(sandbox.bwrap), "--args", str(listed), "--"),
            *(entry(sandbox, user) if user is not None else ()),
            *(str(sandbox.prlimit), *rlimits(limits), "--"),
            *(str(sandbox.shell), "-c", READY_SCRIPT, "ready", *command),
        ]
        yield Launch(arguments, [*descriptors, listed], status, report, (status_end, report_end),
                     READY, fills=work, nested=isinstance(user, UserRange))  # fmt: skip


def isolation(user: int | UserRange | None) -> list[str]:
    words = [
        "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
        "--hostname", "sandbox", "--new-session", "--die-with-parent", "--clearenv",
        "--cap-drop", "ALL",
    ]  # fmt: skip
    if user is None:
        return [*words, "--unshare-user", "--uid", str(INSIDE_UID), "--gid", str(INSIDE_UID)]
    if isinstance(user, UserRange) and user.mappers:
        return [*words, "--cap-add", "ALL"]  # of the user namespace that has been entered
    for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN"):
        words += ["--cap-add", capability]
    return words


def entry(sandbox: BubblewrapSandbox, user: int | UserRange) -> list[str]:
    """The step from root to a host user who exists for this delivery alone, or to a range."""
    whole = [str(sandbox.shell), "-euc", PROC_SCRIPT, "enter"]
    if isinstance(user, UserRange):
        entering = () if user.mappers else user.words(PAYLOAD / ENTERING.name)
        return [*whole, *entering, *rooted(sandbox)]
    return [
        *whole, str(sandbox.setpriv),
        "--reuid", str(user), "--regid", str(user), "--clear-groups", "--inh-caps=-all", "--",
    ]  # fmt: skip


def rooted(sandbox: BubblewrapSandbox) -> list[str]:
    """The same files in namespaces that the root of a user namespace may do anything in.

    What makes containers wants to see a tree of cgroups, and need not change it.
    """
    return [
        str(sandbox.bwrap), "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
        "--unshare-cgroup", "--die-with-parent", "--cap-add", "ALL", "--dev-bind", "/", "/",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run", "--tmpfs", "/var",
        "--",
        str(sandbox.shell), "-euc", CGROUP_SCRIPT, "enter",
    ]  # fmt: skip
