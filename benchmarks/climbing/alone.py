"""Runs a command in a network of its own that leads nowhere: `python -m … COMMAND…`.

Started by `unshare --net`, in which even the way to oneself is closed at first.
"""

import fcntl
import os
import shutil
import socket
import struct
import sys
from collections.abc import Sequence

# From <linux/sockios.h> and <net/if.h>.
SET_FLAGS, UP, NAME_BYTES = 0x8914, 0x1, 16


def alone(command: Sequence[str]) -> list[str]:
    """The words by which a command of Python's modules is started without any network."""
    unshare = shutil.which("unshare")
    if unshare is None:
        raise FileNotFoundError("`unshare` is not here, which closes the network: util-linux")
    mapped = () if os.geteuid() == 0 else ("--map-current-user", "--keep-caps")
    return [unshare, *mapped, "--net", sys.executable, "-m", "benchmarks.climbing.alone", *command]


def open_loopback() -> None:
    """Let this network's processes reach each other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack(f"{NAME_BYTES}sh14x", b"lo", UP)
        fcntl.ioctl(control, SET_FLAGS, request)


if __name__ == "__main__":
    open_loopback()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the words of whoever measures
