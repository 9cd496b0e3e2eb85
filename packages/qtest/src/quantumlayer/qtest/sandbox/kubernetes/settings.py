"""Where the cluster is, and what its pods are made of."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Noun

PREFIX = "QL_SANDBOX_KUBERNETES_"
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class KubernetesSettings(Noun):
    """The cluster's address and credentials, and the pods that are asked for.

    `image` has to hold the same interpreter and toolchains, at the same places, as the machine
    that uses this sandbox: give the image of the worker. `start_seconds` bounds everything before
    the command: scheduling, pulling the image, copying the project. `token_file` is read anew for
    each run, because clusters replace tokens.
    """

    api: str = Field(pattern=r"^https?://[^/]+$")
    token_file: Path | None = None
    ca_file: Path | None = None
    namespace: str = Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
    image: str = Field(min_length=1)
    runtime_class: str = "gvisor"
    cpus: int = Field(default=2, ge=1)
    start_seconds: float = Field(default=180.0, gt=0)

    @classmethod
    def of(
        cls, environment: Mapping[str, str] = os.environ, account: Path = SERVICE_ACCOUNT
    ) -> Self:
        """The settings that the environment gives, completed by the pod's own service account.

        Raises SandboxUnavailable, which names the variables that are missing or wrong.
        """
        given = {
            name: value
            for name in cls.model_fields
            if (value := environment.get(PREFIX + name.upper()))
        }
        try:
            return cls.model_validate({**in_cluster(environment, account), **given})
        except ValidationError as error:
            wrong = [
                f"{PREFIX}{str(part['loc'][0]).upper()} ({part['msg']})" for part in error.errors()
            ]
            raise SandboxUnavailable(
                f"The Kubernetes sandbox is not configured: set {', '.join(wrong)}."
            ) from error


def in_cluster(environment: Mapping[str, str], account: Path) -> dict[str, str]:
    """What a pod knows of its cluster; nothing outside of one."""
    host, port = environment.get("KUBERNETES_SERVICE_HOST"), "KUBERNETES_SERVICE_PORT"
    if not host or not (account / "token").exists():
        return {}
    address = f"[{host}]" if ":" in host else host
    return {
        "api": f"https://{address}:{environment.get(port, '443')}",
        "token_file": str(account / "token"),
        "ca_file": str(account / "ca.crt"),
        "namespace": (account / "namespace").read_text().strip(),
    }
