"""What a sandbox sees of files, as bubblewrap's options: the host's, its own, the project's."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.sandbox.filling import Target, target_options
from quantumlayer.qtest.sandbox.host import masked_paths
from quantumlayer.qtest.sandbox.inside import copied_names, system_files
from quantumlayer.qtest.sandbox.model import HOME, WORKSPACE, Mount

PROJECT = "/mnt/project"
NAMES = "/mnt/names"
SHARED_MEMORY_BYTES = 64 * MIB
TEMPORARY = PurePosixPath("/tmp")  # noqa: S108 - inside the sandbox
# Beside a folder of the host's disk, it holds what is small.
TEMPORARY_BYTES = 512 * MIB


def file_system(
    mounts: Sequence[Mount],
    links: Iterable[tuple[str, str]],
    limits: Limits,
    target: Target | None = None,
) -> list[str]:
    """Host files read-only, devices and a process table of its own, one bounded disk."""
    size = min(limits.disk_bytes, TEMPORARY_BYTES) if target else limits.disk_bytes
    # Implied folders would be closed to anybody but their owner.
    folders = folders_above([mount.target for mount in mounts])
    arguments = opened_folders(one for one in folders if TEMPORARY not in one.parents)
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    for path in masked_paths():
        arguments += ["--ro-bind", "/dev/null", str(path)]
    arguments += ["--size", str(SHARED_MEMORY_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm"]  # noqa: S108 - inside of the sandbox
    arguments += ["--remount-ro", "/dev"]
    arguments += ["--size", str(size), "--perms", "1777", "--tmpfs", str(TEMPORARY)]
    inside = [one for one in folders if TEMPORARY in one.parents]
    arguments += opened_folders((WORKSPACE, HOME, *inside))
    for mount in mounts:
        arguments += ["--ro-bind", str(mount.source), str(mount.target)]
    for place, link in links:
        arguments += ["--symlink", place, link]
    return arguments + (target_options(target) if target else [])


def project_files(workspace: Path | None, handed: Callable[[bytes], str]) -> list[str]:
    """The project, from where it is copied, and the files that describe the sandbox."""
    source = ["--dir", PROJECT] if workspace is None else ["--ro-bind", str(workspace), PROJECT]
    arguments = [*source, "--ro-bind-data", handed(copied_names(workspace)), NAMES]
    for content, path in system_files():
        arguments += ["--perms", "0644", "--ro-bind-data", handed(content), path]
    return arguments


def opened_folders(folders: Iterable[PurePosixPath]) -> list[str]:
    """Folders that anybody may enter."""
    return [word for one in folders for word in ("--perms", "0755", "--dir", str(one))]


def folders_above(paths: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    """Every folder on the way to the paths, parents first, once each."""
    found = {parent for path in paths for parent in path.parents if parent != PurePosixPath("/")}
    return sorted(found | {PurePosixPath("/mnt"), PurePosixPath("/etc")})
