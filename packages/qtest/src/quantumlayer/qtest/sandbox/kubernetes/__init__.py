"""The Kubernetes tier of the sandbox: a Job a run, held by a runtime class such as gVisor's."""

from quantumlayer.qtest.sandbox.kubernetes.probing import probe_kubernetes
from quantumlayer.qtest.sandbox.kubernetes.sandbox import KubernetesSandbox
from quantumlayer.qtest.sandbox.kubernetes.settings import KubernetesSettings

__all__ = ["KubernetesSandbox", "KubernetesSettings", "probe_kubernetes"]
