"""Programs that try to get out. None may; and each is seen to succeed where nothing holds it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.qtest import BubblewrapSandbox, Limits, Mount, probe_bubblewrap
from tests.packages.qtest.sandbox.escapes import suite
from tests.packages.qtest.sandbox.escapes.attempts import Attempt, Control, Tongue
from tests.packages.qtest.sandbox.escapes.world import World, world

PYTHON = str(Path(sys.executable).resolve())
DRIVER = Path(__file__).with_name("driver.py")
SUFFIXES = {Tongue.PYTHON: ".py", Tongue.SHELL: ".sh", Tongue.C: ""}
SECONDS = 15.0
TOGETHER = Limits(wall_seconds=100, cpu_seconds=100, open_files=4096)
SHARED = [attempt for attempt in suite.ATTEMPTS if attempt.limits is None]
ALONE = [attempt for attempt in suite.ATTEMPTS if attempt.limits is not None]
OUTSIDE = [
    attempt
    for attempt in suite.ATTEMPTS
    if attempt.control in (Control.BARE, Control.ROOT, Control.NAMESPACES)
]
WIDER = [attempt for attempt in suite.ATTEMPTS if attempt.control is Control.LIMITS]
OWN_NAMESPACES = (
    "unshare", "--user", "--map-root-user", "--mount", "--mount-proc", "--pid", "--fork",
    "--net", "--uts", "--ipc", "--cgroup",
)  # fmt: skip
# What a kernel that was built without a feature answers: there is nothing to be shown there.
LACKING = ("EAFNOSUPPORT", "EPROTONOSUPPORT", "ENOSYS", "ENODEV")


@dataclass(frozen=True)
class Ended:
    """What a program said, and by what it ended: names of limits and signals."""

    said: str
    ended_by: frozenset[str] = frozenset()

    def escaped(self, attempt: Attempt) -> str:
        """Why this is not a refusal, or nothing."""
        if "ESCAPED" in self.said and not attempt.judged_after:
            return self.said
        spoken = "REFUSED" in self.said or attempt.judged_after
        return "" if spoken or self.ended_by & attempt.ends_by else f"{self.ended_by} {self.said}"


def named(status: int | None) -> frozenset[str]:
    """The name of the signal that a status stands for."""
    if status is None or status == 0:
        return frozenset()
    number = -status if status < 0 else status - 128
    known = {each.value: each.name for each in signal.Signals}
    return frozenset({known[number]} if number in known else ())


def write(attempts: Iterable[Attempt], folder: Path) -> None:
    """The programs, ready to run."""
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in attempts:
        path = folder / f"{attempt.id}{SUFFIXES[attempt.tongue]}"
        if attempt.tongue is Tongue.C:
            command = ["gcc", "-x", "c", "-o", str(path), "-"]
            subprocess.run(command, input=attempt.source.encode(), check=True)
        else:
            path.write_text(attempt.source)


@pytest.fixture(scope="module")
def inside_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What is at stake for the attempts in the sandbox."""
    with world(tmp_path_factory.mktemp("world"), control=False) as made:
        yield made
        assert made.unharmed() == []


@pytest.fixture(scope="module")
def outside_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Another host's worth of victims, for the controls."""
    with world(tmp_path_factory.mktemp("outside"), control=True) as made:
        yield made


@pytest.fixture(
    scope="module",
    params=[True, False] if os.getuid() == 0 else [False],
    ids=["private host user", "single step"] if os.getuid() == 0 else ["single step"],
)
def walls(request: pytest.FixtureRequest) -> BubblewrapSandbox:
    """Every way of building the sandbox that this user can choose from."""
    probe_bubblewrap()
    return BubblewrapSandbox(private_host_user=request.param)


def cache_of(made: World) -> Mount:
    return Mount(source=made.folder / "cache", target=PurePosixPath("/opt/cache"))


def plant(workspace: Path, made: World) -> None:
    """What a hostile project brings along."""
    planted = workspace / "planted"
    planted.mkdir(parents=True, exist_ok=True)
    (planted / "soft").symlink_to(made.folder / "secret.txt")
    (planted / "folder").symlink_to(made.folder)


@pytest.fixture(scope="module")
async def together(
    walls: BubblewrapSandbox, inside_world: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Ended]:
    """All attempts that can do without a sandbox of their own, in one."""
    workspace = tmp_path_factory.mktemp("workspace")
    write(SHARED, workspace / "attempts")
    shutil.copy(DRIVER, workspace / "driver.py")
    plant(workspace, inside_world)
    result = await walls.run(
        [PYTHON, "-I", "-S", "driver.py", str(SECONDS)],
        workspace=workspace,
        mounts=[cache_of(inside_world)],
        environment=inside_world.environment,
        limits=TOGETHER,
    )
    assert result.exit_status == 0, result
    ended = json.loads(result.stdout.splitlines()[-1])
    return {name: Ended(each["said"], named(each["status"])) for name, each in ended.items()}


@pytest.mark.parametrize("attempt", SHARED, ids=lambda attempt: attempt.id)
def test_no_attempt_gets_out(
    attempt: Attempt, together: dict[str, Ended], inside_world: World
) -> None:
    assert together[attempt.id].escaped(attempt) == ""
    if attempt.judged_after:
        assert left_behind(inside_world) == []


async def alone(
    attempt: Attempt, limits: Limits, made: World, folder: Path, walls: BubblewrapSandbox
) -> Ended:
    """One attempt in a sandbox of its own."""
    write([attempt], folder)
    plant(folder, made)
    command = [PYTHON, "-I", "-S"] if attempt.tongue is Tongue.PYTHON else ["/bin/sh"]
    result = await walls.run(
        [*command, f"{attempt.id}{SUFFIXES[attempt.tongue]}"],
        workspace=folder,
        environment=made.environment,
        limits=limits,
    )
    ended = named(-(result.signal or 0))
    said = result.stdout[-2000:] + result.stderr[-2000:]
    return Ended(said, ended | frozenset(result.limits_hit))


@pytest.mark.parametrize("attempt", ALONE, ids=lambda attempt: attempt.id)
async def test_no_bomb_breaks_a_limit(
    attempt: Attempt, inside_world: World, tmp_path: Path
) -> None:
    assert attempt.limits is not None
    ended = await alone(attempt, attempt.limits, inside_world, tmp_path, best_walls())
    assert ended.escaped(attempt) == ""


@pytest.mark.slow
@pytest.mark.parametrize("attempt", WIDER, ids=lambda attempt: attempt.id)
async def test_each_bomb_goes_off_under_wider_limits(
    attempt: Attempt, outside_world: World, tmp_path: Path
) -> None:
    assert attempt.wider is not None
    ended = await alone(attempt, attempt.wider, outside_world, tmp_path, best_walls())
    assert "ESCAPED" in ended.said, ended


@pytest.mark.slow
@pytest.mark.parametrize("attempt", OUTSIDE, ids=lambda attempt: attempt.id)
def test_each_attempt_succeeds_where_nothing_holds_it(
    attempt: Attempt, outside_world: World, tmp_path: Path
) -> None:
    if attempt.control is Control.ROOT and os.getuid() != 0:
        pytest.skip("only root could do that outside")
    write([attempt], tmp_path)
    plant(tmp_path, outside_world)
    prefix = OWN_NAMESPACES if attempt.control is Control.NAMESPACES else ()
    words = {Tongue.PYTHON: [PYTHON, "-I", "-S"], Tongue.SHELL: ["/bin/sh"], Tongue.C: []}
    done = subprocess.run(
        [
            *prefix,
            *words[attempt.tongue],
            str(tmp_path / f"{attempt.id}{SUFFIXES[attempt.tongue]}"),
        ],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin",
            "MY_TOKEN": outside_world.marker,
            **outside_world.environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        start_new_session=True,
        pass_fds=(outside_world.left_open,),
    )
    if lacking(done.stdout, attempt):
        pytest.skip(f"there is nothing of the kind here: {done.stdout.strip()}")
    assert "ESCAPED" in done.stdout, (done.stdout, done.stderr)
    if attempt.judged_after:
        [daemon] = left_behind(outside_world)
        os.kill(daemon, signal.SIGKILL)


def lacking(said: str, attempt: Attempt) -> bool:
    """Whether a control was refused for want of what it is about: a feature of the kernel, or a
    capability that root has lost in a container."""
    absent = any(word in said for word in LACKING) or ("ENOENT" in said and "'/proc/" in said)
    status = Path("/proc/self/status").read_text()
    held = int(status.partition("CapEff:")[2].split()[0], 16)
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    whole = held == (1 << last + 1) - 1
    return absent or ("EPERM" in said and attempt.control is Control.ROOT and not whole)


def left_behind(made: World) -> list[int]:
    """Processes of the host that the daemon attempt started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if made.facts["daemon"].encode() in arguments:
                found.append(int(entry.name))
    return found


def best_walls() -> BubblewrapSandbox:
    """What checks use on this machine."""
    return probe_bubblewrap()


def test_the_suite_is_as_large_as_it_must_be() -> None:
    assert len(suite.ATTEMPTS) >= 55
    uncontrolled = [each.id for each in suite.ATTEMPTS if each.control is Control.NONE]
    assert len(uncontrolled) < len(suite.ATTEMPTS) / 8, uncontrolled
