"""The sandbox's filter of system calls, in the words of runc and buildah."""

import errno
import platform
from collections.abc import Iterator
from typing import Any

from quantumlayer.qtest.sandbox.seccomp import (
    ABSENT,
    ARCHITECTURES,
    NEW_NAMESPACES,
    PERSONALITIES,
    SOCKET_FAMILIES,
    TERMINAL_INJECTION,
)

NAMES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
FAMILIES = 64  # more than there are
BITS = 32
EVERY_BIT = 0xFFFFFFFF
LAST_BIT = 1 << BITS - 1

Rule = dict[str, Any]


def system_call_filter(machine: str | None = None) -> Rule | None:
    """What `filter_program` refuses; None where we have no table for the machine."""
    machine = machine or platform.machine()
    architecture = ARCHITECTURES.get(machine)
    if architecture is None:
        return None
    absent = sorted({"clone3", *(name for name in architecture.denied if name in ABSENT)})
    denied = sorted(name for name in architecture.denied if name not in ABSENT)
    return {
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": [NAMES[machine]],
        "syscalls": [
            refused(denied, errno.EPERM), refused(absent, errno.ENOSYS),
            *(refused(["clone"], errno.EPERM, 0, "SCMP_CMP_MASKED_EQ", bit, bit)
              for bit in bits(NEW_NAMESPACES)),
            *(refused(["socket"], errno.EAFNOSUPPORT, 0, "SCMP_CMP_EQ", family)
              for family in range(FAMILIES) if family not in SOCKET_FAMILIES),
            refused(["socket"], errno.EAFNOSUPPORT, 0, "SCMP_CMP_GE", FAMILIES),
            *(refused(["ioctl"], errno.EPERM, 1, "SCMP_CMP_EQ", request)
              for request in TERMINAL_INJECTION),
            *personalities(),
        ],
    }  # fmt: skip


def personalities() -> Iterator[Rule]:
    """All but PERSONALITIES: of a rule's conditions one is enough, so bits are asked one by one."""
    allowed = {bit for one in PERSONALITIES if one != EVERY_BIT for bit in bits(one)}
    for bit in bits(EVERY_BIT ^ LAST_BIT):
        both = bit | LAST_BIT
        if bit not in allowed:
            yield refused(["personality"], errno.EPERM, 0, "SCMP_CMP_MASKED_EQ", both, bit)
        # With the last bit it may only be the question, which has all of them.
        yield refused(["personality"], errno.EPERM, 0, "SCMP_CMP_MASKED_EQ", both, LAST_BIT)


def bits(number: int) -> list[int]:
    return [1 << place for place in range(BITS) if number >> place & 1]


def refused(
    names: list[str], error: int, argument: int = 0, comparison: str = "", value: int = 0,
    second: int = 0,
) -> Rule:  # fmt: skip
    """A rule that refuses calls; where there is a comparison, those with such an argument."""
    condition = {"index": argument, "value": value, "valueTwo": second, "op": comparison}
    return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": error,
            "args": [condition] if comparison else []}  # fmt: skip
