"""What the supervisor knows of a part of the platform, whichever it is."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


class UnhealthyError(Exception):
    """A part does not answer as it should; says how."""


class WaitingError(UnhealthyError):
    """A part answers, and says what it waits for: starting it anew would bring that no nearer."""


@dataclass(frozen=True)
class OsUser:
    """The operating system's user that a part runs as, when it must not be ours."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Launch:
    """How to start a part's process and how to stop it."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    user: OsUser | None = None
    stop_signal: int = signal.SIGTERM
    # Seconds between the stop signal and SIGKILL.
    grace: float = 10.0

    @property
    def fingerprint(self) -> str:
        """Equal for equal commands with equal settings; the rest of the environment is chance."""
        settings = {n: value for n, value in self.environment.items() if n.startswith("QL_")}
        facts = json.dumps([self.argv, settings], sort_keys=True)
        return hashlib.sha256(facts.encode()).hexdigest()


class Part(Protocol):
    """A long-lived part: a process of ours, or somebody else's server that we only watch."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]:
        """The parts and steps that must be ready before this one starts."""
        ...

    @property
    def port_names(self) -> tuple[str, ...]:
        """The ports that `launch` will find claimed."""
        ...

    async def prepare(self) -> None:
        """Make ready for a start, before its ports are claimed: folders, files, old locks.

        Raises `PlatformError` when it cannot.
        """
        ...

    def launch(self) -> Launch | None:
        """The process to start with the ports claimed by now; None for an external server."""
        ...

    async def check(self) -> str:
        """The version that answers; raises `UnhealthyError` when the part does not serve."""
        ...

    def url(self) -> str:
        """Where the part is, without secrets."""
        ...


@runtime_checkable
class LatePart(Protocol):
    """A part that nobody waits for, and without which the platform runs."""

    @property
    def late_seconds(self) -> float:
        """How long after all others serve it starts."""
        ...


class Step(Protocol):
    """Something done once at each start, in its place among the parts; safe to repeat."""

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    async def run(self) -> None:
        """Do it. Raises `PlatformError` when it cannot be done."""
        ...
