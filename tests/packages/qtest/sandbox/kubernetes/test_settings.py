"""The cluster is found by settings, or by what every pod knows."""

from pathlib import Path

import pytest

from quantumlayer.qtest import SandboxUnavailable
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSettings

GIVEN = {
    "QL_SANDBOX_KUBERNETES_API": "https://cluster:6443",
    "QL_SANDBOX_KUBERNETES_NAMESPACE": "checks",
    "QL_SANDBOX_KUBERNETES_IMAGE": "worker:1",
}
POD = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}


@pytest.fixture
def account(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text("t")
    (tmp_path / "namespace").write_text("worker\n")
    return tmp_path


def test_settings_alone_are_enough(tmp_path: Path) -> None:
    settings = KubernetesSettings.of(GIVEN, tmp_path)
    assert (settings.api, settings.namespace, settings.image) == tuple(GIVEN.values())
    assert (settings.runtime_class, settings.token_file) == ("gvisor", None)


def test_a_pod_needs_only_an_image(account: Path) -> None:
    settings = KubernetesSettings.of({**POD, "QL_SANDBOX_KUBERNETES_IMAGE": "i"}, account)
    assert (settings.api, settings.namespace) == ("https://10.0.0.1:443", "worker")
    assert (settings.token_file, settings.ca_file) == (account / "token", account / "ca.crt")


def test_settings_come_before_what_the_pod_knows(account: Path) -> None:
    settings = KubernetesSettings.of({**POD, **GIVEN}, account)
    assert (settings.api, settings.namespace) == ("https://cluster:6443", "checks")
    assert settings.token_file == account / "token"


def test_an_address_of_version_six_is_bracketed(account: Path) -> None:
    pod = {**POD, "KUBERNETES_SERVICE_HOST": "fd00::1", "QL_SANDBOX_KUBERNETES_IMAGE": "i"}
    assert KubernetesSettings.of(pod, account).api == "https://[fd00::1]:443"


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_what_is_missing_is_named(missing: str, tmp_path: Path) -> None:
    given = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(SandboxUnavailable, match=missing):
        KubernetesSettings.of(given, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("API", "cluster:6443"), ("NAMESPACE", "../x"), ("CPUS", "many"), ("START_SECONDS", "0")],
)
def test_what_is_wrong_is_named(name: str, value: str, tmp_path: Path) -> None:
    variable = f"QL_SANDBOX_KUBERNETES_{name}"
    with pytest.raises(SandboxUnavailable, match=variable):
        KubernetesSettings.of({**GIVEN, variable: value}, tmp_path)
