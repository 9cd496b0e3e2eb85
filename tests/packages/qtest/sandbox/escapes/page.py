"""The page of the sandbox: `docs/sandbox.md`, made from its lists and from the escape suite."""

import sys

from quantumlayer.qtest import Limits
from quantumlayer.qtest.sandbox.host import MASKED_PATHS, MERGED_PATHS, SYSTEM_PATHS
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSettings
from quantumlayer.qtest.sandbox.kubernetes.manifests import PERMISSIONS, RUNTIME_CLASSES
from quantumlayer.qtest.sandbox.kubernetes.settings import PREFIX
from quantumlayer.qtest.sandbox.seccomp import DENIED_EVERYWHERE, DENIED_X86_64
from tests.packages.qtest.delivered.images.page import image_parts
from tests.packages.qtest.delivered.page import delivered_parts
from tests.packages.qtest.environments.attempts.page import installing_parts, table
from tests.packages.qtest.sandbox.escapes.attempts import Attempt
from tests.packages.qtest.sandbox.escapes.suite import ATTEMPTS, GROUPS

COMMAND = "python -m tests.packages.qtest.sandbox.escapes.page > docs/sandbox.md"
HEADING = f"""\
# The sandbox

Made by `{COMMAND}` from the sandbox's own lists
(`packages/qtest/src/quantumlayer/qtest/sandbox/`) and from the suites of attempts
(`tests/packages/qtest/sandbox/escapes/`, `tests/packages/qtest/environments/attempts/`): change
those, then write this page again.

Code that is checked runs under bubblewrap in namespaces of its own (user, process ids, network,
IPC, host name, cgroup, mounts), in a new session, without any capability, with `no_new_privs`, a
seccomp filter and a clean environment, on a copy of the project. The network is empty but for a
loopback of its own. Where root starts it, it runs as an unprivileged host user that exists for one
run. When the command ends, however it ends, the kernel kills everything that it started.
"""

CLUSTER = """\
Where `QL_SANDBOX=kubernetes` is set, or within a cluster whose pods may not use bubblewrap, every
run is a Job of its own. Its pod is held by a runtime class (gVisor's, unless another is named);
it has no token, no name server, no capability, a read-only root, and volumes with a size. A first
container proves that the network is closed and then receives the project and its mounts over the
API server's `attach`; the second, which sees the mounts read-only, receives the command, and
sends output, report and end back the same way. There is no shared disk, and no `kubectl`. The Job
is deleted however the run ends; should that fail, its deadline ends it and its time to live
removes it. When the connection breaks, the pod ends everything by itself.

`python -m quantumlayer.qtest.sandbox.kubernetes | kubectl apply --namespace NAMESPACE --filename
-` makes the NetworkPolicy and the roles; bind the roles to the worker's service account. A pod
that can reach the API server is refused: the policy is then not applied, or not enforced. The
image has to be the worker's own, because interpreter and toolchains are expected at the same
places.
"""
UNPROVEN = """\
Tests run this tier against an API server on the loopback whose pods are real processes, and check
the manifests against the schema of Kubernetes 1.34. Not proven without a cluster: gVisor itself,
to which the attempts below were not put; how it counts threads and CPU time in `/proc`, which the
limits on both rest on; that it keeps others from the starter's streams and its first process from
being killed; that a policy is enforced at all times and not only when it was asked; the cluster's
own way of ending pods; and how long all of it takes. The memory of a pod is one limit for its
processes, its disk and its shared memory together; how many processes a pod may have before the
starter has counted them is the node's setting (`podPidsLimit`). Mounts are sent anew for each
run.
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
    settings: list[tuple[str, ...]] = [
        (f"`{PREFIX}{name.upper()}`", default(name)) for name in KubernetesSettings.model_fields
    ]
    allowed = ", ".join(
        f"{' and '.join(verbs)} `{resource}`"
        for _, resource, verbs in (*PERMISSIONS, RUNTIME_CLASSES)
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
        "## In a cluster\n",
        CLUSTER,
        table(("setting", "unless told otherwise"), settings),
        f"The service account may {allowed}.\n",
        UNPROVEN,
        *delivered_parts(),
        *image_parts(),
        *installing_parts(),
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


def default(name: str) -> str:
    """What a setting of the cluster is when nobody sets it."""
    field = KubernetesSettings.model_fields[name]
    if name in ("api", "token_file", "ca_file", "namespace"):
        return "the pod's own service account"
    return "has to be set" if field.is_required() else str(field.default)


def listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(sandbox_page())
