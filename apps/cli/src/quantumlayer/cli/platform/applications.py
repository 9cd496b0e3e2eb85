"""Our own processes: the API and the worker, started with what they need in their environment."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus

from quantumlayer.cli.platform.health import http_answer, json_object
from quantumlayer.cli.platform.parts import Launch, UnhealthyError, WaitingError
from quantumlayer.cli.platform.ports import LOOPBACK, PortBook


class Application:
    """`python -m quantumlayer.<name>`, ready when `GET /readyz` on its port answers 200.

    With 503 it says which parts it waits for.
    """

    needs: tuple[str, ...] = ("migrations", "redis", "temporal")

    def __init__(
        self,
        name: str,
        ports: PortBook,
        environment: Callable[[], Mapping[str, str]],
        *,
        host: str = LOOPBACK,
        grace: float,
    ) -> None:
        """`environment` is asked when the ports of all that the application needs are known.

        `grace` is how many seconds it may take to finish what it does before it is killed.
        """
        self.name = name
        self.port_names = (name,)
        self._ports = ports
        self._environment = environment
        self._host = _reachable(host)
        self._grace = grace

    async def prepare(self) -> None:
        """Nothing to make ready."""

    def launch(self) -> Launch:
        return Launch(
            argv=(sys.executable, "-m", f"quantumlayer.{self.name}"),
            environment=self._environment(),
            grace=self._grace,
        )

    async def check(self) -> str:
        status, body = await http_answer(f"{self.url()}/readyz")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise WaitingError(f"{self.name} waits for {_awaited(body)}")
        if status != HTTPStatus.OK:
            raise UnhealthyError(f"{self.url()}/readyz answers {status}")
        return self.version()

    def version(self) -> str:
        """Of what is installed."""
        return _version(self.name)

    def url(self) -> str:
        return f"http://{self._host}:{self._ports[self.name]}"


def _reachable(host: str) -> str:
    """Where a server bound to `host` is reached from this machine, as it stands in a URL."""
    local = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"[{local}]" if ":" in local else local


def _awaited(body: bytes) -> str:
    """What an answer of `/readyz` says is missing."""
    parts = (json_object(body) or {}).get("parts")
    if not isinstance(parts, dict):
        return "something that it does not name"
    return ", ".join(str(name) for name, state in parts.items() if state != "ok")


@cache
def _version(name: str) -> str:
    return importlib.metadata.version(f"quantumlayer-{name}")
