"""A cluster on the loopback, and its sandbox."""

import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, SandboxResult
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSandbox, KubernetesSettings
from tests.support.cluster import NAMESPACE, TOKEN, Cluster, cluster_in

Guest = Callable[..., Coroutine[None, None, SandboxResult]]
PYTHON = str(Path(sys.executable).resolve())
QUICK = Limits(wall_seconds=30, cpu_seconds=30)


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    async with cluster_in(tmp_path / "cluster") as made:
        yield made


@pytest.fixture
def settings(cluster: Cluster, tmp_path: Path) -> KubernetesSettings:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    return KubernetesSettings(
        api=cluster.api, token_file=token, namespace=NAMESPACE, image="worker:1", start_seconds=60
    )


@pytest.fixture
def pods(settings: KubernetesSettings) -> KubernetesSandbox:
    return KubernetesSandbox(settings)


@pytest.fixture
def guest(pods: KubernetesSandbox, tmp_path: Path) -> Guest:
    """Run Python code in a pod; it starts in a workspace that holds nothing else."""

    async def run(code: str, limits: Limits = QUICK, stdin: bytes = b"") -> SandboxResult:
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        (workspace / "guest.py").write_text(textwrap.dedent(code))
        return await pods.run(
            [PYTHON, "-I", "guest.py"], workspace=workspace, limits=limits, stdin=stdin
        )

    return run
