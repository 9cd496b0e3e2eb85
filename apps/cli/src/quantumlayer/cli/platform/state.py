"""What the supervisor writes down, and what others may conclude from it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from quantumlayer.cli.platform.home import Home, write_atomically
from quantumlayer.cli.platform.processes import ProcessId, is_alive

# In the order of their start.
PART_NAMES = ("postgres", "redis", "temporal", "api", "worker", "gateway")

PartPhase = Literal["stopped", "starting", "running", "waiting", "restarting", "failed"]
# Degraded: a part is down or waits for another, and is brought back.
PlatformPhase = Literal["stopped", "starting", "running", "degraded", "stopping"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PartRecord(_Record):
    """One part as its keeper last saw it."""

    name: str
    state: PartPhase = "stopped"
    # Nobody waits for it, and the platform runs without it.
    late: bool = False
    # None for an external server and for a part that does not run.
    process: ProcessId | None = None
    # Of the launch that made the process: an adopted one must be the one we would start.
    fingerprint: str | None = None
    stop_signal: int = 15
    url: str | None = None
    version: str | None = None
    ready_seconds: float | None = None
    restarts: int = 0
    last_exit: str | None = None
    # What is wrong, for people.
    detail: str | None = None


class PlatformRecord(_Record):
    """The whole platform; `state.json` holds one."""

    supervisor: ProcessId | None = None
    state: PlatformPhase = "stopped"
    # Why the last start failed or what ended the supervisor.
    error: str | None = None
    # Things to tell whoever waits for the start.
    notes: tuple[str, ...] = ()
    # Of the settings in force: tells that they have changed since.
    settings: str | None = None
    # Of the code that the parts were started from.
    code: str | None = None
    # In the order of their start.
    parts: tuple[PartRecord, ...] = ()
    steps_done: tuple[str, ...] = ()


def read_record(home: Home) -> PlatformRecord:
    """What was last written down; an empty record when there is nothing readable."""
    try:
        return PlatformRecord.model_validate_json(home.state_file.read_bytes())
    except (OSError, ValidationError):
        return PlatformRecord()


def write_record(home: Home, record: PlatformRecord) -> None:
    """Replace what was written down before."""
    write_atomically(home.state_file, record.model_dump_json(indent=1) + "\n", mode=0o600)


def observe(home: Home) -> PlatformRecord:
    """The record, corrected by which of its processes really live."""
    record = read_record(home)
    supervised = record.supervisor is not None and is_alive(record.supervisor)
    parts = tuple(_corrected(part, supervised=supervised) for part in record.parts)
    if supervised:
        well = record.state != "running" or all(map(is_well, parts))
        state = record.state if well else "degraded"
        return record.model_copy(update={"parts": parts, "state": state})
    orphans = any(part.process for part in parts)
    return record.model_copy(
        update={
            "parts": parts,
            "state": "degraded" if orphans else "stopped",
            "supervisor": None,
            "error": (
                "the supervisor is gone; `quantumlayer up` takes its place"
                if orphans
                else record.error
            ),
        }
    )


def is_well(part: PartRecord) -> bool:
    """Whether the platform lacks nothing because of this part."""
    return part.late or part.state == "running"


def _corrected(part: PartRecord, *, supervised: bool) -> PartRecord:
    alive = part.process is not None and is_alive(part.process)
    if supervised and (alive or part.process is None):
        return part
    if alive:
        return part.model_copy(update={"detail": "not supervised"})
    state = "restarting" if supervised else "stopped"
    return part.model_copy(update={"process": None, "state": state})
