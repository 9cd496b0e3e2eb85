"""A project and its mounts as one tar stream, laid out as the pod will see them."""

import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import BinaryIO

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.sandbox.inside import NOT_COPIED
from quantumlayer.qtest.sandbox.kubernetes.manifests import FILES, OPTIONAL, SCRATCH
from quantumlayer.qtest.sandbox.model import HOME, WORKSPACE, Mount


@dataclass(frozen=True)
class Cargo:
    """An archive on our disk, and what the pod has to have for it.

    `targets` are the mounts outside /opt; `expected` are host paths at their own place, which the
    pod's image has to bring itself.
    """

    content: BinaryIO
    size: int
    targets: tuple[PurePosixPath, ...]
    expected: tuple[str, ...]


def packed(workspace: Path | None, mounts: Sequence[Mount]) -> Cargo:
    """Write the archive. Raises SandboxUnavailable for what a pod cannot be given."""
    sent = [mount for mount in mounts if travels(mount)]
    expected = [mount for mount in mounts if not travels(mount)]
    for mount in expected:
        if mount.source.resolve() != Path(mount.target).resolve():
            raise SandboxUnavailable(
                f"A pod can be given files below {OPTIONAL} and {SCRATCH} only, not at "
                f"{mount.target}."
            )
    content = TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    try:
        with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
            add_folder(archive, WORKSPACE)
            add_folder(archive, HOME)
            for entry in sorted(workspace.iterdir()) if workspace else ():
                if entry.name not in NOT_COPIED:
                    add(archive, entry, WORKSPACE / entry.name)
        # An archive of its own: a hard link from one volume to another could not be made.
        with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
            add_folder(archive, FILES / "opt")
            for mount in sent:
                add(archive, mount.source.resolve(), FILES / mount.target.relative_to("/"))
    except OSError as error:
        content.close()
        raise SandboxUnavailable(f"The project cannot be read for the sandbox: {error}") from error
    size = content.tell()
    content.seek(0)
    targets = tuple(each.target for each in sent if not below(each.target, OPTIONAL))
    return Cargo(content, size, targets, tuple(str(mount.target) for mount in expected))


def travels(mount: Mount) -> bool:
    return below(mount.target, OPTIONAL) or below(mount.target, SCRATCH)


def below(path: PurePosixPath, folder: PurePosixPath) -> bool:
    return path != folder and path.is_relative_to(folder)


def add(archive: tarfile.TarFile, source: Path, target: PurePosixPath) -> None:
    """Files, folders and links as they are; what is neither (pipes, sockets, devices) stays."""
    archive.add(os.fspath(source), str(target.relative_to("/")), filter=ordinary)


def ordinary(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
        return None
    return anonymous(member)


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who owns a file here is nothing to the pod; it must be able to read what it is given."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode |= 0o700 if member.isdir() else 0o400
    return member


def add_folder(archive: tarfile.TarFile, target: PurePosixPath) -> None:
    member = tarfile.TarInfo(str(target.relative_to("/")))
    member.type, member.mode = tarfile.DIRTYPE, 0o755
    archive.addfile(member)
