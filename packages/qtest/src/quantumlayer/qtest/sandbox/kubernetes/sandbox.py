"""The Kubernetes tier: every run is a Job whose pod a user-space kernel (gVisor) holds."""

import asyncio
import json
import secrets
import signal
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox.execution import REPORT_BYTES, ending
from quantumlayer.qtest.sandbox.inside import base_environment
from quantumlayer.qtest.sandbox.kubernetes.api import Cluster
from quantumlayer.qtest.sandbox.kubernetes.archive import Cargo, packed
from quantumlayer.qtest.sandbox.kubernetes.frames import STDIN_CHANNEL, Heard
from quantumlayer.qtest.sandbox.kubernetes.manifests import (
    APPLICATION,
    COMMAND,
    GRACE_SECONDS,
    PREPARE,
    job_manifest,
)
from quantumlayer.qtest.sandbox.kubernetes.pods import (
    POLL_SECONDS,
    account,
    ended,
    limit_behind,
    pod_of,
    running,
    state_of,
)
from quantumlayer.qtest.sandbox.kubernetes.settings import KubernetesSettings
from quantumlayer.qtest.sandbox.kubernetes.starter import REPORT, STDERR, STDOUT
from quantumlayer.qtest.sandbox.model import WORKSPACE, Mount, SandboxResult

CHUNK_BYTES: Final = 1 << 16
LENGTH: Final = struct.Struct(">Q")
STATUS_SECONDS: Final = 10.0
REMOVAL_SECONDS: Final = 30.0


class KubernetesSandbox:
    """Runs commands in pods. Make one with `probe_kubernetes`, which asks the cluster first."""

    def __init__(self, settings: KubernetesSettings) -> None:
        self.settings = settings

    @property
    def tier(self) -> str:
        """The kind of sandbox, with the runtime class that is its wall."""
        return f"kubernetes ({self.settings.runtime_class})"

    async def run(
        self,
        command: Sequence[str],
        *,
        workspace: Path | None = None,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        stdin: bytes = b"",
    ) -> SandboxResult:
        """See `Sandbox.run`. `elapsed_seconds` is the command's own time, without the pod's."""
        bounds = limits or Limits()
        job = {
            "command": list(command),
            "environment": {**base_environment(), **(environment or {})},
            "folder": str(WORKSPACE),
            "limits": {**bounds.model_dump(), "report_bytes": REPORT_BYTES},
        }
        cargo = await asyncio.to_thread(packed, workspace, mounts)
        with cargo.content:
            cluster = Cluster(self.settings)
            name = f"{APPLICATION}-{secrets.token_hex(8)}"
            manifest = job_manifest(
                name, self.settings, bounds, file_bytes=cargo.size, targets=cargo.targets
            )
            async with cluster.client, created(cluster, name, manifest):
                deadline = time.monotonic() + self.settings.start_seconds
                await self.prepare(cluster, name, cargo, bounds, deadline)
                return await self.execute(cluster, name, (job, stdin), bounds, deadline)

    async def prepare(
        self, cluster: Cluster, name: str, cargo: Cargo, limits: Limits, deadline: float
    ) -> None:
        """Fill the pod's volumes. Raises SandboxUnavailable."""
        heard = Heard(limits)
        pod = await running(cluster, name, PREPARE, deadline)
        expected = json.dumps({"expected": cargo.expected}).encode()
        try:
            async with (
                asyncio.timeout(deadline - time.monotonic()),
                cluster.attached(pod, PREPARE) as connection,
            ):
                await converse(connection, chain(sized(expected), cargo_chunks(cargo)), heard)
        except TimeoutError as error:
            raise SandboxUnavailable(
                f"The project could not be copied to the cluster within "
                f"{self.settings.start_seconds:g} s: raise QL_SANDBOX_KUBERNETES_START_SECONDS."
            ) from error
        if heard.ending is None:
            raise await lost(cluster, name, PREPARE, heard)

    async def execute(
        self,
        cluster: Cluster,
        name: str,
        sent: tuple[dict[str, Any], bytes],
        limits: Limits,
        deadline: float,
    ) -> SandboxResult:
        """Run the command and hear it out."""
        payload, stdin = json.dumps(sent[0]).encode(), sent[1]
        heard, hit = Heard(limits), set[str]()
        pod = await running(cluster, name, COMMAND, deadline)
        started = time.monotonic()
        with suppress(TimeoutError):
            async with (
                asyncio.timeout(limits.wall_seconds + GRACE_SECONDS),
                cluster.attached(pod, COMMAND) as connection,
            ):
                await converse(connection, chain(sized(payload), sized(stdin)), heard)
        said = heard.ending or {}
        code: int | None = said.get("status")
        if not said:
            code = -signal.SIGKILL
            if time.monotonic() - started > limits.wall_seconds:
                hit.add("wall_seconds")
            elif limit := await limit_of(cluster, name):
                hit.add(limit)
            else:
                raise await lost(cluster, name, COMMAND, heard)
        status, number = ending(code)
        if number == signal.SIGXCPU:
            hit.add("cpu_seconds")
        return SandboxResult(
            exit_status=status,
            signal=number,
            stdout=heard.streams[STDOUT].decode(errors="replace"),
            stderr=heard.streams[STDERR].decode(errors="replace"),
            report=bytes(heard.streams[REPORT]),
            limits_hit=tuple(sorted({*hit, *said.get("limits", ())})),
            elapsed_seconds=said.get("elapsed", time.monotonic() - started),
            tier=self.tier,
        )


@asynccontextmanager
async def created(cluster: Cluster, name: str, manifest: dict[str, Any]) -> AsyncIterator[None]:
    """A Job that is gone afterwards, with its pod, however the body ends."""
    finished = False
    try:
        await cluster.request("POST", cluster.jobs, body=manifest)
        yield
        finished = True
    finally:
        await surely(removed(cluster, name, wait=not finished))


async def removed(cluster: Cluster, name: str, *, wait: bool) -> None:
    """Delete a Job, and wait until its pod has ended where the starter has not said so itself.

    What cannot be deleted is ended by the Job's deadline and removed by its time to live.
    """
    with suppress(SandboxUnavailable, TimeoutError):
        async with asyncio.timeout(REMOVAL_SECONDS):
            body = {"propagationPolicy": "Background"}
            await cluster.request("DELETE", f"{cluster.jobs}/{name}", body=body)
            while wait and (pod := await pod_of(cluster, name)) and not ended(pod, {}):  # noqa: ASYNC110 - the cluster is asked again until it has an answer
                await asyncio.sleep(POLL_SECONDS)


async def surely(work: Awaitable[None]) -> None:
    """Bring work to its end although this task is cancelled meanwhile."""
    task, cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    task.result()
    if cancelled:
        raise asyncio.CancelledError


async def converse(connection: ClientConnection, content: Iterable[bytes], heard: Heard) -> None:
    """Send all, hear until the starter has said how it ended or the connection is gone."""
    sending = asyncio.create_task(send(connection, content))
    try:
        async for message in connection:
            heard.message(message if isinstance(message, bytes) else message.encode())
            if heard.ending is not None:
                await send(connection, [b"\n"])
                return
    except ConnectionClosed:
        return
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def send(connection: ClientConnection, content: Iterable[bytes]) -> None:
    with suppress(ConnectionClosed):
        for chunk in content:
            await connection.send(bytes([STDIN_CHANNEL]) + chunk)


def sized(content: bytes) -> Iterator[bytes]:
    """Content with its length before it, in pieces that a server takes."""
    yield LENGTH.pack(len(content))
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]


def cargo_chunks(cargo: Cargo) -> Iterator[bytes]:
    yield LENGTH.pack(cargo.size)
    while chunk := cargo.content.read(CHUNK_BYTES):
        yield chunk


async def limit_of(cluster: Cluster, name: str) -> str | None:
    """The limit because of which the cluster ended the command; its word may come late."""
    deadline = time.monotonic() + STATUS_SECONDS
    while time.monotonic() < deadline and (pod := await pod_of(cluster, name)):
        if ended(pod, state_of(pod, COMMAND)):
            return limit_behind(pod, COMMAND)
        await asyncio.sleep(POLL_SECONDS)
    return None


async def lost(cluster: Cluster, name: str, container: str, heard: Heard) -> SandboxUnavailable:
    """What to say when a container has gone silent."""
    pod = await pod_of(cluster, name)
    state = "the pod is gone" if pod is None else account(pod, state_of(pod, container))
    complaint = heard.complaint.decode(errors="replace").strip()
    said = f"; it said: {complaint}" if complaint else ""
    return SandboxUnavailable(
        f"The connection to the sandbox's pod broke before its {container} part ended ({state})"
        f"{said}. If it was moved or deleted, run again."
    )
