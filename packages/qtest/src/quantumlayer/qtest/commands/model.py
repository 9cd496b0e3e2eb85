"""What is to be run on a project, and what came of it."""

from pydantic import ConfigDict

from quantumlayer.qtest.model import MIB, Limits, Noun

COMMAND_LIMITS = Limits(
    memory_bytes=3072 * MIB, cpu_seconds=600, wall_seconds=60.0, processes=512, open_files=4096,
    disk_bytes=1024 * MIB, output_bytes=4 * MIB,
)  # fmt: skip
MOST_FILES = 100
LARGEST_FILE = 512 * 1024
LARGEST_CHANGE = 4 * MIB


class Command(Noun):
    """A line for a shell. Nothing is installed without `installing`: only the machine's is there.

    It is ended after `seconds`.
    """

    line: str
    seconds: float = COMMAND_LIMITS.wall_seconds
    installing: bool = True


class ChangedFile(Noun):
    """A file with its new content; None where it is gone. Base64 in JSON."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    path: str
    content: bytes | None


class Done(Noun):
    """How a command ended: `ended` in words, `succeeded` where its status was 0.

    `changed` are the files of the project that it changed, made or took away, by path; `notes` tell
    what was left behind in the sandbox, and what could not be had for it.
    """

    ended: str
    output: str = ""
    succeeded: bool = False
    changed: tuple[ChangedFile, ...] = ()
    notes: tuple[str, ...] = ()
