"""The build context: a copy of a project without what its .dockerignore names."""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.untrusted import text_of

LARGEST_CONTEXT = 1024 * 1024 * 1024


def copy_context(project: Path, target: Path, dockerfile: str = "Dockerfile") -> None:
    """Copy what an image may be made from. Links stay links, and nothing else is followed.

    Raises CannotTell for a project that is too large.
    """
    rules = ignore_rules(project, dockerfile)
    left = LARGEST_CONTEXT
    for entry, relative in walked(project, rules):
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.is_symlink():
            place.symlink_to(os.readlink(entry.path))  # noqa: PTH115 - as it is
        elif entry.is_dir(follow_symlinks=False):
            place.mkdir(exist_ok=True)
        elif entry.is_file(follow_symlinks=False):
            left -= entry.stat(follow_symlinks=False).st_size
            if left < 0:
                raise CannotTell(f"The build context is larger than {LARGEST_CONTEXT >> 20} MiB.")
            copied(entry.path, place)


def copied(source: str, target: Path) -> None:
    """Copy a regular file, and never what was put in its place meanwhile."""
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as reader:
        status = os.fstat(reader.fileno())
        if not stat.S_ISREG(status.st_mode):
            return
        with target.open("wb") as writer:
            shutil.copyfileobj(reader, writer)
        target.chmod(0o755 if status.st_mode & 0o111 else 0o644)
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


Rule = tuple[re.Pattern[str], bool]


def walked(project: Path, rules: list[Rule]) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every entry that is not ignored, folders before what is in them."""
    exceptions = any(not ignores for _, ignores in rules)
    pending = [""]
    while pending:
        folder = pending.pop()
        for entry in sorted(os.scandir(project / folder), key=lambda each: each.name):
            relative = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if ignored(relative, rules):
                # What is in an ignored folder may be an exception.
                if is_folder and exceptions:
                    pending.append(relative)
                continue
            yield entry, relative
            if is_folder:
                pending.append(relative)


def ignore_rules(project: Path, dockerfile: str) -> list[Rule]:
    """The patterns of a .dockerignore, in their order; the last that matches decides."""
    text = text_of(project / f"{dockerfile}.dockerignore") or text_of(project / ".dockerignore")
    rules: list[Rule] = []
    for line in (text or "").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        ignores = not pattern.startswith("!")
        pattern = os.path.normpath(pattern.lstrip("!").strip().lstrip("/"))
        rules.append((translated(pattern), ignores))
    return rules


def ignored(path: str, rules: list[Rule]) -> bool:
    decided = False
    for pattern, ignores in rules:
        if pattern.fullmatch(path):
            decided = ignores
    return decided


def translated(pattern: str) -> re.Pattern[str]:
    """A pattern of Docker's: `*` within a folder, `**` over folders; what is below matches, too."""
    parts = []
    names = pattern.split("/")
    for index, part in enumerate(names):
        if part == "**":
            parts.append("(?:[^/]+/)*" if index + 1 < len(names) else ".+")
        else:
            parts.append(f"{within_folder(part)}/")
    joined = "".join(parts).removesuffix("/")
    return re.compile(f"{joined}(?:/.*)?")


def within_folder(part: str) -> str:
    """The pattern of one name, of which `*`, `?` and `[…]` are special."""
    found = re.sub(r"\\\[(.+?)\\\]", lambda match: f"[{match[1]}]", re.escape(part))
    return found.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
