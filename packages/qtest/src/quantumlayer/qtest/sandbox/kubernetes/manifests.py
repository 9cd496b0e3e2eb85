"""What is asked of the cluster: a Job for each run, and the policy and role it rests on."""

import math
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.sandbox.execution import REPORT_BYTES
from quantumlayer.qtest.sandbox.host import base_interpreter
from quantumlayer.qtest.sandbox.kubernetes.settings import KubernetesSettings

Manifest = dict[str, Any]

APPLICATION: Final = "quantumlayer-sandbox"
LABELS: Final = {"app.kubernetes.io/name": APPLICATION}
RUN_LABEL: Final = "quantumlayer.dev/run"
PREPARE: Final = "prepare"
COMMAND: Final = "command"
USER: Final = 64_000
KEPT_SECONDS: Final = 60
# The starter keeps the limit of time itself. This much later, others do.
GRACE_SECONDS: Final = 15
STARTER: Final = Path(__file__).with_name("starter.py")

SCRATCH: Final = PurePosixPath("/tmp")  # noqa: S108 - a volume of the pod's own
SHARED_MEMORY: Final = PurePosixPath("/dev/shm")  # noqa: S108 - as above
OPTIONAL: Final = PurePosixPath("/opt")
FILES: Final = PurePosixPath("/mnt/files")
SHARED_MEMORY_BYTES: Final = 64 * MIB
# The starter, and what the container runtime counts as the pod's.
OWN_MEMORY_BYTES: Final = 128 * MIB


def job_manifest(
    name: str,
    settings: KubernetesSettings,
    limits: Limits,
    *,
    file_bytes: int = 0,
    targets: Sequence[PurePosixPath] = (),
) -> Manifest:
    """The Job of one run: a container that fills the volumes, then one that runs the command.

    `file_bytes` is the size of all that is mounted, `targets` the places outside /opt where parts
    of it are to be found, read-only.
    """
    labels = {**LABELS, RUN_LABEL: name}
    disk = limits.disk_bytes
    memory = limits.memory_bytes + disk + SHARED_MEMORY_BYTES + OWN_MEMORY_BYTES
    room = rounded(file_bytes * 2 + 64 * MIB)
    # What containers print is kept on the node until the Job is gone.
    logs = 2 * (REPORT_BYTES + 2 * limits.output_bytes)
    resources = {
        "cpu": str(settings.cpus),
        "memory": str(memory),
        "ephemeral-storage": str(room + logs),
    }
    seconds = math.ceil(settings.start_seconds + limits.wall_seconds + GRACE_SECONDS)
    scratch = [
        {"name": "scratch", "mountPath": str(SCRATCH)},
        {"name": "shared-memory", "mountPath": str(SHARED_MEMORY)},
    ]
    shown = [
        {
            "name": "files",
            "mountPath": str(path),
            "subPath": str(path.relative_to("/")),
            "readOnly": True,
        }
        for path in (OPTIONAL, *targets)
    ]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "backoffLimit": 0,
            "completions": 1,
            "parallelism": 1,
            "activeDeadlineSeconds": seconds,
            "ttlSecondsAfterFinished": KEPT_SECONDS,
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    **isolation(settings),
                    "initContainers": [
                        container(
                            PREPARE,
                            settings,
                            resources,
                            [*scratch, {"name": "files", "mountPath": str(FILES)}],
                        )
                    ],
                    "containers": [container(COMMAND, settings, resources, [*scratch, *shown])],
                    "volumes": [
                        in_memory("scratch", disk),
                        in_memory("shared-memory", SHARED_MEMORY_BYTES),
                        {"name": "files", "emptyDir": {"sizeLimit": str(room)}},
                    ],
                },
            },
        },
    }


def isolation(settings: KubernetesSettings) -> Manifest:
    """Nothing of the node or the cluster: no token, no names, no namespaces of the host."""
    return {
        "runtimeClassName": settings.runtime_class,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "hostNetwork": False,
        "hostPID": False,
        "hostIPC": False,
        "shareProcessNamespace": False,
        "hostname": "sandbox",
        "dnsPolicy": "None",
        # The API wants one; nobody listens there.
        "dnsConfig": {"nameservers": ["127.0.0.1"]},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def container(
    name: str, settings: KubernetesSettings, resources: Manifest, mounts: list[Manifest]
) -> Manifest:
    """A container that runs our starter and speaks to whoever attaches to it."""
    return {
        "name": name,
        "image": settings.image,
        "command": [str(base_interpreter()), "-I", "-S", "-c", STARTER.read_text("utf-8"), name],
        "workingDir": "/",
        "stdin": True,
        "stdinOnce": True,
        "tty": False,
        "resources": {"limits": resources, "requests": resources},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": mounts,
    }


def in_memory(name: str, size: int) -> Manifest:
    return {"name": name, "emptyDir": {"medium": "Memory", "sizeLimit": str(size)}}


def rounded(size: int) -> int:
    """Up to whole mebibytes, so that equal projects ask for equal room."""
    return math.ceil(size / MIB) * MIB


def network_policy() -> Manifest:
    """Nothing in, nothing out, for the pods of every run."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": APPLICATION, "labels": LABELS},
        "spec": {
            "podSelector": {"matchLabels": LABELS},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [],
            "egress": [],
        },
    }


# (API group, resource, verbs). Attaching over a WebSocket is a GET; newer clusters ask for both.
PERMISSIONS: Final = (
    ("batch", "jobs", ("create", "delete")),
    ("", "pods", ("list",)),
    ("", "pods/attach", ("get", "create")),
)
RUNTIME_CLASSES: Final = ("node.k8s.io", "runtimeclasses", ("get",))


def role() -> Manifest:
    """What the worker's service account has to be allowed in the sandboxes' namespace."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": APPLICATION, "labels": LABELS},
        "rules": [rule(*each) for each in PERMISSIONS],
    }


def cluster_role() -> Manifest:
    """Reading runtime classes, which belong to no namespace."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": APPLICATION, "labels": LABELS},
        "rules": [rule(*RUNTIME_CLASSES)],
    }


def rule(group: str, resource: str, verbs: Sequence[str]) -> Manifest:
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}
