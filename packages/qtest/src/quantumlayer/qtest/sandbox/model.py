"""What every sandbox tier promises."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from quantumlayer.qtest.model import Limits, Noun

WORKSPACE = PurePosixPath("/tmp/workspace")  # noqa: S108 - inside the sandbox, where /tmp is private
HOME = PurePosixPath("/tmp/home")  # noqa: S108 - as above


class Mount(Noun):
    """A host path that the sandbox may read, and where it finds it."""

    source: Path
    target: PurePosixPath


class SandboxResult(Noun):
    """How a sandboxed command ended.

    `exit_status` is None when a signal ended it, then `signal` names the number. `report` is what
    was written to the private report descriptor, whose number the command finds in the environment
    as SANDBOX_REPORT_FD. `limits_hit` holds field names of `Limits`.
    """

    exit_status: int | None
    signal: int | None
    stdout: str
    stderr: str
    report: bytes = b""
    limits_hit: tuple[str, ...] = ()
    elapsed_seconds: float
    tier: str


class Sandbox(Protocol):
    """Runs a command that may be hostile, within limits, with no network and nothing to steal."""

    @property
    def tier(self) -> str:
        """The name under which reports mention this sandbox."""
        ...

    async def run(
        self,
        command: Sequence[str],
        *,
        workspace: Path | None = None,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        stdin: bytes = b"",
    ) -> SandboxResult:
        """Run `command` in a writable copy of `workspace`, which is itself never touched.

        The working directory is the copy (`WORKSPACE`). Everything the command started is dead when
        this returns or is cancelled. Raises SandboxUnavailable when the sandbox cannot be set up.
        """
        ...
