"""A seccomp filter, as the classic BPF program that bubblewrap loads.

It refuses what test suites have no use for and kernels have had holes in: new namespaces and
mounts, tracing, keyrings, bpf, io_uring, modules, clocks, odd personalities, memory that belongs to
no process (System V queues and segments); and sockets of families that a network namespace does not
confine, such as AF_VSOCK, which reaches the hypervisor.
"""

import errno
import platform
import struct
from collections.abc import Mapping, Sequence
from typing import Final

ALLOW: Final = 0x7FFF0000
KILL: Final = 0x80000000
ERRNO: Final = 0x00050000

LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
JUMP_EQUAL: Final = 0x15
JUMP_AT_LEAST: Final = 0x35
JUMP_ANY_BIT: Final = 0x45
RETURN: Final = 0x06

# Offsets in struct seccomp_data; arguments are 64 bits wide, little-endian on both machines.
NUMBER: Final = 0
ARCHITECTURE: Final = 4
FIRST_ARGUMENT: Final = 16
SECOND_ARGUMENT: Final = 24

NEW_NAMESPACES: Final = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
SOCKET_FAMILIES: Final = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
TERMINAL_INJECTION: Final = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
X32_BIT: Final = 0x40000000

# From 424 on, numbers are the same on every architecture.
DENIED_EVERYWHERE: Final = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443,
    "memfd_secret": 447, "statmount": 457, "listmount": 458, "open_tree_attr": 467,
}  # fmt: skip

DENIED_X86_64: Final = {
    "shmget": 29, "shmat": 30, "msgget": 68, "ptrace": 101, "syslog": 103, "uselib": 134,
    "ustat": 136, "sysfs": 139, "vhangup": 153, "modify_ldt": 154, "pivot_root": 155,
    "_sysctl": 156, "adjtimex": 159, "chroot": 161, "acct": 163, "settimeofday": 164,
    "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
    "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
    "create_module": 174, "init_module": 175, "delete_module": 176, "get_kernel_syms": 177,
    "query_module": 178, "quotactl": 179, "nfsservctl": 180, "lookup_dcookie": 212,
    "clock_settime": 227, "mbind": 237, "set_mempolicy": 238,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "migrate_pages": 256,
    "unshare": 272, "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
    "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip

DENIED_AARCH64: Final = {
    "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "nfsservctl": 42,
    "vhangup": 58, "chroot": 51, "quotactl": 60, "acct": 89,
    "unshare": 97, "kexec_load": 104, "init_module": 105, "delete_module": 106,
    "clock_settime": 112, "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161,
    "setdomainname": 162, "settimeofday": 170, "adjtimex": 171, "msgget": 186,
    "shmget": 194, "shmat": 196, "add_key": 217,
    "request_key": 218, "keyctl": 219, "swapon": 224, "swapoff": 225, "mbind": 235,
    "set_mempolicy": 237, "migrate_pages": 238,
    "move_pages": 239, "perf_event_open": 241, "fanotify_init": 262, "name_to_handle_at": 264,
    "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270,
    "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "memfd_create": 279, "bpf": 280,
    "userfaultfd": 282, "kexec_file_load": 294,
}  # fmt: skip

# Callers fall back gracefully when these "do not exist"; a plain refusal would break them.
# The filter cannot look into clone3's argument block, so glibc must use clone instead.
ABSENT: Final = frozenset({
    "memfd_create", "memfd_secret", "io_uring_setup", "shmget", "msgget", "statmount", "listmount",
})  # fmt: skip
CLONE3: Final = 435

# What `personality` may be asked for: the plain one, the same with the 32-bit bit, or nothing.
PERSONALITIES: Final = (0, 8, 0xFFFFFFFF)


class Architecture:
    """The syscall numbers of one machine type."""

    def __init__(
        self,
        audit: int,
        denied: Mapping[str, int],
        *,
        clone: int,
        socket: int,
        ioctl: int,
        personality: int,
    ) -> None:
        self.audit = audit
        self.denied = {**denied, **DENIED_EVERYWHERE}
        self.clone = clone
        self.socket = socket
        self.ioctl = ioctl
        self.personality = personality


ARCHITECTURES: Final = {
    "x86_64": Architecture(
        0xC000003E, DENIED_X86_64, clone=56, socket=41, ioctl=16, personality=135
    ),
    "aarch64": Architecture(
        0xC00000B7, DENIED_AARCH64, clone=220, socket=198, ioctl=29, personality=92
    ),
}


def filter_program(machine: str | None = None) -> bytes | None:
    """The BPF program for a machine type (default: this one), or None where we have no table."""
    architecture = ARCHITECTURES.get(machine or platform.machine())
    if architecture is None:
        return None
    return b"".join(
        [
            instruction(LOAD, ARCHITECTURE),
            instruction(JUMP_EQUAL, architecture.audit, 1, 0),
            instruction(RETURN, KILL),
            instruction(LOAD, NUMBER),
            instruction(JUMP_AT_LEAST, X32_BIT, 0, 1),
            instruction(RETURN, ERRNO | errno.ENOSYS),
            *(
                deny(number, errno.ENOSYS if name in ABSENT else errno.EPERM)
                for name, number in architecture.denied.items()
            ),
            deny(CLONE3, errno.ENOSYS),
            confine_clone(architecture.clone),
            only(architecture.socket, SOCKET_FAMILIES, errno.EAFNOSUPPORT),
            only(architecture.personality, PERSONALITIES, errno.EPERM),
            confine_ioctl(architecture.ioctl),
            instruction(RETURN, ALLOW),
        ]
    )


def instruction(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One struct sock_filter."""
    return struct.pack("<HBBI", code, if_true, if_false, operand)


def deny(number: int, error: int) -> bytes:
    return instruction(JUMP_EQUAL, number, 0, 1) + instruction(RETURN, ERRNO | error)


def confine_clone(number: int) -> bytes:
    return b"".join(
        [
            instruction(JUMP_EQUAL, number, 0, 4),
            instruction(LOAD, FIRST_ARGUMENT),
            instruction(JUMP_ANY_BIT, NEW_NAMESPACES, 0, 1),
            instruction(RETURN, ERRNO | errno.EPERM),
            instruction(RETURN, ALLOW),
        ]
    )


def only(number: int, allowed: Sequence[int], error: int) -> bytes:
    """Refuse a call unless its first argument is one of these; all of them are 32 bits wide."""
    checks = [
        instruction(JUMP_EQUAL, value, len(allowed) - index, 0)
        for index, value in enumerate(allowed)
    ]
    return b"".join(
        [
            instruction(JUMP_EQUAL, number, 0, len(checks) + 3),
            instruction(LOAD, FIRST_ARGUMENT),
            *checks,
            instruction(RETURN, ERRNO | error),
            instruction(RETURN, ALLOW),
        ]
    )


def confine_ioctl(number: int) -> bytes:
    sti, linux = TERMINAL_INJECTION
    return b"".join(
        [
            instruction(JUMP_EQUAL, number, 0, 5),
            instruction(LOAD, SECOND_ARGUMENT),
            instruction(JUMP_EQUAL, sti, 1, 0),
            instruction(JUMP_EQUAL, linux, 0, 1),
            instruction(RETURN, ERRNO | errno.EPERM),
            instruction(RETURN, ALLOW),
        ]
    )
