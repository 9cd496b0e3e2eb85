"""The logs of all parts as one, each line with the name of its part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from quantumlayer.cli.platform.home import Home


class LogFollower:
    """Shows what is written to the logs after its making."""

    def __init__(self, home: Home, say: Callable[[str], None]) -> None:
        self._home = home
        self._say = say
        self._offsets = {path: path.stat().st_size for path in self._logs()}
        self._unfinished: dict[Path, bytes] = {}

    def show(self) -> None:
        """Say every line that was finished since the last call."""
        for path in self._logs():
            with path.open("rb") as stream:
                offset = self._offsets.get(path, 0)
                # A shorter file than before has been cut: its content is new.
                stream.seek(offset if offset <= path.stat().st_size else 0)
                content = self._unfinished.pop(path, b"") + stream.read()
                self._offsets[path] = stream.tell()
            *lines, rest = content.split(b"\n")
            self._unfinished[path] = rest
            for line in lines:
                self._say(f"{path.stem:<10} | {line.decode('utf-8', 'replace')}")

    def _logs(self) -> list[Path]:
        return sorted(self._home.logs.glob("*.log"))
