"""What a cluster gives a container, whom it refuses, and how it asks."""

import pytest

from quantumlayer.manifests import FilesInMemory, compose_workload, kubernetes_workload
from quantumlayer.manifests.kubernetes.bounds import compose_memory_limit, memory_limit

DEPLOYMENT = """\
kind: Deployment
metadata: {name: notes}
spec:
  template:
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
        - name: notes
          image: notes
          ports: [{containerPort: 8080}]
          resources: {limits: {memory: 128Mi}}
          livenessProbe: {exec: {command: [cat, /run/alive]}}
          readinessProbe: {grpc: {port: 50051}}
"""


@pytest.mark.parametrize(
    ("said", "found"),
    [("64Mi", 64 * 2**20), ("0.5Gi", 2**29), ("100M", 100_000_000), ("1048576", 2**20),
     (1048576, 2**20), ("much", None), ("", None), ("0", None)],
)  # fmt: skip
def test_memory_is_read_as_a_cluster_reads_it(said: object, found: int | None) -> None:
    assert memory_limit({"resources": {"limits": {"memory": said}}}) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [("64m", 64 * 2**20), ("1gb", 2**30), ("512K", 2**19), (2097152, 2**21), ("lots", None)],
)
def test_memory_is_read_as_compose_reads_it(said: object, found: int | None) -> None:
    assert compose_memory_limit({"mem_limit": said}) == found
    assert compose_memory_limit({"deploy": {"resources": {"limits": {"memory": said}}}}) == found


def test_a_workload_tells_its_bounds_and_its_probes() -> None:
    found = kubernetes_workload(FilesInMemory({"k8s/notes.yaml": DEPLOYMENT.encode()}))

    assert found is not None
    assert found.not_root
    assert found.memory_bytes == 128 * 2**20
    assert found.commands == (("cat", "/run/alive"),)
    assert found.otherwise == (
        "The readinessProbe asks by gRPC at port 50051, which is not spoken here.",
    )


def test_the_word_of_the_container_counts_over_the_pods() -> None:
    text = DEPLOYMENT.replace("image: notes", "image: notes\n          securityContext: "
                              "{runAsNonRoot: false}")  # fmt: skip
    found = kubernetes_workload(FilesInMemory({"k8s/notes.yaml": text.encode()}))

    assert found is not None
    assert not found.not_root


def test_compose_bounds_memory() -> None:
    text = b"services:\n  notes:\n    build: .\n    mem_limit: 96m\n"
    found = compose_workload(FilesInMemory({"compose.yaml": text}))

    assert found is not None
    assert found.memory_bytes == 96 * 2**20
