"""Which of the machine's programs an image has: a slim one far fewer than the machine.

A container that calls `curl` in an image without it is broken, wherever the machine has one.
"""

import functools
import re
from collections.abc import Iterable
from pathlib import Path

# What `debootstrap --variant=minbase` installs, which is what slim images are made from.
ESSENTIAL_PACKAGES = (
    "apt", "base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debconf",
    "debianutils", "diffutils", "dpkg", "e2fsprogs", "findutils", "gpgv", "grep", "gzip",
    "hostname", "init-system-helpers", "libc-bin", "login", "logsave", "mawk", "mount",
    "ncurses-base", "ncurses-bin", "passwd", "perl-base", "sed", "sysvinit-utils", "tar",
    "util-linux", "util-linux-extra", "usr-is-merged",
)  # fmt: skip
# Made by scripts of packages, which list them nowhere.
ESSENTIAL_LINKS = ("awk", "nawk", "sh", "which", "pager", "rmt")
# In no image but that of their own language.
OF_LANGUAGES = re.compile(
    r"(?:python|pip|pydoc|2to3|node|npm|npx|corepack|yarn|go|gofmt|rust|cargo|java|mvn|ruby|gem|php"
    r"|uv|uvx|docker|terraform|chromium|psql|postgres|redis)[\w.+-]*"
)
LISTS = Path("/var/lib/dpkg/info")
PROGRAMS = (Path("/usr/bin"), Path("/usr/sbin"))


@functools.cache
def slim_programs() -> tuple[Path, ...]:
    """Programs of the essential packages; where there is no dpkg, what a full image has."""
    listed = {line for package in ESSENTIAL_PACKAGES for line in list_of(package)}
    if not listed:
        return full_programs()
    merged = {
        Path("/usr", folder, name)
        for line in listed
        if (folder := Path(line).parent.name) in ("bin", "sbin") and (name := Path(line).name)
    }
    merged |= {Path("/usr/bin") / name for name in ESSENTIAL_LINKS}
    return tuple(sorted(path for path in merged if path.exists()))


@functools.cache
def full_programs() -> tuple[Path, ...]:
    """All that this machine has, but for languages."""
    found = (path for folder in PROGRAMS if folder.is_dir() for path in folder.iterdir())
    return tuple(sorted(path for path in found if not OF_LANGUAGES.fullmatch(path.name)))


def named_programs(names: Iterable[str]) -> tuple[Path, ...]:
    """Those of some programs that this machine has."""
    found = (folder / name for name in names for folder in PROGRAMS)
    return tuple(sorted(path for path in found if path.exists()))


def list_of(package: str) -> list[str]:
    for path in (LISTS / f"{package}.list", LISTS / f"{package}:amd64.list"):
        if path.is_file():
            return path.read_text(errors="replace").splitlines()
    return []
