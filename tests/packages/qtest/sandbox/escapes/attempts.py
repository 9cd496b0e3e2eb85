"""What an attempt to escape is: a small program, what it tries, and what must come of it.

Every program ends by printing one line: `ESCAPED` when it got what it wanted, `REFUSED` with the
reason when it did not. It finds what it needs to know of the host in `FACTS`, as an attacker might.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from quantumlayer.qtest import Limits

MIB = 1024 * 1024


class Tongue(StrEnum):
    """What a program is written in."""

    PYTHON = "Python"
    C = "C"
    SHELL = "sh"


class Control(StrEnum):
    """Where the same program is seen to succeed, so that its refusal means something."""

    BARE = "on the host, without a sandbox"
    ROOT = "on the host, as root"
    NAMESPACES = "in namespaces of its own, with every capability there"
    LIMITS = "in the sandbox, under wider limits"
    NONE = "nowhere: it would harm the host"


@dataclass(frozen=True)
class Attempt:
    """One program.

    `must` says in words what has to happen; `ends_by` names the limit or the signal that may end it
    before it can speak. Those with `limits` get a sandbox to themselves; `wider` are those under
    which it succeeds. `judged_after`: what counts is what is left when all is over.
    """

    id: str
    tries: str
    must: str
    program: str
    tongue: Tongue = Tongue.PYTHON
    control: Control = Control.BARE
    ends_by: frozenset[str] = frozenset()
    limits: Limits | None = None
    judged_after: bool = False
    wider: Limits | None = None

    @property
    def source(self) -> str:
        """The program as it is run."""
        body = textwrap.dedent(self.program).strip() + "\n"
        if self.tongue is Tongue.PYTHON:
            return PRELUDE + textwrap.indent(body, "    ") + CONCLUSION
        return body


@dataclass(frozen=True)
class Group:
    """Attempts of one kind."""

    name: str
    attempts: tuple[Attempt, ...] = field(default_factory=tuple)


# An error of the system is a refusal; anything else is a mistake in the attempt and stays visible.
PRELUDE = """\
import ctypes, errno, json, os, platform, signal, socket, struct, subprocess, sys, time

FACTS = json.loads(os.environ["FACTS"])
ARM = platform.machine() == "aarch64"
LIBC = ctypes.CDLL(None, use_errno=True)
MOUNT, PIVOT_ROOT = (40, 41) if ARM else (165, 155)

def system_call(number, *arguments):
    ctypes.set_errno(0)
    words = [a if isinstance(a, (bytes, ctypes.Array)) or hasattr(a, "contents") else
             ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    answer = LIBC.syscall(ctypes.c_long(number), *words)
    if answer == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer

try:
"""
CONCLUSION = """\
except (OSError, MemoryError) as error:
    number = getattr(error, "errno", None)
    print("REFUSED", errno.errorcode.get(number, ""), error)
else:
    print("ESCAPED")
"""


def calls(
    id: str,  # noqa: A002 - it is one
    tries: str,
    x86: int,
    arm: int,
    arguments: str = "",
    *,
    before: str = "",
    control: Control = Control.BARE,
    must: str = "the filter refuses the call",
) -> Attempt:
    """An attempt that is a single system call."""
    words = f", {arguments}" if arguments else ""
    body = f"{before}\nsystem_call({arm} if ARM else {x86}{words})"
    return Attempt(id, tries, must, body, control=control)


def everything(groups: Iterable[Group]) -> tuple[Attempt, ...]:
    """All attempts of all groups; an id stands for one only."""
    found = tuple(attempt for group in groups for attempt in group.attempts)
    if len({attempt.id for attempt in found}) != len(found):
        raise ValueError("two attempts share an id")
    return found
