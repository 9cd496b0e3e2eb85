"""Temporal: the real development server with its UI, a database file, and our search attributes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.health import http_json, tcp_answers
from quantumlayer.cli.platform.home import Home
from quantumlayer.cli.platform.parts import Launch, UnhealthyError
from quantumlayer.cli.platform.ports import LOOPBACK, PortBook
from quantumlayer.cli.platform.temporal_binary import find_temporal

# The server has one shard, and a shard reads each of its queues 20 times a second unless told
# otherwise: every step of a workflow would wait for the next twentieth.
_QUEUE_READS_A_SECOND = 1000
_QUEUES = ("transfer", "timer")

SEARCH_ATTRIBUTES = ("QLOrganisation", "QLProject", "QLVerdict")


class OwnTemporal:
    """A Temporal server of this home."""

    name = "temporal"
    needs = ()
    port_names = ("temporal", "temporal-ui", "temporal-http", "temporal-metrics")

    def __init__(
        self, home: Home, ports: PortBook, *, cache: Path, binary: Path | None, namespace: str
    ) -> None:
        self._home = home
        self._ports = ports
        self._cache = cache
        self._binary = binary
        self._namespace = namespace

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._ports['temporal']}"

    @property
    def ui_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ports['temporal-ui']}"

    async def prepare(self) -> None:
        self._home.temporal.mkdir(mode=0o700, exist_ok=True)

    def launch(self) -> Launch:
        found = find_temporal(self._binary, self._cache)
        if found is None:
            raise PlatformError("no Temporal server; run `make setup` or set QL_TEMPORAL_BINARY")
        options = {
            "--ip": LOOPBACK,
            "--port": str(self._ports["temporal"]),
            "--ui-port": str(self._ports["temporal-ui"]),
            "--http-port": str(self._ports["temporal-http"]),
            "--metrics-port": str(self._ports["temporal-metrics"]),
            "--namespace": self._namespace,
            "--db-filename": str(self._home.temporal / "temporal.db"),
            "--log-format": "json",
            "--log-level": "warn",
        }
        repeated = [
            # Twice the throughput, and a killed process still loses nothing.
            *(("--sqlite-pragma", pragma) for pragma in ("journal_mode=wal", "synchronous=normal")),
            *(("--search-attribute", f"{name}=Keyword") for name in SEARCH_ATTRIBUTES),
            *(
                (
                    "--dynamic-config-value",
                    f"history.{queue}ProcessorMaxPollRPS={_QUEUE_READS_A_SECOND}",
                )
                for queue in _QUEUES
            ),
        ]
        words = [word for pair in (*options.items(), *repeated) for word in pair]
        return Launch(
            argv=(str(found.path), "server", "start-dev", "--ui-disable-news-fetch", *words),
            # A user's own Temporal configuration must not reach this server.
            environment={"HOME": str(self._home.temporal), "LC_ALL": "C.UTF-8"},
        )

    async def check(self) -> str:
        base = f"http://{LOOPBACK}:{self._ports['temporal-http']}/api/v1"
        # The namespace answers only after the server's parts have found each other.
        await http_json(f"{base}/namespaces/{self._namespace}")
        system = await http_json(f"{base}/system-info")
        await tcp_answers(LOOPBACK, self._ports["temporal-ui"])
        return str(system.get("serverVersion", "unknown"))

    def url(self) -> str:
        return self.address


class ExternalTemporal:
    """A Temporal cluster that somebody else runs."""

    name = "temporal"
    needs = ()
    port_names = ()

    def __init__(self, address: str, ui_url: str | None) -> None:
        self.address = address
        self.ui_url = ui_url

    async def prepare(self) -> None:
        """Nothing to make ready."""

    def launch(self) -> None:
        return None

    async def check(self) -> str:
        parts = urlsplit(f"//{self.address}")
        try:
            await tcp_answers(parts.hostname or LOOPBACK, parts.port or 7233)
        except UnhealthyError as error:
            advice = "start that server or change QL_TEMPORAL_ADDRESS"
            raise UnhealthyError(f"{error}; {advice}") from None
        return "external"

    def url(self) -> str:
        return self.address
