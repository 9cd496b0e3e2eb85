"""Hears from inside of test programs what their exit status cannot say.

A status of 0 is what `exit(0)` in the middle of everything gives, too. So something that we put
into each test program (a preloaded guard, a patched `testing` package) connects to a socket here
before any code of the project runs, is given a secret, and reports with it. The kernel tells us
which process speaks. Nobody can read back what was written into a socket, a second connection of
the same process is noticed, and a connection that ends without its last word is an exit too early.
"""

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

CREDENTIALS = struct.Struct("3i")
LINE_BYTES = 1 << 20
SETTLE_SECONDS = 2.0
MOST_CALLERS = 16


class Caller(NamedTuple):
    """A process that started another: its command, and the folder that it was in."""

    words: tuple[str, ...]
    folder: str


class Testimony:
    """What one process said, in order, without the secret. `genuine` is False once anything came
    that did not carry it. `callers` are the processes above it, the nearest first; `has_words`:
    whether it was given any; `captured`: whether what it prints goes elsewhere than what its first
    caller prints."""

    __test__ = False  # pytest would collect a class of this name

    def __init__(
        self,
        pid: int,
        program: str,
        lines: list[str] | None = None,
        *,
        genuine: bool = True,
        callers: tuple[Caller, ...] = (),
        has_words: bool = False,
        captured: bool = False,
    ) -> None:
        """Nothing has come yet, unless `lines` say so."""
        self.pid = pid
        self.program = program
        self.lines = lines or []
        self.genuine = genuine
        self.ended = False
        self.callers = callers
        self.has_words = has_words
        self.captured = captured


class Witness:
    """The listening end. Use it as a context manager, one for a session."""

    def __init__(self) -> None:
        """Listen on a socket in a folder of its own."""
        # The modules that make temporary folders and secrets take longer to load than all else.
        folder = os.environ.get("TMPDIR", "/tmp")  # noqa: S108 - the sandbox's own
        self.folder = Path(folder, f"witness-{os.urandom(8).hex()}")
        self.folder.mkdir(mode=0o700)
        self.address = str(self.folder / "socket")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.address)
        self.listener.listen(256)
        self.heard: list[Testimony] = []
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        """Start listening."""
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self.listener.close()
        Path(self.address).unlink(missing_ok=True)
        self.folder.rmdir()

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.listen, args=(connection,), daemon=True).start()

    def listen(self, connection: socket.socket) -> None:
        """Follow one process to its end."""
        with connection:
            credentials = connection.getsockopt(
                socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size
            )
            pid = CREDENTIALS.unpack(credentials)[0]
            testimony = Testimony(
                pid,
                program_of(pid),
                callers=tuple(callers_of(pid)),
                has_words=len(words_of(pid)) > 1,
                captured=is_captured(pid),
            )
            with self.lock:
                self.heard.append(testimony)
            secret = os.urandom(16).hex()
            try:
                connection.sendall(secret.encode())
                with connection.makefile("rb") as stream:
                    while line := stream.readline(LINE_BYTES):
                        said, _, rest = line.decode(errors="replace").rstrip("\n").partition(" ")
                        if said == secret:
                            testimony.lines.append(rest)
                        else:
                            testimony.genuine = False
            except OSError:
                pass
            testimony.ended = True

    def take(self) -> list[Testimony]:
        """What was said since the last call, once everybody who spoke has ended or time is up."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline and not all(each.ended for each in self.heard):
            time.sleep(0.002)
        with self.lock:
            found, self.heard = self.heard, []
        return found

    def of(self, pid: int) -> list[Testimony]:
        """What a process that has ended said; more than one testimony is one too many."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            found = [each for each in list(self.heard) if each.pid == pid]
            if all(each.ended for each in found):
                break
            time.sleep(0.002)
        with self.lock:
            found = [each for each in self.heard if each.pid == pid]
            self.heard = [each for each in self.heard if each.pid != pid]
        return found


def program_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/exe").readlink())
    return ""


def callers_of(pid: int) -> Iterator[Caller]:
    """The processes above one, the nearest first, up to this one."""
    for each in above(pid):
        yield Caller(words_of(each), folder_of(each))


def above(pid: int) -> Iterator[int]:
    for _ in range(MOST_CALLERS):
        pid = parent_of(pid)
        if pid in (0, os.getpid()):
            return
        yield pid


def is_captured(pid: int) -> bool:
    return len({printing_to(each) for each in (pid, *list(above(pid))[-1:])}) > 1


def printing_to(pid: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/fd/1").readlink())
    return ""


def words_of(pid: int) -> tuple[str, ...]:
    """The command that a process was started with."""
    with contextlib.suppress(OSError):
        content = Path(f"/proc/{pid}/cmdline").read_bytes()
        return tuple(content.decode(errors="replace").removesuffix("\0").split("\0"))
    return ()


def parent_of(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        # What stands before the last bracket is the program's name, which may hold anything.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def folder_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/{pid}/cwd").readlink())
    return ""
