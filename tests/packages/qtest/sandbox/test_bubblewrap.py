"""What code inside the sandbox can and cannot do. Each case is a program that tries."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.qtest import BubblewrapSandbox
from quantumlayer.qtest.sandbox import WORKSPACE
from tests.packages.qtest.sandbox.conftest import Guest


@pytest.fixture
def listener() -> Iterator[int]:
    """A server on the host's loopback, as a database would be."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_it_runs_a_program_in_a_copy_of_the_workspace(guest: Guest, tmp_path: Path) -> None:
    result = await guest(
        """
        from pathlib import Path
        print(Path.cwd(), Path("data.txt").read_text())
        Path("data.txt").write_text("changed")
        Path("new").mkdir()
        """,
        files={"data.txt": "original"},
    )
    assert (result.exit_status, result.stdout) == (0, f"{WORKSPACE} original\n")
    assert (tmp_path / "workspace" / "data.txt").read_text() == "original"
    assert not (tmp_path / "workspace" / "new").exists()


async def test_exit_statuses_and_signals_come_back_as_they_are(guest: Guest) -> None:
    assert (await guest("raise SystemExit(3)")).exit_status == 3
    killed = await guest("import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    assert (killed.exit_status, killed.signal) == (None, 15)


def namespace(kind: str) -> int:
    return Path(f"/proc/self/ns/{kind}").stat().st_ino


async def test_every_namespace_is_its_own(guest: Guest) -> None:
    kinds = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
    result = await guest(
        f"import os\nfor k in {kinds!r}: print(os.stat(f'/proc/self/ns/{{k}}').st_ino)"
    )
    inside = list(map(int, result.stdout.split()))
    outside = [namespace(kind) for kind in kinds]
    assert len(inside) == len(kinds)
    assert not set(inside) & set(outside)


async def test_it_holds_no_privilege_and_can_gain_none(guest: Guest) -> None:
    result = await guest("print(open('/proc/self/status').read())")
    status = dict(line.split(":\t", 1) for line in result.stdout.splitlines() if ":\t" in line)
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert status["Uid"].split() == ["1000"] * 4


@pytest.mark.parametrize(
    "path",
    [
        "/etc/shadow", "/etc/passwd-", str(Path.home() / ".ssh"), str(Path.home() / ".bashrc"),
        "/home", "/var", "/srv",
        "/sys", "/run", "/boot", "/proc/kcore", "/proc/1/root" + "/etc/shadow",
        "/dev/mem", "/dev/sda", "/dev/vda", "/dev/kmsg", "/dev/fuse", "/dev/kvm",
    ],
)  # fmt: skip
async def test_the_host_cannot_be_read(guest: Guest, path: str) -> None:
    result = await guest(
        f"""
        import os
        path = {path!r}
        try:
            print("READ", os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(64))
        except OSError as error:
            print("refused", type(error).__name__)
        """
    )
    assert result.stdout.startswith("refused"), result.stdout


async def test_the_personal_folder_holds_nothing_but_the_interpreter(guest: Guest) -> None:
    result = await guest(
        f"""
        import os, sys
        for folder, folders, files in os.walk({str(Path.home())!r}):
            inside = os.path.join(folder, "")
            if inside.startswith(os.path.join(sys.base_prefix, "")):
                folders.clear()
                continue
            for name in files:
                print(os.path.join(folder, name))
        """
    )
    assert (result.exit_status, result.stdout) == (0, "")


async def test_secrets_of_the_environment_stay_outside(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "hunter2-secret")
    result = await guest(
        """
        import os
        print(dict(os.environ))
        for pid in filter(str.isdigit, os.listdir("/proc")):
            for name in ("environ", "cmdline"):
                try:
                    print(open(f"/proc/{pid}/{name}").read())
                except OSError:
                    pass
        """
    )
    assert result.exit_status == 0
    assert "hunter2-secret" not in result.stdout
    assert str(Path.cwd()) not in result.stdout


async def test_no_address_can_be_reached(guest: Guest, listener: int) -> None:
    result = await guest(
        f"""
        import socket
        for host, port in (("127.0.0.1", {listener}), ("1.1.1.1", 53), ("10.0.0.1", 80)):
            try:
                socket.create_connection((host, port), timeout=2)
                print("REACHED", host)
            except OSError as error:
                print("refused", error)
        try:
            print("REACHED", socket.getaddrinfo("example.org", 80))
        except OSError as error:
            print("refused", error)
        """
    )
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["refused"] * 4


async def test_its_own_loopback_works(guest: Guest) -> None:
    result = await guest(
        """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        print("connected")
        """
    )
    assert result.stdout == "connected\n"


async def test_sockets_that_ignore_network_namespaces_are_refused(guest: Guest) -> None:
    result = await guest(
        """
        import socket
        for name in ("AF_VSOCK", "AF_PACKET", "AF_ALG", "AF_BLUETOOTH", "AF_QIPCRTR"):
            try:
                socket.socket(getattr(socket, name, 999), socket.SOCK_STREAM)
                print("MADE", name)
            except OSError:
                print("refused")
        """
    )
    assert result.stdout.split() == ["refused"] * 5


async def test_abstract_sockets_of_the_host_are_unreachable(guest: Guest) -> None:
    name = f"\0quantumlayer-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        result = await guest(
            f"""
            import socket
            try:
                socket.socket(socket.AF_UNIX).connect({name!r})
                print("REACHED")
            except OSError:
                print("refused")
            """
        )
    assert result.stdout == "refused\n"


@pytest.mark.parametrize(
    "path", ["/", "/usr/bin", "/etc", "/dev", "/mnt", "/proc", "/opt", "/root"]
)
async def test_nothing_can_be_written_but_the_own_disk(guest: Guest, path: str) -> None:
    result = await guest(
        f"""
        try:
            open({path!r} + "/written", "w").write("x")
            print("WRITTEN")
        except OSError:
            print("refused")
        """
    )
    assert result.stdout == "refused\n"


async def test_links_out_of_the_workspace_lead_nowhere(guest: Guest, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "soft").symlink_to(secret)
    (tmp_path / "workspace" / "up").symlink_to("../../../../../etc/shadow")
    result = await guest(
        """
        for name in ("soft", "up"):
            try:
                print("READ", open(name).read())
            except OSError:
                print("refused")
        """
    )
    assert result.stdout.split() == ["refused"] * 2


async def test_the_processes_of_the_host_are_invisible(guest: Guest) -> None:
    result = await guest(
        f"""
        import os
        print(len([p for p in os.listdir("/proc") if p.isdigit()]) < 10)
        try:
            os.kill({os.getpid()}, 0)
            print("SEEN")
        except OSError:
            print("refused")
        """
    )
    assert result.stdout.split() == ["True", "refused"]


async def test_system_calls_with_a_bad_record_are_refused(guest: Guest) -> None:
    result = await guest(
        """
        import ctypes, errno, platform
        libc = ctypes.CDLL(None, use_errno=True)
        arm = platform.machine() == "aarch64"
        calls = {
            "unshare": (97 if arm else 272, 0x10000000),
            "mount": (40 if arm else 165, 0, 0, 0, 0),
            "ptrace": (117 if arm else 101, 16, 1, 0, 0),
            "keyctl": (219 if arm else 250, 0, 0, 0, 0),
            "bpf": (280 if arm else 321, 0, 0, 0),
            "perf_event_open": (241 if arm else 298, 0, 0, 0, 0, 0),
            "userfaultfd": (282 if arm else 323, 0),
            "setns": (268 if arm else 308, 0, 0),
            "io_uring_setup": (425, 1, 0),
            "memfd_create": (279 if arm else 319, b"x", 0),
            "clone3": (435, 0, 0),
            "clone with a user namespace": (220 if arm else 56, 0x10000000 | 17, 0, 0, 0, 0),
            "socket of AF_VSOCK": (198 if arm else 41, 40, 1, 0),
        }
        for name, (number, *arguments) in calls.items():
            answer = libc.syscall(number, *arguments)
            print(name, answer, errno.errorcode[ctypes.get_errno()], sep="|")
        """
    )
    answers = [line.split("|") for line in result.stdout.splitlines()]
    assert len(answers) == 13, result.stderr
    assert {answer for _, answer, _ in answers} == {"-1"}
    assert {error for *_, error in answers} <= {"EPERM", "ENOSYS", "EAFNOSUPPORT"}


async def test_the_host_name_is_not_told(guest: Guest) -> None:
    assert (await guest("import socket; print(socket.gethostname())")).stdout == "sandbox\n"


async def test_no_descriptor_is_inherited_but_the_report(guest: Guest) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        held.set_inheritable(True)
        result = await guest(
            """
            import os
            own = {0, 1, 2, int(os.environ["SANDBOX_REPORT_FD"])}
            for number in range(3, 256):
                try:
                    os.fstat(number)
                except OSError:
                    continue
                if number not in own:
                    print("INHERITED", number, os.readlink(f"/proc/self/fd/{number}"))
            """
        )
    assert (result.exit_status, result.stdout) == (0, "")


async def test_what_is_written_to_the_report_descriptor_comes_back(guest: Guest) -> None:
    result = await guest("import os; os.write(int(os.environ['SANDBOX_REPORT_FD']), b'told')")
    assert result.report == b"told"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a run a host user of its own")
async def test_as_root_the_guest_is_an_unprivileged_user_of_the_host(tmp_path: Path) -> None:
    walls = BubblewrapSandbox(private_host_user=True)
    result = await walls.run(["cat", "/proc/self/uid_map"], workspace=tmp_path)
    inside, outside, length = map(int, result.stdout.split())
    assert (inside, length) == (1000, 1)
    assert outside > 1_000_000
