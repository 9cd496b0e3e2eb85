"""Clusters are spoken to over TLS, and only by the authority that is given."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from quantumlayer.qtest import SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSandbox, KubernetesSettings
from tests.packages.qtest.sandbox.kubernetes.conftest import QUICK
from tests.support.cluster import NAMESPACE, TOKEN, cluster_in


def certificate(path: Path) -> Path:
    """A certificate for the loopback that is its own authority: one file with its key, and one
    without."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.name)])
    now = datetime.now(UTC)
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + public)
    Path(f"{path}.crt").write_bytes(public)
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
