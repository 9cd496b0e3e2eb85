"""The host users who stand for all the users of a container, root first.

An image is made of files of many users, so its builder has to be root of something: of a user
namespace, whose root is nobody outside. Root of the host gives it numbers that no system hands out;
everybody else gets theirs from /etc/subuid, by the two programs that may write them.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.workplace import rid_of
from quantumlayer.qtest.sandbox.bubblewrap import FIRST_HOST_UID, HOST_UIDS
from quantumlayer.qtest.sandbox.host import base_interpreter

USERS = 65_536
FIRST_OF_ROOT = FIRST_HOST_UID + HOST_UIDS  # beyond those who run tests
ENTERING = Path(__file__).parent.parent / "payload" / "entering.py"
MAPPERS = ("newuidmap", "newgidmap")
GRANTS = (Path("/etc/subuid"), Path("/etc/subgid"))


@dataclass(frozen=True)
class UserRange:
    """`ranges` are (first inside, first outside, how many). `owner` is root's number outside.

    `mappers` are the programs that may map users and groups; none where we are root.
    """

    ranges: tuple[tuple[int, int, int], ...]
    owner: int
    mappers: tuple[str, ...] = ()

    def words(self, program: PurePosixPath | Path = ENTERING) -> list[str]:
        """How a command is begun as root of a namespace with these users.

        `program` is where our own program for it is to be found.
        """
        ranges = ",".join(":".join(map(str, one)) for one in self.ranges)
        return [str(base_interpreter()), "-I", "-S", str(program), ranges,
                ",".join(self.mappers)]  # fmt: skip

    def remove(self, folder: Path) -> None:
        """Remove a folder in which any of these users may own something."""
        if self.mappers:
            words = [*self.words(), "/bin/rm", "-rf", "--", str(folder)]
            subprocess.run(words, check=False, env={}, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
        rid_of(folder)


def range_here() -> UserRange:
    """The range that we may use on this machine. Raises CannotTell."""
    if os.getuid() == 0:
        return UserRange(((0, FIRST_OF_ROOT, USERS),), FIRST_OF_ROOT)
    mappers = tuple(found for name in MAPPERS if (found := shutil.which(name)))
    if len(mappers) < len(MAPPERS):
        raise CannotTell("newuidmap and newgidmap are not installed (Debian's package uidmap).")
    granted = [granted_in(path) for path in GRANTS]
    if granted[0] is None or granted[0] != granted[1]:
        raise CannotTell(
            "/etc/subuid and /etc/subgid give this user no range, the same in both, of "
            f"{USERS - 1} users."
        )
    return UserRange(((0, os.getuid(), 1), (1, granted[0], USERS - 1)), os.getuid(), mappers)


def granted_in(path: Path) -> int | None:
    """The first of a user's own range; None where it has none that is large enough."""
    try:
        lines = path.read_text().splitlines()
        names = (pwd.getpwuid(os.getuid()).pw_name, str(os.getuid()))
    except (OSError, KeyError):
        return None
    return first_of(names, [line.split(":") for line in lines])


def first_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The first number of the first row of one of these names that grants enough."""
    own = [row for row in rows if len(row) == 3 and row[0] in names]
    counted = [row for row in own if row[1].isdigit() and row[2].strip().isdigit()]
    return next((int(row[1]) for row in counted if int(row[2]) >= USERS - 1), None)
