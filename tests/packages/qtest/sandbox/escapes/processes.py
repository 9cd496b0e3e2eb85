"""Other processes, more privileges, and staying behind."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Limits
from tests.packages.qtest.sandbox.escapes.attempts import Attempt, Control, Group, Tongue, calls

FILTERED = "the filter refuses the call"
UNSEEN = "processes of the host have no number inside"

PROCESSES = Group(
    "Processes",
    (
        Attempt("kill-host", "send a signal to a process of the host", UNSEEN,
                "os.kill(FACTS['condemned'], signal.SIGTERM)"),
        Attempt("kill-all", "kill everybody it may, and everybody's parents",
                "only processes of its own sandbox end", """
            os.kill(-1, signal.SIGKILL)
            os.kill(FACTS['pid'], 0)
            """, control=Control.NONE, limits=Limits(wall_seconds=20),
                ends_by=frozenset({"SIGKILL"})),
        Attempt("terminal-group", "signal the process group of whoever started it",
                "it is in a session of its own", "os.killpg(FACTS['group'], signal.SIGCONT)"),
        Attempt("environments", "read secrets from the environment of every process",
                "the environment is made anew, and no other one can be seen", """
            wanted = FACTS['marker_reversed'][::-1].encode()
            for pid in filter(str.isdigit, os.listdir('/proc')):
                for name in ('environ', 'cmdline'):
                    try:
                        if wanted in open(f'/proc/{pid}/{name}', 'rb').read():
                            sys.exit(print('ESCAPED'))
                    except OSError:
                        pass
            raise OSError('in none of them')
            """),
        Attempt("own-environment", "find a secret of the host in its own environment",
                "the environment is made anew", """
            if FACTS['marker_reversed'][::-1] not in ' '.join(os.environ.values()):
                raise OSError('not there')
            """),
        Attempt("host-memory", "read the memory of a process of the host", UNSEEN,
                "open(f\"/proc/{FACTS['pid']}/mem\", 'rb').close()"),
        calls("ptrace", "become a traced process, and trace others", 101, 117, "0, 0, 0, 0"),
        calls("read-memory", "read another process's memory with process_vm_readv", 310, 270,
              "child, iov, 1, iov, 1, 0", before="""
target = ctypes.create_string_buffer(8)
iov = (ctypes.c_void_p * 2)(ctypes.addressof(target), 8)
child = os.fork()
if not child:
    time.sleep(0.3)
    os._exit(0)
"""),
        calls("take-descriptor", "take a descriptor out of another process with pidfd_getfd",
              438, 438, "os.pidfd_open(child), 1, 0", before="""
child = os.fork()
if not child:
    time.sleep(0.3)
    os._exit(0)
"""),
        Attempt("become-root", "become user 0", "no other user exists inside",
                "os.setuid(0)", control=Control.NAMESPACES),
        Attempt("set-uid-program", "make a program that runs as its owner, and use one",
                "no_new_privs, and mounts that ignore the mark", """
            subprocess.run(['cp', '/bin/sh', 'shell'], check=True)
            os.chmod('shell', 0o4755)
            flags = os.statvfs('.').f_flag
            status = open('/proc/self/status').read()
            if flags & os.ST_NOSUID or 'NoNewPrivs:\\t1' in status:
                raise OSError('the mark is ignored')
            """),
        Attempt("capabilities", "take capabilities back", "the bounding set is empty", """
            header = struct.pack('Ii', 0x20080522, 0)
            wanted = struct.pack('6I', *[1 << 21, 1 << 21, 0, 0, 0, 0])
            system_call(91 if ARM else 126, header, wanted)
            """, control=Control.NAMESPACES),
        Attempt("limits-raised", "raise a limit of its own", "hard limits only ever sink", """
            import resource
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            if hard > 100_000:
                resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 2048))
                hard = 2048
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard + 512))
            except ValueError:
                raise PermissionError(errno.EPERM, 'a hard limit')
            """, control=Control.ROOT),
        Attempt("realtime", "take a processor for itself with real-time priority",
                "no priority is granted",
                "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
                control=Control.ROOT),
        Attempt("spared", "be spared by the out-of-memory killer, so that others die instead",
                "it was marked as the first victim, and cannot take that back",
                "open('/proc/self/oom_score_adj', 'w').write('-1000')", control=Control.ROOT),
        Attempt("daemon", "leave a process behind that has left session and parents",
                "it dies with the first process of its namespace", """
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    signal.signal(signal.SIGHUP, signal.SIG_IGN)
                    null = os.open('/dev/null', os.O_RDWR)
                    for stream in (0, 1, 2):
                        os.dup2(null, stream)
                    os.execv('/bin/sleep', ['sleep', FACTS['daemon']])
                os._exit(0)
            os.wait()
            """, judged_after=True),
    ),
)  # fmt: skip

NAMESPACES = Group(
    "Namespaces and mounts",
    (
        calls("user-namespace", "unshare a user namespace and be root in it", 272, 97,
              "0x10000000"),
        calls("user-namespace-clone", "the same with clone", 56, 220, "0x10000000 | 17, 0, 0, 0, 0"),
        Attempt("user-namespace-clone3", "the same with clone3", FILTERED, """
            arguments = struct.pack('8Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0)
            child = system_call(435, arguments, 64)
            if child == 0:
                os._exit(0)
            """),
        Attempt("user-namespace-sh", "the same with the program unshare", FILTERED, """
            if unshare --user --map-root-user true 2>/dev/null; then echo ESCAPED
            else echo REFUSED; fi
            """, tongue=Tongue.SHELL),
        calls("join-namespace", "join a namespace by its file", 308, 268, "place, 0",
              before="place = os.open('/proc/self/ns/uts', os.O_RDONLY)",
              control=Control.NAMESPACES),
        calls("mount", "mount a folder over another", 165, 40, "b'/tmp', b'/mnt', 0, 4096, 0",
              control=Control.NAMESPACES),
        calls("remount", "make a read-only mount writable", 165, 40,
              "0, b'/usr/bin', 0, 4096 | 32, 0", control=Control.NAMESPACES,
              before="if FACTS['control']: system_call(MOUNT, b'/usr/bin', b'/usr/bin', 0, 4096, 0)"),
        calls("unmount", "take a mount away, to see what lies below", 166, 39, "b'/proc', 2",
              control=Control.NAMESPACES,
              before="if FACTS['control']: system_call(MOUNT, b'x', b'/proc', b'tmpfs', 0, 0)"),
        calls("new-mount-calls", "mount with the new family of calls", 430, 430, "b'tmpfs', 0",
              control=Control.NAMESPACES),
        calls("pivot-root", "change the root with pivot_root", 155, 41, "b'/mnt', b'/mnt'",
              before="if FACTS['control']: os.mkdir('new'); "
              "system_call(MOUNT, b'x', b'new', b'tmpfs', 0, 0); os.chdir('new'); "
              "os.mkdir('old'); sys.exit(print('ESCAPED') if not system_call(PIVOT_ROOT, b'.', b'old') "
              "else None)", control=Control.NAMESPACES),
        calls("chroot", "change the root with chroot, and climb out of it", 161, 51, "b'/tmp'",
              control=Control.NAMESPACES),
        calls("mounts-listed", "list mounts with listmount, around /proc", 458, 458,
              "ask, found, 16, 0", before="""
ask = struct.pack('IIQQQ', 32, 0, (1 << 64) - 1, 0, 0)
found = ctypes.create_string_buffer(128)
"""),
        calls("host-name", "change the host's name", 170, 161, "b'owned', 5",
              control=Control.NAMESPACES),
        calls("host-clock", "set the host's clock", 227, 112, "0, now",
              control=Control.NONE, before="now = struct.pack('qq', int(time.time()), 0)"),
        calls("host-clock-adjusted", "slow the host's clock down", 159, 171, "wanted",
              control=Control.NONE, before="""
wanted = ctypes.create_string_buffer(256)
wanted[0:4] = struct.pack('I', 0x4000)
wanted[88:96] = struct.pack('q', 9000)
"""),
        Attempt("host-name-read", "learn the host's name", "it is told `sandbox`", """
            if socket.gethostname() == 'sandbox':
                raise OSError('sandbox')
            """),
    ),
)  # fmt: skip
