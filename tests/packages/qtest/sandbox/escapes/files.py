"""Reading and writing what is not the project's."""

# ruff: noqa: E501 - programs as data

from tests.packages.qtest.sandbox.escapes.attempts import Attempt, Control, Group, Tongue, calls

ABSENT = "there is no such path"
READ_ONLY = "everything but /tmp and /dev/shm is read-only, and belongs to somebody else"

FILES = Group(
    "Files",
    (
        Attempt("secret-file", "read a file of the host by its path", ABSENT,
                "open(FACTS['secret']).read()"),
        Attempt("secret-file-up", "read it by climbing up from the project", ABSENT,
                "open('../' * 30 + FACTS['secret']).read()"),
        Attempt("secret-file-sh", "read it with a shell", ABSENT, """
            if cat "$SECRET" 2>/dev/null; then echo ESCAPED; else echo REFUSED; fi
            """, tongue=Tongue.SHELL),
        Attempt("planted-symlink", "follow a symbolic link that the project brings",
                "links are copied as links, and lead nowhere",
                "open('planted/soft').read()"),
        Attempt("planted-folder-link", "go through a linked folder that the project brings",
                "as above", "os.listdir('planted/folder')"),
        Attempt("hard-link", "make a hard link to a file of the host", ABSENT,
                "os.link(FACTS['secret'], 'linked')"),
        Attempt("parent-root", "go through the root folder of another process",
                "no process of the host is in its /proc",
                "open(f\"/proc/{FACTS['pid']}/root\" + FACTS['secret']).read()"),
        Attempt("all-roots", "the same for every process that can be seen",
                "all of them have the sandbox's root, or are closed", """
            found = False
            for pid in filter(str.isdigit, os.listdir('/proc')):
                for way in ('root', 'cwd'):
                    try:
                        found |= os.path.exists(f'/proc/{pid}/{way}' + FACTS['secret'])
                    except OSError:
                        pass
            if not found:
                raise OSError('in none of them')
            """),
        Attempt("home-folder", "list the personal folder",
                "it holds nothing but the way to the interpreter", """
            names = set(os.listdir(FACTS['home'])) & set(FACTS['home_names'])
            if not names:
                raise OSError('nothing of it is there')
            """),
        Attempt("password-hashes", "read /etc/shadow", ABSENT,
                "open('/etc/shadow').read()", control=Control.ROOT),
        Attempt("accounts", "learn the host's accounts from /etc/passwd",
                "the file is the sandbox's own, with one account", """
            if len(open('/etc/passwd').readlines()) < 3:
                raise OSError('one account')
            """),
        Attempt("sys", "read /sys", ABSENT, "os.listdir('/sys/kernel')"),
        calls("file-handle", "open a host file by its handle, around all mounts", 304, 265,
              "mount, ctypes.create_string_buffer(handle), 0", control=Control.ROOT, before="""
handle = bytes.fromhex(FACTS['handle'])
mount = os.open('/usr/bin', os.O_RDONLY)
"""),
        Attempt("overwrite", "write into a file of the host", ABSENT,
                "open(FACTS['victim'], 'r+').write('changed')"),
        Attempt("remove", "remove a file of the host", ABSENT, "os.unlink(FACTS['victim'])"),
        Attempt("system-program", "replace a program of the system", READ_ONLY, """
            with open(FACTS['program'], 'ab') as program:
                program.write(b'')
            """, control=Control.ROOT),
        Attempt("interpreter", "plant a start-up file beside the interpreter", READ_ONLY, """
            place = os.path.dirname(os.__file__)
            open(place + '/' + FACTS['marker'], 'w').close()
            os.unlink(place + '/' + FACTS['marker'])
            """, control=Control.ROOT),
        Attempt("cache-write", "change a file of the shared cache of compilers and packages",
                READ_ONLY, "open(FACTS['cache'] + '/entry', 'w').write('poison')"),
        Attempt("cache-add", "add a file to that cache", READ_ONLY,
                "open(FACTS['cache'] + '/new', 'w').write('poison')"),
        Attempt("cache-mode", "make that cache writable first", READ_ONLY,
                "os.chmod(FACTS['cache'] + '/entry', 0o666)"),
        Attempt("cache-replace", "move another file over an entry of that cache", READ_ONLY, """
            open('poison', 'w').close()
            os.rename('poison', FACTS['cache'] + '/entry')
            """),
        Attempt("cache-link", "make a hard link to an entry of that cache, and write through it",
                "a link cannot leave its file system, and never writes", """
            os.link(FACTS['cache'] + '/entry', FACTS['scratch'] + '/entry')
            open(FACTS['scratch'] + '/entry', 'w').write('poison')
            """),
        Attempt("inherited", "use descriptors that the host left open",
                "none is inherited but the streams and the report", """
            own = {0, 1, 2, int(os.environ.get('SANDBOX_REPORT_FD', 2))}
            found = [n for n in range(3, 512) if n not in own and os.path.exists(f'/proc/self/fd/{n}')]
            if not found:
                raise OSError('none')
            """),
        Attempt("report-reopened", "open the report's pipe for reading, and everybody's descriptors",
                "a pipe gives back nothing that was written, and folders there are none", """
            found = []
            for pid in filter(str.isdigit, os.listdir('/proc')):
                try:
                    names = os.listdir(f'/proc/{pid}/fd')
                except OSError:
                    continue
                for name in names:
                    place = f'/proc/{pid}/fd/{name}/../' + FACTS['secret']
                    if os.path.exists(place):
                        found.append(place)
            if not found:
                raise OSError('none')
            """),
    ),
)  # fmt: skip

DEVICES = Group(
    "Devices and the kernel's files",
    (
        Attempt("device-node", "make the node of a disk", "no capability for it",
                "os.mknod('disk', 0o600 | 0o060000, os.makedev(254, 0))", control=Control.ROOT),
        Attempt("device-files", "open a disk, the memory, KVM, FUSE or the kernel's log",
                "/dev holds null, zero, full, random and terminals of its own", """
            opened = []
            for name in ('mem', 'vda', 'sda', 'nvme0n1', 'kmsg', 'kvm', 'fuse', 'net/tun',
                         'loop-control', 'mapper/control', 'userfaultfd', 'vhost-net', 'hwrng'):
                try:
                    os.close(os.open('/dev/' + name, os.O_RDONLY))
                    opened.append(name)
                except OSError:
                    pass
            if not opened:
                raise OSError('none opens')
            """, control=Control.ROOT),
        Attempt("sysrq", "press a magic key through /proc/sysrq-trigger", "masked",
                "open('/proc/sysrq-trigger', 'w').write('h')", control=Control.ROOT),
        Attempt("core-pattern", "have the kernel start a program on the host at a crash",
                "settings of the kernel are read-only",
                "os.close(os.open('/proc/sys/kernel/core_pattern', os.O_RDWR))",
                control=Control.ROOT),
        Attempt("kernel-memory", "read /proc/kcore or /dev/mem", "masked", """
            if not open('/proc/kcore', 'rb').read(64):
                raise OSError('empty')
            """, control=Control.ROOT),
        Attempt("kernel-symbols", "read the kernel's symbols", "masked", """
            if not open('/proc/kallsyms').read(64):
                raise OSError('empty')
            """),
        Attempt("kernel-settings", "learn how the host's kernel was started", "masked", """
            if not open('/proc/cmdline').read(64):
                raise OSError('empty')
            """),
        Attempt("keys-listed", "list the keys of the host's users", "masked", """
            if not open('/proc/key-users').read(64):
                raise OSError('empty')
            """),
    ),
)  # fmt: skip
