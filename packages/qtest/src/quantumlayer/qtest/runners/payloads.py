"""Starting one of our reporters in a sandbox and reading what it signs."""

import asyncio
import compileall
import functools
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.outcome import Outcome
from quantumlayer.qtest.runners.records import Records, read_records
from quantumlayer.qtest.sandbox import Mount, Sandbox, SandboxResult

PAYLOADS = PurePosixPath("/opt/quantumlayer")
PAYLOAD_FOLDER = Path(__file__).parent.parent / "payload"
# The same files as a package, for processes that load no code of the project.
MODULES = PurePosixPath("/opt/sessions")
PACKAGE = "quantumlayer/qtest/payload"
KEY_BYTES = 32


@dataclass(frozen=True)
class Observed:
    """How the process ended, and what its reporter said."""

    result: SandboxResult
    outcome: Outcome


async def observe(  # noqa: PLR0913 - what a run takes
    sandbox: Sandbox,
    command: Sequence[str],
    *,
    project: Path,
    mounts: Sequence[Mount],
    variables: Mapping[str, str],
    limits: Limits,
    interpret: Callable[[Records], Outcome],
    plan: bytes = b"",
) -> Observed:
    """Run a payload and interpret its records."""
    result, records = await signed_records(
        sandbox,
        command,
        project=project,
        mounts=mounts,
        variables=variables,
        limits=limits,
        plan=plan,
    )
    return Observed(result, interpret(records))


async def signed_records(
    sandbox: Sandbox,
    command: Sequence[str],
    *,
    project: Path,
    mounts: Sequence[Mount],
    variables: Mapping[str, str],
    limits: Limits,
    plan: bytes = b"",
) -> tuple[SandboxResult, Records]:
    """Run a payload with a fresh key, and a plan after it: how it ended, and what it signed."""
    await asyncio.to_thread(compiled)
    key = secrets.token_bytes(KEY_BYTES)
    result = await sandbox.run(
        command,
        workspace=project,
        mounts=(*mounts, Mount(source=PAYLOAD_FOLDER, target=PAYLOADS)),
        environment=variables,
        limits=limits,
        stdin=key + plan,
    )
    return result, read_records(result.report, key)


@functools.cache
def compiled() -> bool:
    """Compile our payloads once, as importing them would: inside a sandbox nothing can be written,
    so every run would compile them anew. Where they cannot be written to, runs are slower."""
    return compileall.compile_dir(PAYLOAD_FOLDER, quiet=2)
