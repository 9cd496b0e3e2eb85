"""Using up the machine. Each is harmless under wider limits, and stopped by narrower ones."""

from quantumlayer.qtest import Limits
from tests.packages.qtest.sandbox.escapes.attempts import MIB, Attempt, Control, Group, Tongue

WIDE = Limits(
    wall_seconds=30, cpu_seconds=30, memory_bytes=2048 * MIB, processes=512, open_files=4096,
    file_size_bytes=512 * MIB, disk_bytes=512 * MIB, output_bytes=32 * MIB,
)  # fmt: skip


def bomb(
    id: str,  # noqa: A002 - it is one
    tries: str,
    must: str,
    program: str,
    *ends_by: str,
    tongue: Tongue = Tongue.PYTHON,
    control: Control = Control.LIMITS,
    **limits: float,
) -> Attempt:
    """A program that goes too far under `limits` and not under the wide ones."""
    narrow = WIDE.model_copy(update=limits)
    return Attempt(
        id,
        tries,
        must,
        program,
        tongue,
        control,
        ends_by=frozenset(ends_by),
        limits=narrow,
        wider=WIDE,
    )


BOMBS = Group(
    "Bombs",
    (
        bomb("forks", "fork without end", "the number of processes is limited", """
            children = []
            for _ in range(100):
                child = os.fork()
                if not child:
                    time.sleep(1)
                    os._exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
            """, "processes", processes=40),
        bomb("forks-sh", "fork without end, in a shell", "the number of processes is limited", """
            (
              count=0
              while [ $count -lt 100 ]; do sleep 1 & count=$((count + 1)); done
              wait
              echo ESCAPED
            ) || echo REFUSED
            """, "processes", tongue=Tongue.SHELL, processes=40),
        bomb("threads", "start threads without end", "threads count as processes", """
            import threading
            stop = threading.Event()
            try:
                for _ in range(100):
                    threading.Thread(target=stop.wait, args=(1,)).start()
            except RuntimeError as error:
                raise OSError(error)
            """, "processes", processes=40),
        bomb("memory", "allocate without end", "private memory is limited",
             "block = bytearray(600 * 2**20)", "memory_bytes", memory_bytes=256 * MIB),
        bomb("memory-shared", "fill shared memory", "shared memory counts for all", """
            import mmap
            shared = mmap.mmap(-1, 400 * 2**20)
            for start in range(0, len(shared), 4096):
                shared[start] = 1
            time.sleep(1)
            """, "memory_bytes", memory_bytes=128 * MIB),
        bomb("memory-many", "share the allocating among many processes",
             "memory is added up over all processes", """
            children = []
            for _ in range(5):
                child = os.fork()
                if not child:
                    block = bytearray(b'x') * (60 * 2**20)
                    time.sleep(1)
                    os._exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
            """, "memory_bytes", memory_bytes=160 * MIB),
        bomb("memory-sockets", "keep the memory in buffers of sockets, which is nobody's",
             "sockets count as the memory that they may hold", """
            held = []
            for _ in range(500):
                pair = socket.socketpair()
                held.append(pair)
                pair[0].setblocking(False)
                try:
                    while True:
                        pair[0].send(bytes(4096))
                except BlockingIOError:
                    pass
            time.sleep(1)
            """, "memory_bytes", memory_bytes=128 * MIB),
        bomb("disk", "fill the disk with files", "the disk has a size", """
            for number in range(64):
                with open(f'file-{number}', 'wb') as file:
                    file.write(bytes(2**20))
            """, disk_bytes=32 * MIB),
        bomb("disk-home", "fill the disk from the home folder", "it is the same disk", """
            for number in range(64):
                with open(f'{os.environ["HOME"]}/file-{number}', 'wb') as file:
                    file.write(bytes(2**20))
            """, disk_bytes=32 * MIB),
        bomb("disk-sparse", "make one file that is larger than the disk",
             "a file has a largest size", """
            with open('sparse', 'wb') as file:
                file.truncate(300 * 2**20)
            """, file_size_bytes=16 * MIB),
        bomb("disk-inodes", "make files without content, without end",
             "every file counts, whatever is in it", """
            os.mkdir('many')
            for number in range(60_000):
                os.close(os.open(f'many/{number}', os.O_CREAT | os.O_WRONLY))
            """, "disk_bytes", disk_bytes=16 * MIB),
        bomb("disk-shared-memory", "fill /dev/shm, which is memory", "it has a size", """
            with open('/dev/shm/full', 'wb') as file:
                for _ in range(128):
                    file.write(bytes(2**20))
            """, control=Control.NONE),
        bomb("descriptors", "open files without end", "open files are limited", """
            held = [os.open('/dev/null', os.O_RDONLY) for _ in range(600)]
            """, open_files=128),
        bomb("output", "flood stdout", "output is cut off", """
            for _ in range(2_000):
                sys.stdout.write('x' * 10_000)
            sys.stdout.write('\\n')
            """, "output_bytes", output_bytes=100_000),
        bomb("errors", "flood stderr", "so is what is said as an error", """
            for _ in range(2_000):
                sys.stderr.write('x' * 10_000)
            """, "output_bytes", output_bytes=100_000),
        bomb("processor", "compute without end", "processor time is limited", """
            end = time.process_time() + 1.6
            while time.process_time() < end:
                pass
            """, "cpu_seconds", cpu_seconds=1),
        bomb("processor-many", "share the computing among processes",
             "processor time is added up over all processes", """
            children = []
            for _ in range(3):
                child = os.fork()
                if not child:
                    end = time.process_time() + 0.8
                    while time.process_time() < end:
                        pass
                    os._exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
            """, "cpu_seconds", cpu_seconds=1),
        bomb("sleep", "wait for ever, deaf to signals", "time is limited", """
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            time.sleep(2)
            """, "wall_seconds", wall_seconds=1.0),
    ),
)  # fmt: skip
