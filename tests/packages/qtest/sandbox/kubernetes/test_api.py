"""Clusters are spoken to over TLS, and only by the authority that is given."""

import subprocess
from pathlib import Path

import pytest

from quantumlayer.qtest import SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSandbox, KubernetesSettings
from tests.packages.qtest.sandbox.kubernetes.conftest import QUICK
from tests.support.cluster import NAMESPACE, TOKEN, cluster_in


def certificate(path: Path) -> Path:
    """A certificate for the loopback that is its own authority, with its key."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=cluster", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", f"{path}.key", "-out", f"{path}.crt"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    path.write_text(Path(f"{path}.key").read_text() + Path(f"{path}.crt").read_text())
    return path


async def test_a_cluster_is_known_by_its_authority(tmp_path: Path) -> None:
    token, own = tmp_path / "token", certificate(tmp_path / "own")
    token.write_text(TOKEN)
    async with cluster_in(tmp_path / "cluster", own) as cluster:
        settings = KubernetesSettings(
            api=cluster.api,
            token_file=token,
            ca_file=Path(f"{own}.crt"),
            namespace=NAMESPACE,
            image="worker:1",
            start_seconds=60,
        )
        result = await KubernetesSandbox(settings).run(["echo", "over TLS"], limits=QUICK)
        assert result.stdout == "over TLS\n"
        other = certificate(tmp_path / "other")
        stranger = settings.model_copy(update={"ca_file": Path(f"{other}.crt")})
        with pytest.raises(SandboxUnavailable, match=r"cannot be reached.*CA_FILE"):
            await KubernetesSandbox(stranger).run(["true"], limits=QUICK)
        assert len(cluster.created) == 1
