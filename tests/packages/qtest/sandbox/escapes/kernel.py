"""Corners of the kernel that have had holes, and ways around the filter itself."""

# ruff: noqa: E501 - programs as data

from tests.packages.qtest.sandbox.escapes.attempts import Attempt, Control, Group, Tongue, calls

KILLED = "the process is killed: calls of another architecture are not for it"

KERNEL = Group(
    "The kernel",
    (
        calls("keyring-add", "put a key into a keyring", 248, 217, "b'user', b'k', b'v', 1, -2"),
        calls("keyring-read", "search the keyrings of the host's users", 250, 219, "0, -2, 1"),
        calls("keyring-request", "have the kernel call a helper for a key", 249, 218,
              "b'user', b'k', 0, -2", before="if FACTS['control']: "
              "system_call(217 if ARM else 248, b'user', b'k', b'v', 1, -2)"),
        calls("io-uring", "do everything through io_uring, which no filter sees", 425, 425,
              "1, ctypes.create_string_buffer(120)"),
        calls("bpf", "load a program into the kernel with bpf", 321, 280, "0, settings, 16",
              before="settings = struct.pack('4I', 2, 4, 4, 1)", control=Control.ROOT),
        calls("perf", "watch the machine with perf_event_open", 298, 241,
              "settings, 0, -1, -1, 0", control=Control.ROOT,
              before="settings = struct.pack('IIQQQQQ', 1, 64, 0, 0, 0, 0, 0x60) + bytes(16)"),
        calls("userfaultfd", "stop the kernel in the middle of a call with userfaultfd", 323, 282,
              "1"),
        calls("module", "load a module into the kernel", 175, 105, "b'', 0, b''",
              control=Control.NONE),
        calls("kexec", "start another kernel", 246, 104, "0, 0, 0, 0", control=Control.NONE),
        calls("kernel-log", "read the kernel's log", 103, 116, "3, text, 256",
              before="text = ctypes.create_string_buffer(256)", control=Control.ROOT),
        calls("swap", "make a file the host's swap space", 167, 224, "b'/tmp/swap', 0",
              control=Control.NONE),
        calls("ports", "speak to the hardware's ports", 172, 999, "3", control=Control.ROOT),
        calls("segments", "change descriptor tables with modify_ldt", 154, 999,
              "0, ctypes.create_string_buffer(64), 64"),
        calls("personality", "switch address randomisation off and make all memory executable",
              135, 92, "0x0040000 | 0x0400000"),
        calls("program-in-memory", "run a program that no file holds", 319, 279, "b'x', 0"),
        calls("message-queues", "keep gigabytes in System V message queues", 68, 186,
              "0, 0o1600", control=Control.NAMESPACES),
        calls("shared-segments", "keep memory in System V segments that outlive their makers",
              29, 194, "0, 4096, 0o1600", control=Control.NAMESPACES),
        Attempt("type-into-terminal", "type a command into the user's terminal with TIOCSTI",
                "the filter refuses the request", """
            import fcntl, pty
            main, other = pty.openpty()
            if os.getpid() != os.getsid(0):
                os.setsid()
            fcntl.ioctl(other, 0x540E, 0)
            fcntl.ioctl(other, 0x5412, b'x')
            """, control=Control.ROOT),
        Attempt("type-into-terminal-wide", "the same, with upper bits set that the kernel drops",
                "the filter looks at the lower half only, as the kernel does", """
            import pty
            main, other = pty.openpty()
            if os.getpid() != os.getsid(0):
                os.setsid()
            system_call(29 if ARM else 16, other, 0x540E, 0)
            system_call(29 if ARM else 16, other, 0x100005412, b'x')
            """, control=Control.ROOT),
        Attempt("controlling-terminal", "open the user's terminal",
                "the session has no terminal", "os.open('/dev/tty', os.O_RDWR)",
                control=Control.NONE),
        Attempt("other-abi-i386", "make calls by the 32-bit interrupt, whose numbers differ", KILLED,
                """
            #include <stdio.h>
            int main(void) {
              long answer = 0;
            #if defined(__x86_64__)
              /* 20 is getpid there, and writev here */
              __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20) : "r8", "r9", "r10", "r11", "memory");
            #endif
              puts(answer > 0 ? "ESCAPED" : "REFUSED");
              return 0;
            }
            """, tongue=Tongue.C, ends_by=frozenset({"SIGSYS"})),
        Attempt("other-abi-x32", "make calls by their x32 numbers",
                "numbers above 0x40000000 do not exist", """
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(void) {
              /* An unshare of user and mount namespaces, as x32 numbers it. */
              long answer = syscall(0x40000000 + 272, 0x10020000);
              puts(answer == 0 ? "ESCAPED" : "REFUSED");
              return 0;
            }
            """, tongue=Tongue.C, control=Control.NONE),
        Attempt("namespace-among-flags", "hide the flag for a new namespace among other flags",
                "the filter looks at every one of them", """
            #define _GNU_SOURCE
            #include <sched.h>
            #include <signal.h>
            #include <stdio.h>
            #include <sys/syscall.h>
            #include <sys/wait.h>
            #include <unistd.h>
            int main(void) {
              unsigned long flags = CLONE_NEWUSER | CLONE_NEWNET | CLONE_IO | SIGCHLD;
              long child = syscall(SYS_clone, flags, 0, 0, 0, 0);
              if (child == 0) _exit(0);
              if (child > 0) waitpid(child, 0, 0);
              puts(child > 0 ? "ESCAPED" : "REFUSED");
              return 0;
            }
            """, tongue=Tongue.C),
    ),
)  # fmt: skip
