"""Asking a cluster whether it would hold a sandbox, before anything has to run."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

import httpx

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes.api import (
    client_options,
    explained,
    read,
    refusal,
    tls_of,
)
from quantumlayer.qtest.sandbox.kubernetes.manifests import PERMISSIONS
from quantumlayer.qtest.sandbox.kubernetes.sandbox import KubernetesSandbox
from quantumlayer.qtest.sandbox.kubernetes.settings import KubernetesSettings

REVIEWS: Final = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
RUNTIME_CLASSES: Final = "/apis/node.k8s.io/v1/runtimeclasses"


def probe_kubernetes(settings: KubernetesSettings | None = None) -> KubernetesSandbox:
    """A sandbox in the cluster of the settings (default: of the environment).

    Raises SandboxUnavailable, which names every missing permission, or the missing runtime class.
    That the network is closed is proven later, by each pod before it gets the project.
    """
    chosen = settings or KubernetesSettings.of()
    options = client_options(chosen, tls_of(chosen))
    with explained(chosen), httpx.Client(**options) as client:
        denied = list(denials(client, chosen.namespace))
        if denied:
            raise SandboxUnavailable(
                f"The service account may not {', '.join(denied)} in the namespace "
                f"{chosen.namespace}. Apply what `python -m quantumlayer.qtest.sandbox.kubernetes` "
                "prints, and bind its roles to the service account."
            )
        path = f"{RUNTIME_CLASSES}/{chosen.runtime_class}"
        answer = client.get(path)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise SandboxUnavailable(
                f"The cluster has no runtime class {chosen.runtime_class}. Install gVisor on its "
                "nodes and make a RuntimeClass with the handler `runsc`, or name another in "
                "QL_SANDBOX_KUBERNETES_RUNTIME_CLASS."
            )
        if not answer.is_success:
            raise SandboxUnavailable(refusal(answer.status_code, answer.content, "GET", path))
    return KubernetesSandbox(chosen)


def denials(client: httpx.Client, namespace: str) -> Iterator[str]:
    """What a sandbox takes and this account is not allowed, in words."""
    for group, resource, verbs in PERMISSIONS:
        name, _, part = resource.partition("/")
        for verb in verbs:
            wanted = {
                "namespace": namespace,
                "group": group,
                "resource": name,
                "subresource": part,
                "verb": verb,
            }
            review = {
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SelfSubjectAccessReview",
                "spec": {"resourceAttributes": wanted},
            }
            found = read(client.post(REVIEWS, json=review), "POST", REVIEWS)
            if not found.get("status", {}).get("allowed"):
                yield f"{verb} {resource}"
