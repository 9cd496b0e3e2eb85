"""Running installers, resolvers and our own compiling, in a sandbox that can fill one folder.

No code of a project or a package is meant to run here; should an installer be tricked into it, it
finds no home, no secret, nothing to change but its own folder, and no address but registries.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from quantumlayer.processes import Group, child_environment
from quantumlayer.qtest.errors import DependencyError, Fault, SandboxUnavailable
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.registries.endpoints import Registries, is_loopback
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox import BubblewrapSandbox, Mount, SandboxResult, probe_bubblewrap
from quantumlayer.qtest.sandbox.filling import DOOR, Target
from quantumlayer.qtest.sandbox.host import base_interpreter, covered, same_place

if TYPE_CHECKING:
    from quantumlayer.qtest.registries.door import Door

LIMITS = Limits(
    memory_bytes=4096 * MIB, cpu_seconds=900, wall_seconds=600.0, processes=512, open_files=4096,
    file_size_bytes=2048 * MIB, disk_bytes=8192 * MIB, output_bytes=4 * MIB,
)  # fmt: skip
"""What an installation may use; `disk_bytes` is what it may leave."""

FORWARDER = Path(__file__).parent.parent / "payload" / "forwarder.py"
FORWARDER_PLACE = PurePosixPath("/opt/forwarder.py")
PROXY_PORT = 3128
PROXY = f"http://127.0.0.1:{PROXY_PORT}"
PROXY_VARIABLES = dict.fromkeys(
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), PROXY
)
TRUST_FOLDERS = (
    "/etc/ssl/certs", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust", "/etc/pki/tls/certs", "/etc/ca-certificates",
)  # fmt: skip
UNITS = {"memory_bytes": "memory", "disk_bytes": "disk", "output_bytes": "output"}


async def run_installer(
    command: Sequence[str],
    *,
    folder: Path,
    within: Path | None = None,
    environment: Mapping[str, str] | None = None,
    reads: Sequence[Mount] = (),
    access: Access | None = None,
    limits: Limits = LIMITS,
) -> tuple[int, str]:
    """Run a program to its end: its exit status and what it said. Cancelling kills it.

    `folder` is all that it can change, and has the same path inside; it starts there, or in the
    folder `within` it. It sees the distribution's programs, the interpreter, and `reads`; of the
    environment it learns `environment` alone. Without `access` it has no network. Raises
    DependencyError where it cannot run, or runs into a limit.
    """
    registries = access.registries if access else None
    async with door_to(registries) as door:
        result = await run_at(
            door, command, folder=folder, within=within, environment=environment or {},
            reads=reads, access=access, limits=limits,
        )  # fmt: skip
    for limit in result.limits_hit:
        raise DependencyError(hit(limit, limits), fault=Fault.INFRASTRUCTURE, output=result.stderr)
    said = result.stdout + result.stderr
    if result.exit_status != 0 and door is not None and door.refused:
        wanted = ", ".join(str(endpoint) for endpoint in sorted(door.refused))
        # First, where whoever shortens it will leave it.
        said = (
            f"{wanted} was asked for, which is no package registry of this deployment "
            f"(one of yours can be named in QL_REGISTRY_HOSTS).\n{said}"
        )
    status = result.exit_status if result.exit_status is not None else 128 + (result.signal or 0)
    return status, said


@asynccontextmanager
async def door_to(
    registries: Registries | None, *, learns: bool = False
) -> AsyncIterator["Door | None"]:
    """A door in a folder that only this user can enter; none for an installer without network."""
    if registries is None:
        yield None
        return
    from quantumlayer.qtest.registries.door import opened  # noqa: PLC0415 - slow to load, and a warm environment needs none of it

    with tempfile.TemporaryDirectory(prefix="ql-door-") as place:
        async with opened(Path(place) / "door", registries, learns=learns) as door:
            yield door


async def run_at(  # noqa: PLR0913 - as above
    door: "Door | None",
    command: Sequence[str],
    *,
    folder: Path,
    within: Path | None,
    environment: Mapping[str, str],
    reads: Sequence[Mount],
    access: Access | None,
    limits: Limits,
) -> SandboxResult:
    """One program in its sandbox, with a door where there is one. Raises DependencyError."""
    variables = dict(environment)
    mounts = list(reads)
    words = list(command)
    if door is not None and access is not None:
        trusted = child_environment(Group.TRUST)
        variables = {**trusted, **access.variables, **environment, **PROXY_VARIABLES}
        mounts += [*access.reads, *trust_mounts(trusted),
                   Mount(source=FORWARDER, target=FORWARDER_PLACE)]  # fmt: skip
        words = [*forwarder(door.registries), *words]
    target = Target(folder, within or folder, door.socket if door else None)
    try:
        sandbox = await asyncio.to_thread(installers_sandbox)
        return await sandbox.fill(
            words, target, mounts=unique(mounts), environment=variables, limits=limits
        )
    except SandboxUnavailable as error:
        raise DependencyError(
            f"Nothing was installed, because that happens in a sandbox only: {error}",
            fault=Fault.INFRASTRUCTURE,
        ) from error


def installers_sandbox() -> BubblewrapSandbox:
    """The sandbox of installers, whatever tests run in: pods have no way to a registry.

    Raises SandboxUnavailable.
    """
    try:
        return probe_bubblewrap()
    except SandboxUnavailable as error:
        raise SandboxUnavailable(
            f"{error} (Pods of a cluster run tests, but cannot install: they have no network at "
            "all. Allow bubblewrap here, or bring a cache with the environments in it.)"
        ) from error


def forwarder(registries: Registries) -> list[str]:
    mirrors = sorted(str(each) for each in registries.named if is_loopback(each))
    return [
        str(base_interpreter()), "-I", "-S", str(FORWARDER_PLACE), str(DOOR), str(PROXY_PORT),
        ",".join(mirrors),
    ]  # fmt: skip


def trust_mounts(trusted: Mapping[str, str]) -> list[Mount]:
    """The certificates that this machine trusts: its folders, and files that are named."""
    named = [Path(value) for value in trusted.values() if value.startswith("/")]
    folders = [Path(folder) for folder in TRUST_FOLDERS if Path(folder).is_dir()]
    inside = (*folders, *(Path(folder) for folder in TRUST_FOLDERS))
    extra = [
        path for path in named
        if path.exists() and not covered(path) and not any(map(path.is_relative_to, inside))
    ]  # fmt: skip
    return [same_place(path) for path in (*folders, *extra)]


def unique(mounts: Sequence[Mount]) -> list[Mount]:
    return list({mount.target: mount for mount in mounts}.values())


def hit(limit: str, limits: Limits) -> str:
    """What to say of an installation that used too much."""
    bound = getattr(limits, limit)
    if limit in UNITS:
        return f"Installing used more {UNITS[limit]} than its {bound // MIB} MiB ({limit})."
    if limit == "wall_seconds":
        return f"Installing the dependencies took longer than {bound:.0f} s."
    return f"Installing went beyond its limit of {bound} {limit}."
