"""Ports on loopback: chosen free, remembered, and given up only when somebody else has them."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform.home import Home, write_atomically

LOOPBACK = "127.0.0.1"
# Below the range from which systems lend ports to outgoing connections.
_FIRST, _LAST = 20000, 32000


@dataclass(frozen=True)
class Claim:
    """A port to bind; `moved_from` is the remembered one that another program has taken."""

    port: int
    moved_from: int | None = None


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could bind the port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class FixedPort:
    """A port that the user chose with a setting: used as it is or not at all."""

    setting: str
    port: int
    host: str = LOOPBACK


class PortBook:
    """The ports of one home, in `ports.json`; those in `fixed` are the user's choice."""

    def __init__(self, home: Home, fixed: Mapping[str, FixedPort] | None = None) -> None:
        self._home = home
        self._fixed = dict(fixed or {})

    def __getitem__(self, name: str) -> int:
        fixed = self._fixed.get(name)
        return fixed.port if fixed else self.ports()[name]

    def ports(self) -> dict[str, int]:
        """Name → remembered port."""
        try:
            book = json.loads(self._home.ports_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): int(port) for name, port in book.items()}

    def claim(self, name: str) -> Claim:
        """A free port for `name`: the remembered one if it is free, else a new one.

        Raises `PlatformError` when the user's own choice is taken or no port is free.
        """
        if name in self._fixed:
            return Claim(_require_free(self._fixed[name]))
        book = self.ports()
        remembered = book.get(name)
        if remembered is not None and is_free(remembered):
            return Claim(remembered)
        taken = {port for other, port in book.items() if other != name}
        port = next(
            (port for port in self._candidates(name) if port not in taken and is_free(port)), None
        )
        if port is None:
            raise PlatformError(f"no free port between {_FIRST} and {_LAST} for {name}; free one")
        book[name] = port
        write_atomically(self._home.ports_file, json.dumps(book, indent=1, sort_keys=True) + "\n")
        return Claim(port, moved_from=remembered)

    def _candidates(self, name: str) -> Iterator[int]:
        # Each home and name begins elsewhere, so homes that start together rarely meet.
        digest = hashlib.sha256(f"{self._home.root}\0{name}".encode()).digest()
        span = _LAST - _FIRST
        start = int.from_bytes(digest[:4]) % span
        return (_FIRST + (start + step) % span for step in range(span))


def _require_free(fixed: FixedPort) -> int:
    if not is_free(fixed.port, fixed.host):
        raise PlatformError(
            f"port {fixed.port} on {fixed.host} is taken by another program;"
            f" stop it or change {fixed.setting}"
        )
    return fixed.port
