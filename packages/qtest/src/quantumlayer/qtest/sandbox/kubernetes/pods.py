"""Reading how a pod is doing."""

import asyncio
import time
from typing import Any, Final

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes.api import Cluster
from quantumlayer.qtest.sandbox.kubernetes.manifests import RUN_LABEL, Manifest

POLL_SECONDS: Final = 0.2
# Reasons to wait that do not pass by themselves.
HOPELESS: Final = frozenset({
    "CreateContainerConfigError", "CreateContainerError", "ErrImageNeverPull", "ErrImagePull",
    "ImageInspectError", "ImagePullBackOff", "InvalidImageName", "RunContainerError",
})  # fmt: skip
LIMIT_OF_REASON: Final = {
    "OOMKilled": "memory_bytes",
    "DeadlineExceeded": "wall_seconds",
    "Evicted": "disk_bytes",
}


async def pod_of(cluster: Cluster, job: str) -> Manifest | None:
    """The pod of a Job, once there is one."""
    listed = await cluster.request(
        "GET", cluster.pods, query={"labelSelector": f"{RUN_LABEL}={job}"}
    )
    items = listed.get("items") or []
    return dict(items[0]) if items else None


async def running(cluster: Cluster, job: str, container: str, deadline: float) -> str:
    """The name of the pod, as soon as this container of it runs.

    Raises SandboxUnavailable when that cannot come true, or not before `deadline` on the monotonic
    clock.
    """
    seen = "no pod has appeared; a quota or an admission rule may forbid it"
    while time.monotonic() < deadline:
        pod = await pod_of(cluster, job)
        if pod is not None:
            state = state_of(pod, container)
            if "running" in state:
                return str(pod["metadata"]["name"])
            seen = account(pod, state)
            waiting = state.get("waiting") or {}
            if waiting.get("reason") in HOPELESS or ended(pod, state):
                break
        await asyncio.sleep(POLL_SECONDS)
    settings = cluster.settings
    raise SandboxUnavailable(
        f"The sandbox's pod did not start in namespace {settings.namespace}: {seen}. It needs the "
        f"image {settings.image}, which must hold this machine's own interpreter, and a node for "
        f"the runtime class {settings.runtime_class}."
    )


def ended(pod: Manifest, state: dict[str, Any]) -> bool:
    return "terminated" in state or pod.get("status", {}).get("phase") in ("Failed", "Succeeded")


def state_of(pod: Manifest, container: str) -> dict[str, Any]:
    """waiting, running or terminated, with what is known of it; empty before the node has it."""
    status = pod.get("status", {})
    for each in (*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())):
        if each["name"] == container:
            return dict(each.get("state") or {})
    return {}


def account(pod: Manifest, state: dict[str, Any]) -> str:
    """Why a container is not running, in the cluster's words."""
    status = pod.get("status", {})
    detail = state.get("waiting") or state.get("terminated") or {}
    conditions = [each for each in status.get("conditions", ()) if each.get("status") == "False"]
    for source in (status, detail, *conditions):
        words = [str(source[key]) for key in ("reason", "message") if source.get(key)]
        if words and words[0] not in ("PodInitializing", "ContainersNotInitialized"):
            return ": ".join(words)
    return f"the pod is {status.get('phase', 'unknown')}"


def limit_behind(pod: Manifest, container: str) -> str | None:
    """The limit because of which the cluster ended a container, if it was one."""
    terminated = state_of(pod, container).get("terminated") or {}
    for reason in (pod.get("status", {}).get("reason"), terminated.get("reason")):
        if reason in LIMIT_OF_REASON:
            return LIMIT_OF_REASON[reason]
    return None
