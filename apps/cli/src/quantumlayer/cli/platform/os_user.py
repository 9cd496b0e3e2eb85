"""PostgreSQL refuses to run as root: as root, a user of its own runs it."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.parts import OsUser
from quantumlayer.processes import Group, child_environment

_NAME = "quantumlayer"
_ANYBODY_READS = stat.S_IRGRP | stat.S_IROTH
_ANYBODY_ENTERS = stat.S_IXGRP | stat.S_IXOTH


def database_user() -> OsUser | None:
    """The user to run PostgreSQL as: None for ourselves, one made for it when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        _add_user()
        entry = pwd.getpwnam(_NAME)
    return OsUser(entry.pw_uid, entry.pw_gid)


def _add_user() -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    advice = "run as another user than root, or set QL_POSTGRES_URL to a server of yours"
    if useradd is None:
        raise PlatformError(f"PostgreSQL does not run as root and useradd is missing; {advice}")
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/sh", _NAME]
    result = subprocess.run(  # noqa: S603 - our own words
        [useradd, *arguments], capture_output=True, text=True, check=False,
        env=child_environment(Group.BASE),
    )  # fmt: skip
    try:
        # Two homes that start together may both have tried; one user is enough.
        pwd.getpwnam(_NAME)
    except KeyError:
        reason = result.stderr.strip() or f"status {result.returncode}"
        raise PlatformError(
            f"cannot add the system user {_NAME!r} for PostgreSQL ({reason}); {advice}"
        ) from None


def let_enter(path: Path) -> None:
    """Let other users pass through the folders above `path`: enter them, not read them."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | _ANYBODY_ENTERS)


def let_read(tree: Path) -> None:
    """Let other users read what lies under `tree`, such as an installed server."""
    let_enter(tree)
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = _ANYBODY_READS
        if path.is_dir() or mode & stat.S_IXUSR:
            wanted |= _ANYBODY_ENTERS
        if mode & wanted != wanted:
            path.chmod(mode | wanted)
