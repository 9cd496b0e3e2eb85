"""The host as attackers find it: servers, secrets, a process to kill, a cache to poison."""

import ctypes
import json
import os
import secrets
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HANDLE_BYTES = 128


@dataclass(frozen=True)
class World:
    """What is at stake. `marker` is the secret that must not be found; `facts` is what the
    attempts are told."""

    facts: dict[str, Any]
    marker: str
    folder: Path
    victims: tuple[subprocess.Popen[bytes], ...]
    left_open: int

    @property
    def environment(self) -> dict[str, str]:
        """How the facts come to the programs."""
        return {"FACTS": json.dumps(self.facts), "SECRET": str(self.facts["secret"])}

    def unharmed(self) -> list[str]:
        """What has changed of what nobody may touch."""
        kept = {"victim.txt": "untouched", "cache/entry": "clean", "secret.txt": self.marker}
        wrong = [
            name
            for name, content in kept.items()
            if not (self.folder / name).is_file() or (self.folder / name).read_text() != content
        ]
        extra = sorted(path.name for path in (self.folder / "cache").iterdir())
        wrong += [f"cache holds {extra}"] if extra != ["entry"] else []
        return wrong + ["a process ended" for victim in self.victims if victim.poll() is not None]


@contextmanager
def world(folder: Path, *, control: bool) -> Iterator[World]:
    """Set everything up, and take it away again."""
    marker = f"secret-{secrets.token_hex(12)}"
    (folder / "secret.txt").write_text(marker)
    (folder / "victim.txt").write_text("untouched")
    (folder / "cache").mkdir()
    (folder / "cache" / "entry").write_text("clean")
    (folder / "scratch").mkdir()
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        tcp_6 = stack.enter_context(socket.create_server(("::1", 0), family=socket.AF_INET6))
        udp = stack.enter_context(answering())
        abstract = f"quantumlayer-{marker[-8:]}"
        socket_folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="s-"))
        socket_file = f"{socket_folder}/s"  # in a short place: such paths have a largest length
        for address in (f"\0{abstract}", socket_file):
            server = stack.enter_context(socket.socket(socket.AF_UNIX))
            server.bind(address)
            server.listen()
        victim, condemned = (stack.enter_context(sacrifice(marker)) for _ in range(2))
        left_open = os.open("/tmp", os.O_RDONLY)  # noqa: S108 - any folder below the root
        stack.callback(os.close, left_open)
        os.set_inheritable(left_open, True)
        interpreter = Path(sys.base_prefix).parts
        facts = {
            "port": tcp.getsockname()[1],
            "port_6": tcp_6.getsockname()[1],
            "udp_port": udp,
            "abstract": abstract,
            "unix_socket": socket_file,
            "secret": str(folder / "secret.txt"),
            "victim": str(folder / "victim.txt"),
            "cache": str(folder / "cache") if control else "/opt/cache",
            "scratch": str(folder / "scratch") if control else "/tmp",  # noqa: S108 - inside
            "program": "/usr/bin/env",
            "handle": handle_of("/etc/hostname"),
            "home": str(Path.home()),
            "home_names": [p.name for p in Path.home().iterdir() if p.name not in interpreter],
            "pid": victim.pid,
            "group": victim.pid,
            "condemned": condemned.pid,
            "marker": abstract,
            "marker_reversed": marker[::-1],
            "daemon": f"60.{secrets.randbelow(10**9):09}",
            "control": control,
        }
        yield World(facts, marker, folder, (victim, condemned), left_open)


@contextmanager
def answering() -> Iterator[int]:
    """A server that answers each datagram; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                content, sender = server.recvfrom(512)
                if not content:
                    return
                server.sendto(content, sender)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.getsockname())
        thread.join()


@contextmanager
def sacrifice(marker: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the host that holds the secret in its environment."""
    process = subprocess.Popen(["sleep", "300"], env={"MY_TOKEN": marker}, start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def handle_of(path: str) -> str:
    """The handle by which the kernel knows a file, in hexadecimal; empty where it gives none."""
    room = ctypes.create_string_buffer(struct.pack("Ii", HANDLE_BYTES, 0), HANDLE_BYTES + 8)
    mount = ctypes.c_int()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.name_to_handle_at(-100, path.encode(), room, ctypes.byref(mount), 0) != 0:
        return ""
    return room.raw.hex()
