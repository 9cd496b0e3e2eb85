"""Where the platform keeps its state: one folder, one name for each thing in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.cli.errors import PlatformError


@dataclass(frozen=True)
class Home:
    """The folder named by QL_HOME."""

    root: Path

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def temporal(self) -> Path:
        return self.root / "temporal"

    @property
    def objects(self) -> Path:
        return self.root / "objects"

    @property
    def gateway(self) -> Path:
        """What the gateway writes: audit rows, and changes by administrators."""
        return self.root / "gateway"

    @property
    def gateway_file(self) -> Path:
        """The gateway's configuration, made at the first start and the user's from then on."""
        return self.root / "gateway.yaml"

    @property
    def gateway_key(self) -> Path:
        """The key of this machine's own clients of the gateway."""
        return self.secrets / "gateway-key"

    @property
    def state_file(self) -> Path:
        return self.root / "state.json"

    @property
    def ports_file(self) -> Path:
        return self.root / "ports.json"

    @property
    def start_lock(self) -> Path:
        """Held while somebody starts or stops the platform."""
        return self.root / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor as long as it lives."""
        return self.root / "supervisor.lock"

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def create(self) -> None:
        """Make the folders; raises `PlatformError` when the place cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self.secrets.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise PlatformError(
                f"cannot write to {self.root} ({error.strerror}); set QL_HOME to a folder of yours"
            ) from None


def write_atomically(path: Path, content: str, mode: int = 0o644) -> None:
    """Replace `path` so that a reader sees the old content or the new, never a part of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    fresh.replace(path)
