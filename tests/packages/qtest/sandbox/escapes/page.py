"""The page of the sandbox: `docs/sandbox.md`, made from its lists and from the escape suite."""

import sys

from quantumlayer.qtest import Limits
from quantumlayer.qtest.sandbox.host import MASKED_PATHS, MERGED_PATHS, SYSTEM_PATHS
from quantumlayer.qtest.sandbox.seccomp import DENIED_EVERYWHERE, DENIED_X86_64
from tests.packages.qtest.sandbox.escapes.attempts import Attempt
from tests.packages.qtest.sandbox.escapes.suite import ATTEMPTS, GROUPS

COMMAND = "python -m tests.packages.qtest.sandbox.escapes.page > docs/sandbox.md"
HEADING = f"""\
# The sandbox

Made by `{COMMAND}` from the sandbox's own lists
(`packages/qtest/src/quantumlayer/qtest/sandbox/`) and from the escape suite
(`tests/packages/qtest/sandbox/escapes/`): change those, then write this page again.

Code that is checked runs under bubblewrap in namespaces of its own (user, process ids, network,
IPC, host name, cgroup, mounts), in a new session, without any capability, with `no_new_privs`, a
seccomp filter and a clean environment, on a copy of the project. The network is empty but for a
loopback of its own. Where root starts it, it runs as an unprivileged host user that exists for one
run. When the command ends, however it ends, the kernel kills everything that it started.
"""


def sandbox_page() -> str:
    """The text of `docs/sandbox.md`."""
    denied = sorted({*DENIED_X86_64, *DENIED_EVERYWHERE, "clone3"})
    limits = Limits().model_dump()
    seen = (
        f"Read-only: {listed((*SYSTEM_PATHS, *MERGED_PATHS))}, the folders of the Python "
        "interpreter, and what a language's toolchain and the project's installed packages need. "
        "Nothing else: no home, no `/sys`, no `/run`, no `/var`; `/etc/passwd`, `/etc/group` and "
        "`/etc/hosts` are its own, and so are `/tmp` and `/dev/shm`, which have a size.\n"
    )
    refused = (
        f"{listed(denied)}; `clone` with any flag for a new namespace, `socket` of any family but "
        "Unix, IPv4, IPv6 and netlink, `ioctl` that types into a terminal, `personality` that "
        "changes anything; every call by another architecture's numbers.\n"
    )
    tried = (
        f"{len(ATTEMPTS)} programs try, in every build of the sandbox that a user can get; none "
        "succeeds. Each but a few is also seen to succeed where nothing holds it, so that its "
        "refusal means something.\n"
    )
    parts = [
        HEADING,
        "## What it sees of the host\n",
        seen,
        f"`/proc` shows its own processes, is read-only, and hides {listed(MASKED_PATHS)}.\n",
        "## What the filter refuses\n",
        refused,
        "## Limits\n",
        table(("limit", "unless told otherwise"), [(name, f"{limits[name]:,}") for name in limits]),
        "## Attempts to escape\n",
        tried,
    ]
    for group in GROUPS:
        head = ("attempt", "what it tries", "what must happen", "seen to succeed")
        parts += [f"### {group.name}\n", table(head, [row(each) for each in group.attempts])]
    return "\n".join(parts)


def row(attempt: Attempt) -> tuple[str, str, str, str]:
    must = attempt.must
    if attempt.ends_by:
        must += f" (ended by {', '.join(f'`{name}`' for name in sorted(attempt.ends_by))}, or told)"
    return f"`{attempt.id}`", attempt.tries, must, attempt.control.value


def listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(sandbox_page())
