"""What a cluster is asked for: nothing of the node, nothing of the network, and bounds on all."""

import json
import subprocess
import sys
from typing import Any

import pytest
from kubernetes_validate.utils import validate

from quantumlayer.qtest import Limits
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSettings
from quantumlayer.qtest.sandbox.kubernetes.manifests import (
    SCRATCH,
    SHARED_MEMORY,
    cluster_role,
    job_manifest,
    network_policy,
    role,
)

SETTINGS = KubernetesSettings(
    api="https://cluster:6443", namespace="checks", image="worker:1", cpus=4, start_seconds=100
)
LIMITS = Limits(memory_bytes=1024 * MIB, disk_bytes=256 * MIB, wall_seconds=30.5)
MODULES = SCRATCH / "node_modules"


@pytest.fixture
def job() -> dict[str, Any]:
    return job_manifest("run-1", SETTINGS, LIMITS, file_bytes=10 * MIB + 1, targets=(MODULES,))


@pytest.fixture
def pod(job: dict[str, Any]) -> dict[str, Any]:
    spec = job["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


@pytest.fixture(params=["initContainers", "containers"])
def container(request: pytest.FixtureRequest, pod: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod[request.param]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "manifest",
    [job_manifest("run-1", SETTINGS, LIMITS), network_policy(), role(), cluster_role()],
    ids=lambda manifest: manifest["kind"],
)
def test_manifests_are_valid_to_the_letter(manifest: dict[str, Any]) -> None:
    validate(manifest, "1.34", strict=True)


def test_a_job_runs_once_and_leaves_by_itself(job: dict[str, Any]) -> None:
    spec = job["spec"]
    assert (spec["backoffLimit"], spec["completions"], spec["parallelism"]) == (0, 1, 1)
    assert spec["ttlSecondsAfterFinished"] == 60
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["template"]["spec"]["terminationGracePeriodSeconds"] == 0


def test_the_cluster_ends_what_the_starter_does_not(job: dict[str, Any]) -> None:
    assert job["spec"]["activeDeadlineSeconds"] == 146  # 100 to start, 30.5 to run, 15 of grace


def test_a_runtime_class_holds_the_pod(pod: dict[str, Any]) -> None:
    assert pod["runtimeClassName"] == "gvisor"


def test_the_pod_has_no_identity_in_the_cluster(pod: dict[str, Any]) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False


def test_the_pod_shares_nothing_with_its_node(pod: dict[str, Any]) -> None:
    shared = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")
    assert [pod[name] for name in shared] == [False] * 4
    assert all("hostPath" not in volume for volume in pod["volumes"])


def test_names_cannot_be_resolved(pod: dict[str, Any]) -> None:
    assert pod["dnsPolicy"] == "None"
    assert pod["dnsConfig"] == {"nameservers": ["127.0.0.1"]}


def test_the_pod_is_nobody(pod: dict[str, Any]) -> None:
    context = pod["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["runAsUser"] == context["runAsGroup"] == 64_000
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}


def test_no_container_has_a_privilege(container: dict[str, Any]) -> None:
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_containers_speak_to_one_client_only(container: dict[str, Any]) -> None:
    assert (container["stdin"], container["stdinOnce"], container["tty"]) == (True, True, False)


def test_what_is_asked_for_is_what_may_be_used(container: dict[str, Any]) -> None:
    resources = container["resources"]
    assert resources["requests"] == resources["limits"]
    assert resources["limits"]["cpu"] == "4"
    # Its processes, its disk and shared memory (both live in memory), and our own starter.
    assert resources["limits"]["memory"] == str((1024 + 256 + 64 + 128) * MIB)
    # The files volume, and logs of a report of 64 MiB and two outputs of 4 MiB, twice.
    assert resources["limits"]["ephemeral-storage"] == str((85 + 144) * MIB)


def test_every_volume_has_a_size(pod: dict[str, Any]) -> None:
    volumes = {volume["name"]: volume["emptyDir"] for volume in pod["volumes"]}
    assert volumes == {
        "scratch": {"medium": "Memory", "sizeLimit": str(256 * MIB)},
        "shared-memory": {"medium": "Memory", "sizeLimit": str(64 * MIB)},
        "files": {"sizeLimit": str(85 * MIB)},
    }


def test_the_command_cannot_write_what_it_is_given(pod: dict[str, Any]) -> None:
    mounts = pod["containers"][0]["volumeMounts"]
    given = {mount["mountPath"]: mount.get("readOnly", False) for mount in mounts}
    assert given == {
        str(SCRATCH): False, str(SHARED_MEMORY): False, "/opt": True, str(MODULES): True,
    }  # fmt: skip


def test_the_policy_shuts_the_network_of_exactly_these_pods(job: dict[str, Any]) -> None:
    spec = network_policy()["spec"]
    assert sorted(spec["policyTypes"]) == ["Egress", "Ingress"]
    assert spec["ingress"] == spec["egress"] == []
    selected = spec["podSelector"]["matchLabels"]
    assert selected
    assert selected.items() <= job["spec"]["template"]["metadata"]["labels"].items()


def test_what_a_cluster_needs_is_printed() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "quantumlayer.qtest.sandbox.kubernetes"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    listed = json.loads(printed.stdout)
    assert listed["items"] == [network_policy(), role(), cluster_role()]
