"""Which parts of the host a sandbox may read: a list of paths, never the whole file system."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.errors import SandboxUnavailable, ToolMissing
from quantumlayer.qtest.sandbox.model import Mount

INSTALL_ADVICE = (
    "Install it with `apt-get install bubblewrap` (Debian, Ubuntu), `dnf install bubblewrap` "
    "(Fedora) or `pacman -S bubblewrap` (Arch), then run `quantumlayer doctor`."
)

# Programs and libraries of the distribution, and the few settings they cannot do without.
SYSTEM_PATHS = (
    "/usr/bin",
    "/usr/sbin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/share/nodejs",
    "/usr/share/zoneinfo",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/services",
    "/etc/ssl/openssl.cnf",
)

# What /proc tells of the host rather than of the sandbox, and what is done by writing into it.
MASKED_PATHS = (
    "/proc/cmdline",
    "/proc/config.gz",
    "/proc/iomem",
    "/proc/kallsyms",
    "/proc/kcore",
    "/proc/key-users",
    "/proc/keys",
    "/proc/kmsg",
    "/proc/modules",
    "/proc/partitions",
    "/proc/sched_debug",
    "/proc/slabinfo",
    "/proc/sysrq-trigger",
    "/proc/timer_list",
    "/proc/vmallocinfo",
)

# Folders that merged distributions keep as links into /usr.
MERGED_PATHS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")

NODE_TARGET = PurePosixPath("/opt/node/bin/node")


def system_mounts() -> list[Mount]:
    """The distribution's own files, at the places where programs look for them."""
    paths = [Path(path) for path in (*SYSTEM_PATHS, *MERGED_PATHS)]
    return [same_place(path) for path in paths if path.exists() and not path.is_symlink()]


def masked_paths() -> list[Path]:
    """Files of /proc that a sandbox cannot open."""
    return [Path(path) for path in MASKED_PATHS if Path(path).exists()]


def system_links() -> list[tuple[str, str]]:
    """(target, link) for the folders that are links on this distribution."""
    links = [Path(path) for path in MERGED_PATHS if Path(path).is_symlink()]
    return [(str(link.readlink()), str(link)) for link in links]


def base_interpreter() -> Path:
    """The real interpreter below whatever virtual environment runs this code, links resolved."""
    executable: str = getattr(sys, "_base_executable", None) or sys.executable
    return Path(executable).resolve()


def interpreter_mounts() -> list[Mount]:
    """The base interpreter's programs and libraries, at their own place.

    They may live anywhere (pyenv, conda, uv), and shared libraries are found by absolute paths, so
    the place has to stay. Both spellings are mounted where a link is part of the path.
    """
    prefixes = {Path(sys.base_prefix), Path(sys.base_prefix).resolve()}
    folders = [prefix / name for prefix in sorted(prefixes) for name in ("bin", "lib", "lib64")]
    for prefix in prefixes:
        if prefix == Path("/") or prefix == Path.home() or prefix in Path.home().parents:
            raise SandboxUnavailable(
                f"Python is installed in {prefix}, which holds personal files, so a sandbox "
                "cannot show it to the code it runs. Use a Python in a folder of its own."
            )
    return [same_place(path) for path in folders if path.is_dir() and not covered(path)]


def tool_mounts(tools: Sequence[Path]) -> list[Mount]:
    """Programs that the sandbox is made of, where they are not the distribution's own."""
    return [same_place(tool) for tool in tools if not covered(tool) and not covered(tool.resolve())]


def node_executable() -> tuple[PurePosixPath, list[Mount]]:
    """Where a sandbox finds Node, and the mounts that takes. Raises ToolMissing without Node."""
    found = shutil.which("node")
    if found is None:
        raise ToolMissing(
            "Node.js is not installed: JavaScript tests cannot run. Install Node 20 or later "
            "(`apt-get install nodejs`), then run `quantumlayer doctor`."
        )
    real = Path(found).resolve()
    if covered(real):
        return PurePosixPath(real), []
    return NODE_TARGET, [Mount(source=real, target=NODE_TARGET)]


def covered(path: Path) -> bool:
    """Whether the distribution's mounts show this path already."""
    return any(path.is_relative_to(folder) for folder in SYSTEM_PATHS)


def same_place(path: Path) -> Mount:
    return Mount(source=path.resolve(), target=PurePosixPath(path))


def require_tool(name: str) -> Path:
    """The path of a program that the sandbox itself is made of."""
    found = shutil.which(name)
    if found is None and name == "bwrap":
        raise SandboxUnavailable(
            f"bubblewrap is not installed, so generated code cannot run safely. {INSTALL_ADVICE}"
        )
    if found is None:
        raise SandboxUnavailable(
            f"The program `{name}` is missing; the sandbox needs it. Install util-linux, coreutils "
            "and findutils, then run `quantumlayer doctor`."
        )
    return Path(found)
