"""The tier is chosen only where the cluster says that it would work."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.qtest import SandboxUnavailable, probe_sandbox
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSettings, probe_kubernetes
from tests.support.cluster import NAMESPACE, Cluster


@pytest.fixture
def forgotten_probe() -> Iterator[None]:
    probe_sandbox.cache_clear()
    yield
    probe_sandbox.cache_clear()


@pytest.fixture
def configured(settings: KubernetesSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QL_SANDBOX_KUBERNETES_API", settings.api)
    monkeypatch.setenv("QL_SANDBOX_KUBERNETES_TOKEN_FILE", str(settings.token_file))
    monkeypatch.setenv("QL_SANDBOX_KUBERNETES_NAMESPACE", NAMESPACE)
    monkeypatch.setenv("QL_SANDBOX_KUBERNETES_IMAGE", "worker:1")


async def test_a_cluster_that_has_all_is_chosen(settings: KubernetesSettings) -> None:
    sandbox = await asyncio.to_thread(probe_kubernetes, settings)
    assert sandbox.tier == "kubernetes (gvisor)"


async def test_every_missing_permission_is_named(
    settings: KubernetesSettings, cluster: Cluster
) -> None:
    cluster.denied = {("create", "jobs"), ("create", "pods/attach")}
    with pytest.raises(SandboxUnavailable, match="may not create jobs, create pods/attach in"):
        await asyncio.to_thread(probe_kubernetes, settings)


async def test_a_missing_runtime_class_is_named(
    settings: KubernetesSettings, cluster: Cluster
) -> None:
    cluster.runtime_classes = {"runc"}
    with pytest.raises(SandboxUnavailable, match=r"no runtime class gvisor.*Install gVisor"):
        await asyncio.to_thread(probe_kubernetes, settings)


async def test_runtime_classes_that_may_not_be_read_are_not_believed_in(
    settings: KubernetesSettings, cluster: Cluster
) -> None:
    cluster.refused = {"GET /apis/node.k8s.io": 403}
    with pytest.raises(SandboxUnavailable, match=r"answered 403 .*bind its roles"):
        await asyncio.to_thread(probe_kubernetes, settings)


async def test_a_token_that_is_wrong_or_gone_is_told(
    settings: KubernetesSettings, tmp_path: Path
) -> None:
    (tmp_path / "other").write_text("wrong")
    for token, said in (("other", "answered 401"), ("absent", "cannot be read")):
        wrong = settings.model_copy(update={"token_file": tmp_path / token})
        with pytest.raises(SandboxUnavailable, match=rf"{said}.*TOKEN_FILE"):
            await asyncio.to_thread(probe_kubernetes, wrong)


async def test_a_cluster_that_is_away_is_told(settings: KubernetesSettings) -> None:
    away = settings.model_copy(update={"api": "http://127.0.0.1:9"})
    with pytest.raises(SandboxUnavailable, match="cannot be reached"):
        await asyncio.to_thread(probe_kubernetes, away)


async def test_an_authority_that_is_missing_is_told(settings: KubernetesSettings) -> None:
    update = {"api": "https://127.0.0.1:9", "ca_file": Path("/nowhere/ca.crt")}
    with pytest.raises(SandboxUnavailable, match="QL_SANDBOX_KUBERNETES_CA_FILE"):
        await asyncio.to_thread(probe_kubernetes, settings.model_copy(update=update))


async def test_the_setting_chooses_pods(
    configured: None, forgotten_probe: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QL_SANDBOX", "kubernetes")
    assert (await asyncio.to_thread(probe_sandbox)).tier == "kubernetes (gvisor)"


async def test_bubblewrap_is_preferred_unless_told_otherwise(
    configured: None, forgotten_probe: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    assert (await asyncio.to_thread(probe_sandbox)).tier.startswith("bubblewrap")


async def test_within_a_cluster_pods_replace_bubblewrap_where_it_is_absent(
    configured: None, forgotten_probe: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    assert (await asyncio.to_thread(probe_sandbox)).tier == "kubernetes (gvisor)"


async def test_both_reasons_are_told_where_neither_works(
    configured: None,
    forgotten_probe: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    cluster: Cluster,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    cluster.runtime_classes = set()
    with pytest.raises(SandboxUnavailable, match=r"install bubblewrap.*no runtime class gvisor"):
        await asyncio.to_thread(probe_sandbox)


def test_an_unknown_choice_is_refused(
    forgotten_probe: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QL_SANDBOX", "docker")
    with pytest.raises(SandboxUnavailable, match=r"'docker'; it may be `bubblewrap`, `kubernetes`"):
        probe_sandbox()
