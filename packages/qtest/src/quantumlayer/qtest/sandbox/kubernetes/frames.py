"""What the starter in a pod says, read from the messages of an attached connection."""

import json
import struct
from dataclasses import dataclass, field
from typing import Any, Final

from quantumlayer.qtest.errors import SandboxUnavailable
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.sandbox.execution import REPORT_BYTES, setup_failure
from quantumlayer.qtest.sandbox.kubernetes.starter import END, FAILURE, REPORT, STDERR, STDOUT

HEADER: Final = struct.Struct(">BI")
LARGEST_FRAME: Final = 1 << 20
STDIN_CHANNEL, STDOUT_CHANNEL, STDERR_CHANNEL, ERROR_CHANNEL = range(4)
COMPLAINT_BYTES: Final = 4096


@dataclass
class Heard:
    """All that has been received, bounded whatever the other side sends."""

    limits: Limits
    streams: dict[int, bytearray] = field(
        default_factory=lambda: {STDOUT: bytearray(), STDERR: bytearray(), REPORT: bytearray()}
    )
    ending: dict[str, Any] | None = None
    complaint: bytearray = field(default_factory=bytearray)
    pending: bytearray = field(default_factory=bytearray)

    def message(self, content: bytes) -> None:
        """Take one message: the number of a channel, and bytes."""
        channel, data = content[:1], content[1:]
        if channel == bytes([STDOUT_CHANNEL]):
            self.pending += data
            while self.take_frame():
                pass
        elif channel == bytes([STDERR_CHANNEL]) or (
            channel == bytes([ERROR_CHANNEL]) and b'"Success"' not in data
        ):
            self.complaint += data[: COMPLAINT_BYTES - len(self.complaint)]

    def take_frame(self) -> bool:
        """Read one frame, if it is complete. Raises SandboxUnavailable for what is no frame."""
        if len(self.pending) < HEADER.size:
            return False
        kind, length = HEADER.unpack_from(self.pending)
        if length > LARGEST_FRAME or kind not in (*self.streams, END, FAILURE):
            raise SandboxUnavailable("The sandbox's pod does not speak our protocol.")
        if len(self.pending) < HEADER.size + length:
            return False
        content = bytes(self.pending[HEADER.size : HEADER.size + length])
        del self.pending[: HEADER.size + length]
        if kind == FAILURE:
            said = str(json.loads(content)["message"])
            raise SandboxUnavailable(setup_failure(bytearray(said.encode()), self.limits))
        if kind == END:
            self.ending = json.loads(content)
        else:
            cap = REPORT_BYTES if kind == REPORT else self.limits.output_bytes
            kept = self.streams[kind]
            kept += content[: cap - len(kept)]
        return True
