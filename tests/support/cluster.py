"""A cluster on the loopback: an API server over HTTP and WebSocket, and a node that runs pods.

It implements what a sandbox asks for, and no more. Containers are real processes: bubblewrap stands
in for the container runtime and shows each exactly the volumes that its manifest mounts, as the
manifest's user, as the first process of its own.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

Manifest = dict[str, Any]
NAMESPACE = "checks"
TOKEN = "a-token-of-the-test"
JOBS = f"/apis/batch/v1/namespaces/{NAMESPACE}/jobs"
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"


@dataclass
class Pod:
    """A pod of a Job: its containers run one after the other, as init containers do."""

    name: str
    manifest: Manifest
    root: Path
    states: dict[str, Manifest] = field(default_factory=dict)
    reason: str = ""
    process: Process | None = None
    ending: bool = False
    attached: asyncio.Event = field(default_factory=asyncio.Event)
    life: asyncio.Task[None] | None = None

    @property
    def containers(self) -> list[Manifest]:
        spec = self.manifest["spec"]["template"]["spec"]
        return [*spec["initContainers"], *spec["containers"]]

    def status(self) -> Manifest:
        statuses = [{"name": name, "state": state} for name, state in self.states.items()]
        done = [each for each in self.states.values() if "terminated" in each]
        failed = any(each["terminated"]["exitCode"] for each in done)
        phase = "Failed" if failed or self.reason else "Running" if self.states else "Pending"
        return {
            "phase": "Succeeded" if len(done) == 2 and not failed else phase,
            **({"reason": self.reason} if self.reason else {}),
            "initContainerStatuses": statuses[:1],
            "containerStatuses": statuses[1:],
        }


@dataclass
class Cluster:
    """The state of the cluster, and how it misbehaves."""

    folder: Path
    api: str = ""
    jobs: dict[str, Pod] = field(default_factory=dict)
    created: list[Manifest] = field(default_factory=list)
    deleted: list[Manifest] = field(default_factory=list)
    runtime_classes: set[str] = field(default_factory=lambda: {"gvisor"})
    denied: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)
    waiting: Manifest | None = None
    network_open: bool = False
    scratch_bytes: int | None = None
    # Called with the pod when its command's container has been started.
    when_running: Callable[[Pod], Awaitable[None]] | None = None
    drop_after: int | None = None
    protocol: str = "v5.channel.k8s.io"

    async def live(self, pod: Pod) -> None:
        """The kubelet's part: start the containers, one after the other."""
        for each in pod.containers:
            if pod.ending:
                return
            if self.waiting is not None:
                pod.states[each["name"]] = {"waiting": self.waiting}
                return
            pod.attached = asyncio.Event()
            arguments = contained(each, pod, self)
            pod.process = await asyncio.create_subprocess_exec(
                *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, start_new_session=True
            )
            pod.states[each["name"]] = {"running": {}}
            if self.when_running and each["name"] == "command":
                await self.when_running(pod)
            code = await pod.process.wait()
            state = pod.states[each["name"]]
            if "terminated" not in state:
                pod.states[each["name"]] = {"terminated": {"exitCode": code, "reason": "Error"}}
            if code != 0:
                return

    async def end(self, pod: Pod) -> None:
        pod.ending = True
        while pod.life and not pod.life.done():
            if pod.process and pod.process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pod.process.pid, signal.SIGKILL)
            await asyncio.wait([pod.life], timeout=0.05)


async def out_of_memory(pod: Pod) -> None:
    """What the kernel and the kubelet do to a container above its limit of memory."""
    await asyncio.wait_for(pod.attached.wait(), 20)
    assert pod.process
    pod.states["command"] = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
    os.killpg(pod.process.pid, signal.SIGKILL)


def contained(container: Manifest, pod: Pod, cluster: Cluster) -> list[str]:
    """A container's manifest as a command of bubblewrap."""
    security = pod.manifest["spec"]["template"]["spec"]["securityContext"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    port = cluster.api.rpartition(":")[2]
    arguments = [
        "bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--as-pid-1",
        *([] if cluster.network_open else ["--unshare-net"]), "--die-with-parent",
        "--uid", str(security["runAsUser"]), "--gid", str(security["runAsGroup"]),
        "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc",
        "--proc", "/proc", "--dev", "/dev", "--clearenv",
        "--setenv", "KUBERNETES_SERVICE_HOST", "127.0.0.1",
        "--setenv", "KUBERNETES_SERVICE_PORT", port,
    ]  # fmt: skip
    for name in ("bin", "lib", "lib64", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            arguments += ["--symlink", str(place.readlink()), str(place)]
        elif place.exists():
            arguments += ["--ro-bind", str(place), str(place)]
    prefix = Path(container["command"][0]).parent.parent
    if not prefix.is_relative_to("/usr"):
        arguments += ["--ro-bind", str(prefix), str(prefix)]
    volumes = {each["name"] for each in pod.manifest["spec"]["template"]["spec"]["volumes"]}
    for mount in container["volumeMounts"]:
        assert mount["name"] in volumes
        source = pod.root / mount["name"] / mount.get("subPath", "")
        source.mkdir(parents=True, exist_ok=True)
        option = "--ro-bind" if mount.get("readOnly") else "--bind"
        if mount["name"] == "scratch" and cluster.scratch_bytes:
            arguments += ["--size", str(cluster.scratch_bytes), "--tmpfs", mount["mountPath"]]
            continue
        arguments += [option, str(source), mount["mountPath"]]
    return [*arguments, "--remount-ro", "/", "--chdir", container["workingDir"], "--",
            *container["command"]]  # fmt: skip


def api_of(cluster: Cluster) -> FastAPI:
    """The API server."""
    app = FastAPI()
    add_access(app, cluster)
    add_jobs(app, cluster)
    add_pods(app, cluster)
    return app


def add_access(app: FastAPI, cluster: Cluster) -> None:
    """Who may do what, and which runtime classes there are."""

    @app.middleware("http")
    async def guarded(
        request: Request, proceed: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Unauthorized")
        for place, status in cluster.refused.items():
            method, _, path = place.partition(" ")
            if request.method == method and request.url.path.startswith(path):
                return refusal(status, f"{path} is not for you")
        return await proceed(request)

    @app.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
    async def review(body: Manifest) -> Manifest:
        wanted = body["spec"]["resourceAttributes"]
        assert wanted["namespace"] == NAMESPACE
        resource = "/".join(filter(None, (wanted["resource"], wanted["subresource"])))
        return {"status": {"allowed": (wanted["verb"], resource) not in cluster.denied}}

    @app.get("/apis/node.k8s.io/v1/runtimeclasses/{name}", response_model=None)
    async def runtime_class(name: str) -> Manifest | Response:
        if name not in cluster.runtime_classes:
            return refusal(404, f'runtimeclasses "{name}" not found')
        return {"metadata": {"name": name}, "handler": "runsc"}


def add_jobs(app: FastAPI, cluster: Cluster) -> None:
    """Jobs, each of which has one pod at once."""

    @app.post(JOBS, status_code=201)
    async def create(body: Manifest) -> Manifest:
        name = body["metadata"]["name"]
        pod = Pod(f"{name}-x7k2p", body, cluster.folder / name)
        cluster.created.append(body)
        cluster.jobs[name] = pod
        pod.life = asyncio.create_task(cluster.live(pod))
        return body

    @app.delete(JOBS + "/{name}", response_model=None)
    async def delete(name: str, body: Manifest) -> Manifest | Response:
        pod = cluster.jobs.pop(name, None)
        if pod is None:
            return refusal(404, f'jobs.batch "{name}" not found')
        cluster.deleted.append({"name": name, **body})
        await cluster.end(pod)
        return {"status": "Success"}


def add_pods(app: FastAPI, cluster: Cluster) -> None:
    """Pods, and the streams of their containers."""

    @app.get(PODS)
    async def pods(labelSelector: str) -> Manifest:  # noqa: N803 - the API's name
        label, _, job = labelSelector.partition("=")
        found = cluster.jobs.get(job)
        items = [found] if found else []
        for pod in items:
            assert pod.manifest["spec"]["template"]["metadata"]["labels"][label] == job
        return {"items": [{"metadata": {"name": p.name}, "status": p.status()} for p in items]}

    @app.websocket(PODS + "/{name}/attach")
    async def attach(socket: WebSocket, name: str, container: str) -> None:
        pod = next(each for each in cluster.jobs.values() if each.name == name)
        if socket.headers.get("authorization") != f"Bearer {TOKEN}" or (
            "running" not in pod.states.get(container, {})
        ):
            await socket.close()
            return
        assert cluster.protocol in socket.scope["subprotocols"]
        await socket.accept(subprotocol=cluster.protocol)
        pod.attached.set()
        await streamed(socket, pod, cluster.drop_after)


async def streamed(socket: WebSocket, pod: Pod, drop_after: int | None) -> None:
    """Join a connection and a container; when one goes, the other does (stdinOnce)."""
    process = pod.process
    assert process and process.stdin and process.stdout and process.stderr

    async def out(stream: asyncio.StreamReader, channel: int) -> None:
        sent = 0
        await socket.send_bytes(bytes([channel]))  # servers begin with an empty message
        while chunk := await stream.read(4096):
            await socket.send_bytes(bytes([channel]) + chunk)
            sent += len(chunk)
            if drop_after is not None and sent >= drop_after:
                return

    async def into(stream: asyncio.StreamWriter) -> None:
        with contextlib.suppress(WebSocketDisconnect, ConnectionError):
            while True:
                message = await socket.receive_bytes()
                assert message[0] == 0
                stream.write(message[1:])
                await stream.drain()
        stream.close()

    receiving = asyncio.create_task(into(process.stdin))
    stdout = asyncio.create_task(out(process.stdout, 1))
    stderr = asyncio.create_task(out(process.stderr, 2))
    await asyncio.wait([receiving, stdout], return_when=asyncio.FIRST_COMPLETED)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        if not receiving.done():
            await socket.send_bytes(b'\x03{"metadata":{},"status":"Success"}')
            await socket.close()
    for task in (receiving, stdout, stderr):
        task.cancel()
    await asyncio.gather(receiving, stdout, stderr, return_exceptions=True)
    process.stdin.close()


def refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"kind": "Status", "status": "Failure", "message": message}, status)


class QuietServer(uvicorn.Server):
    """Leaves the signals of the test process alone."""

    def capture_signals(self) -> contextlib.nullcontext[None]:  # type: ignore[override]  # the server is a guest of the test
        return contextlib.nullcontext()


@asynccontextmanager
async def cluster_in(folder: Path, certificate: Path | None = None) -> AsyncIterator[Cluster]:
    """A running cluster whose volumes are below a folder; over TLS with a certificate and its key,
    both in one file."""
    cluster = Cluster(folder)
    config = uvicorn.Config(
        api_of(cluster),
        host="127.0.0.1",
        port=0,
        log_level="error",
        lifespan="off",
        ws="websockets-sansio",
        timeout_graceful_shutdown=2,
        ssl_certfile=certificate,
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done()
        await asyncio.sleep(0.01)
    scheme = "https" if certificate else "http"
    cluster.api = f"{scheme}://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield cluster
    finally:
        for pod in list(cluster.jobs.values()):
            await cluster.end(pod)
        server.should_exit = True
        await serving
