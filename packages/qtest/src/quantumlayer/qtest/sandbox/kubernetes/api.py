"""The few calls to a cluster's API that a sandbox is made of."""

import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.sandbox.kubernetes.manifests import Manifest
from quantumlayer.qtest.sandbox.kubernetes.settings import KubernetesSettings

REQUEST_SECONDS: Final = 20.0
PROTOCOLS: Final = (Subprotocol("v5.channel.k8s.io"), Subprotocol("v4.channel.k8s.io"))
LONGEST_MESSAGE: Final = 500


class Cluster:
    """Authenticated access to the API server. Every failure is a SandboxUnavailable.

    `client` is to be closed by whoever made this.
    """

    def __init__(self, settings: KubernetesSettings) -> None:
        self.settings = settings
        self.tls = tls_of(settings)
        self.client = httpx.AsyncClient(**client_options(settings, self.tls))
        self.jobs = f"/apis/batch/v1/namespaces/{settings.namespace}/jobs"
        self.pods = f"/api/v1/namespaces/{settings.namespace}/pods"

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Manifest | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Manifest:
        """Send a request; its answer. Raises SandboxUnavailable with what the server said."""
        with explained(self.settings):
            answer = await self.client.request(method, path, json=body, params=query)
        return read(answer, method, path)

    @asynccontextmanager
    async def attached(self, pod: str, container: str) -> AsyncIterator[ClientConnection]:
        """The streams of a running container, as messages that begin with a channel's number."""
        query = {"container": container, "stdin": "1", "stdout": "1", "stderr": "1"}
        path = f"{self.pods}/{pod}/attach"
        address = "ws" + self.settings.api.removeprefix("http") + f"{path}?{urlencode(query)}"
        opening = connect(
            address,
            ssl=self.tls,
            subprotocols=PROTOCOLS,
            additional_headers=authorization(self.settings),
            compression=None,
            proxy=None,
            open_timeout=REQUEST_SECONDS,
            close_timeout=1,
            # Pings keep idle connections open; a busy server may answer them late.
            ping_timeout=None,
            max_size=16 * MIB,
        )
        try:
            connection = await opening
        except InvalidStatus as error:
            answer = error.response
            raise SandboxUnavailable(
                refusal(answer.status_code, bytes(answer.body or b""), "GET", path)
            ) from error
        except (OSError, InvalidHandshake, TimeoutError) as error:
            raise SandboxUnavailable(unreachable(self.settings, error)) from error
        async with connection:
            yield connection


def tls_of(settings: KubernetesSettings) -> ssl.SSLContext | None:
    if not settings.api.startswith("https:"):
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise SandboxUnavailable(
            f"The cluster's certificate authority {settings.ca_file} cannot be read ({error}): "
            "set QL_SANDBOX_KUBERNETES_CA_FILE."
        ) from error


def authorization(settings: KubernetesSettings) -> dict[str, str]:
    """The header that says who we are. Raises SandboxUnavailable without a readable token."""
    if settings.token_file is None:
        return {}
    try:
        token = settings.token_file.read_text().strip()
    except OSError as error:
        raise SandboxUnavailable(
            f"The token for the cluster, {settings.token_file}, cannot be read ({error.strerror}): "
            "set QL_SANDBOX_KUBERNETES_TOKEN_FILE."
        ) from error
    return {"Authorization": f"Bearer {token}"}


def client_options(settings: KubernetesSettings, tls: ssl.SSLContext | None) -> dict[str, Any]:
    """How both kinds of HTTP client are made; no proxy stands before a cluster's own API."""
    return {
        "base_url": settings.api,
        "headers": authorization(settings),
        "verify": tls or False,
        "timeout": REQUEST_SECONDS,
        "trust_env": False,
    }


@contextlib.contextmanager
def explained(settings: KubernetesSettings) -> Iterator[None]:
    """Turn failures of the connection into advice."""
    try:
        yield
    except httpx.HTTPError as error:
        raise SandboxUnavailable(unreachable(settings, error)) from error


def unreachable(settings: KubernetesSettings, error: Exception) -> str:
    return (
        f"The Kubernetes API at {settings.api} cannot be reached ({error or repr(error)}): check "
        "QL_SANDBOX_KUBERNETES_API and QL_SANDBOX_KUBERNETES_CA_FILE."
    )


def read(answer: httpx.Response, method: str, path: str) -> Manifest:
    """The object in an answer. Raises SandboxUnavailable when it is a refusal, or no object."""
    if answer.is_success:
        with contextlib.suppress(ValueError):
            found = answer.json()
            if isinstance(found, dict):
                return found
    raise SandboxUnavailable(refusal(answer.status_code, answer.content, method, path))


def refusal(status: int, content: bytes, method: str, path: str) -> str:
    """What the server said, and what to do about it where that is known."""
    try:
        said = str(json.loads(content)["message"])
    except (ValueError, KeyError, TypeError):
        said = content.decode(errors="replace").strip() or "no reason given"
    advice = {
        401: " Check QL_SANDBOX_KUBERNETES_TOKEN_FILE.",
        403: " Apply what `python -m quantumlayer.qtest.sandbox.kubernetes` prints, and bind its "
        "roles to the service account.",
    }.get(status, "")
    said = said[:LONGEST_MESSAGE]
    return f"The Kubernetes API answered {status} to {method} {path}: {said}.{advice}"
