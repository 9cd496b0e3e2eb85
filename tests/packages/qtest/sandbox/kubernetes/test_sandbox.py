"""Pods keep the sandbox's promises: results are true, limits hold, nothing is left behind."""

import asyncio
import os
from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.qtest import Limits, Mount, SandboxUnavailable, Verdict, run_tests
from quantumlayer.qtest.sandbox.kubernetes import KubernetesSandbox, KubernetesSettings
from tests.packages.qtest.sandbox.kubernetes.conftest import QUICK, Guest
from tests.support.cluster import JOBS, PODS, Cluster, Pod, out_of_memory


async def test_a_command_ends_as_it_ended(guest: Guest, cluster: Cluster) -> None:
    result = await guest(
        """
        import os, sys
        os.write(int(os.environ["SANDBOX_REPORT_FD"]), b"\\x00report\\xff")
        print("out", sys.stdin.read(), os.getcwd())
        print("err", file=sys.stderr)
        sys.exit(3)
        """,
        stdin=b"in",
    )
    assert (result.exit_status, result.signal) == (3, None)
    assert (result.stdout, result.stderr) == ("out in /tmp/workspace\n", "err\n")
    assert result.report == b"\x00report\xff"
    assert result.limits_hit == ()
    assert result.tier == "kubernetes (gvisor)"
    assert not cluster.jobs


async def test_the_older_protocol_is_understood(guest: Guest, cluster: Cluster) -> None:
    cluster.protocol = "v4.channel.k8s.io"
    assert (await guest("print(1)")).stdout == "1\n"


async def test_a_signal_is_told(guest: Guest) -> None:
    result = await guest("import os; os.kill(os.getpid(), 11)")
    assert (result.exit_status, result.signal) == (None, 11)


async def test_what_cannot_be_started_has_the_status_of_a_shell(pods: KubernetesSandbox) -> None:
    result = await pods.run(["/nowhere/program"], limits=QUICK)
    assert result.exit_status == 127
    assert "/nowhere/program" in result.stderr


async def test_the_environment_is_clean(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_HOST", "x")
    result = await guest("import os; print(*sorted(os.environ))")
    assert result.stdout.split() == [
        *("HOME", "LANG", "LOGNAME", "PATH", "SANDBOX_REPORT_FD", "SHELL", "TERM", "TMPDIR"),
        *("TZ", "USER"),
    ]


async def test_the_workspace_is_a_copy(pods: KubernetesSandbox, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "deep").mkdir(parents=True)
    (project / "deep" / "script.sh").write_text("#!/bin/sh\necho ran; echo more >> script.sh\n")
    (project / "deep" / "script.sh").chmod(0o755)
    (project / "link").symlink_to("deep")
    (project / ".git").mkdir()
    os.mkfifo(project / "pipe")
    result = await pods.run(
        ["sh", "-c", "cd link && ./script.sh && tail -n 1 script.sh && ls -A .."],
        workspace=project,
        limits=QUICK,
    )
    assert result.stdout.split() == ["ran", "more", "deep", "link"]
    assert "more\n" not in (project / "deep" / "script.sh").read_text().splitlines(keepends=True)


async def test_mounts_are_where_they_belong_and_cannot_be_written(
    pods: KubernetesSandbox, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_text("content")
    places = ("/opt/a/b", "/opt/c", "/tmp/node_modules")  # noqa: S108 - in the pod
    script = f"""
        for p in {" ".join(places)} /usr; do
            cat $p/file; touch $p/file $p/new 2>/dev/null && echo WRITTEN
        done
        chmod 777 /opt/c; mv {places[2]} {places[2]}-moved; id -u
    """
    result = await pods.run(
        ["sh", "-c", script],
        mounts=[Mount(source=source, target=PurePosixPath(place)) for place in places],
        limits=QUICK,
    )
    assert result.stdout == "content" * 3 + "64000\n"


async def test_a_mount_at_its_own_place_has_to_be_in_the_image(
    pods: KubernetesSandbox, tmp_path: Path
) -> None:
    present = Mount(source=Path("/usr/bin"), target=PurePosixPath("/usr/bin"))
    assert (await pods.run(["true"], mounts=[present], limits=QUICK)).exit_status == 0
    elsewhere = Mount(source=tmp_path, target=PurePosixPath("/usr/lib/elsewhere"))
    with pytest.raises(SandboxUnavailable, match="not at /usr/lib/elsewhere"):
        await pods.run(["true"], mounts=[elsewhere], limits=QUICK)


async def test_the_image_is_asked_for_what_it_must_have(
    pods: KubernetesSandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    toolchain = Path("/var/lib")  # on this machine, and not among what the pod is shown
    mount = Mount(source=toolchain, target=PurePosixPath(toolchain))
    with pytest.raises(SandboxUnavailable, match="the image has no /var/lib"):
        await pods.run(["true"], mounts=[mount], limits=QUICK)


async def test_an_open_network_is_refused_before_the_project_is_sent(
    guest: Guest, cluster: Cluster
) -> None:
    cluster.network_open = True
    with pytest.raises(SandboxUnavailable, match=r"network is open: no NetworkPolicy"):
        await guest("print('ran')")
    assert "command" not in str([pod.states for pod in cluster.jobs.values()])
    assert len(cluster.deleted) == 1


async def test_the_first_process_is_closed_to_the_guest(guest: Guest) -> None:
    result = await guest(
        """
        import os, signal
        for attempt in (
            lambda: open("/proc/1/fd/0", "rb"),
            lambda: open("/proc/1/fd/1", "wb"),
            lambda: open("/proc/1/environ", "rb").read(),
            lambda: open("/proc/1/mem", "rb"),
        ):
            try:
                attempt()
            except PermissionError:
                print("refused")
        os.kill(1, signal.SIGKILL)
        os.kill(1, signal.SIGTERM)
        print("still there")
        """
    )
    assert result.stdout.split("\n") == [*["refused"] * 4, "still there", ""]
    assert result.exit_status == 0


async def test_a_grandchild_dies_with_the_command(guest: Guest) -> None:
    result = await guest(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                print("daemon", flush=True)
                time.sleep(60)
            os._exit(0)
        os.wait()
        time.sleep(0.3)
        """
    )
    assert result.exit_status == 0
    assert result.stdout == "daemon\n"
    assert result.elapsed_seconds < 30


@pytest.mark.parametrize(
    ("code", "limits", "hit"),
    [
        ("time.sleep(60)", {"wall_seconds": 1}, "wall_seconds"),
        ("while True: pass", {"cpu_seconds": 1}, "cpu_seconds"),
        ("while True: print('x' * 4096)", {"output_bytes": 10_000}, "output_bytes"),
        ("for _ in range(60): Thread(target=time.sleep, args=(60,)).start()",
         {"processes": 32}, "processes"),
    ],
    ids=["wall time", "CPU time", "output", "threads"],
)  # fmt: skip
async def test_limits_hold(
    guest: Guest, code: str, limits: dict[str, int], hit: str, cluster: Cluster
) -> None:
    begin = "import time\nfrom threading import Thread\nprint('begun', flush=True)\n"
    result = await guest(begin + code, limits=QUICK.model_copy(update=limits))
    assert result.limits_hit == (hit,)
    assert result.signal in (9, 24)
    assert result.stdout.startswith("begun\n")
    assert len(result.stdout) <= 10_000
    assert not cluster.jobs


async def test_one_process_cannot_have_more_memory(guest: Guest) -> None:
    result = await guest(
        "b = bytearray(200 << 20)", limits=QUICK.model_copy(update={"memory_bytes": 128 << 20})
    )
    assert "MemoryError" in result.stderr


async def test_a_pod_out_of_memory_is_a_limit(guest: Guest, cluster: Cluster) -> None:
    async def end(pod: Pod) -> None:
        killing.append(asyncio.create_task(out_of_memory(pod)))

    killing: list[asyncio.Task[None]] = []
    cluster.when_running = end
    result = await guest("import time; time.sleep(60)")
    await killing[0]
    assert result.limits_hit == ("memory_bytes",)
    assert (result.exit_status, result.signal) == (None, 9)


async def test_cancelling_ends_the_pod_and_deletes_the_job(guest: Guest, cluster: Cluster) -> None:
    running = asyncio.create_task(guest("import time; time.sleep(60)"))
    while not (cluster.jobs and "command" in next(iter(cluster.jobs.values())).states):
        assert not running.done()
        await asyncio.sleep(0.05)
    pod = next(iter(cluster.jobs.values()))
    await asyncio.wait_for(pod.attached.wait(), 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [each["propagationPolicy"] for each in cluster.deleted] == ["Background"]
    assert not cluster.jobs
    assert pod.process is not None
    assert pod.process.returncode is not None


async def test_a_connection_that_breaks_is_no_result(guest: Guest, cluster: Cluster) -> None:
    cluster.drop_after = 1
    with pytest.raises(SandboxUnavailable, match="broke before its command part ended"):
        await guest("import time; print('x' * 50, flush=True); time.sleep(60)")
    assert not cluster.jobs


async def test_an_image_that_cannot_be_had_is_told_at_once(guest: Guest, cluster: Cluster) -> None:
    cluster.waiting = {"reason": "ImagePullBackOff", "message": "Back-off pulling worker:1"}
    with pytest.raises(SandboxUnavailable, match=r"Back-off pulling worker:1.*image worker:1"):
        await guest("print(1)")
    assert not cluster.jobs


async def test_a_pod_that_does_not_start_is_given_up(
    settings: KubernetesSettings, cluster: Cluster
) -> None:
    cluster.waiting = {"reason": "ContainerCreating", "message": "waiting for a node"}
    hasty = KubernetesSandbox(settings.model_copy(update={"start_seconds": 0.5}))
    with pytest.raises(SandboxUnavailable, match="ContainerCreating: waiting for a node"):
        await hasty.run(["true"], limits=QUICK)
    assert not cluster.jobs


@pytest.mark.parametrize(
    ("place", "status", "advice"),
    [
        (f"POST {JOBS}", 403, "bind its roles"),
        (f"POST {JOBS}", 500, "is not for you"),
        (f"GET {PODS}", 403, "bind its roles"),
        (f"POST {JOBS}", 401, "QL_SANDBOX_KUBERNETES_TOKEN_FILE"),
    ],
)
async def test_refusals_of_the_api_are_told(
    guest: Guest, cluster: Cluster, place: str, status: int, advice: str
) -> None:
    cluster.refused = {place: status}
    with pytest.raises(SandboxUnavailable, match=rf"answered {status} to .*{advice}"):
        await guest("print(1)")
    assert not cluster.jobs


async def test_a_cluster_that_is_away_is_told(settings: KubernetesSettings) -> None:
    away = KubernetesSandbox(settings.model_copy(update={"api": "http://127.0.0.1:9"}))
    with pytest.raises(SandboxUnavailable, match=r"127\.0\.0\.1:9 cannot be reached.*_API"):
        await away.run(["true"], limits=QUICK)


async def test_a_project_that_cannot_be_read_is_told(
    pods: KubernetesSandbox, cluster: Cluster, tmp_path: Path
) -> None:
    with pytest.raises(SandboxUnavailable, match="cannot be read for the sandbox"):
        await pods.run(["true"], workspace=tmp_path / "not-there", limits=QUICK)
    assert not cluster.created


async def test_a_volume_that_is_full_is_told(guest: Guest, cluster: Cluster) -> None:
    cluster.scratch_bytes = 4096
    with pytest.raises(SandboxUnavailable, match="does not fit into the sandbox's disk of 512 MiB"):
        await guest("#" * 100_000)


async def test_a_project_is_tested_with_pytest(
    pods: KubernetesSandbox, tmp_path: Path, cache: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "area.py").write_text("def area(a, b):\n    return a * b\n")
    (project / "test_area.py").write_text(
        "from area import area\n\ndef test_area():\n    assert area(2, 3) == 6\n"
        "\ndef test_zero():\n    assert area(0, 3) == 0\n"
    )
    report = await run_tests(project, cache=cache, limits=Limits(wall_seconds=60), sandbox=pods)
    assert report.verdict is Verdict.PASSED, report.reason + report.output
    assert (report.executed, report.sandbox) == (2, "kubernetes (gvisor)")
    (project / "area.py").write_text("def area(a, b):\n    return a + b\n")
    report = await run_tests(project, cache=cache, limits=Limits(wall_seconds=60), sandbox=pods)
    assert (report.verdict, report.failed) == (Verdict.FAILED, 2)
