"""Talking to anybody outside."""

# ruff: noqa: E501 - programs as data

from tests.packages.qtest.sandbox.escapes.attempts import Attempt, Control, Group

NO_WAY = "nobody is there: the network is empty but for a loopback of its own"
NO_FAMILY = "the filter knows no such family"


def socket_of(id: str, tries: str, family: int, kind: int = 1, protocol: int = 0) -> Attempt:  # noqa: A002 - the name that callers know
    """Only making the socket: what it could reach, no namespace would confine."""
    body = f"socket.socket({family}, {kind}, {protocol})"
    return Attempt(id, tries, NO_FAMILY, body)


NETWORK = Group(
    "Network",
    (
        Attempt("tcp-loopback", "connect to a server on the host's loopback", NO_WAY,
                "socket.create_connection(('127.0.0.1', FACTS['port']), 3)"),
        Attempt("tcp-loopback-6", "the same over IPv6", NO_WAY,
                "socket.create_connection(('::1', FACTS['port_6']), 3)"),
        Attempt("tcp-any-address", "reach the host's server through 0.0.0.0", NO_WAY,
                "socket.create_connection(('0.0.0.0', FACTS['port']), 3)"),
        Attempt("udp-loopback", "exchange datagrams with a server of the host", NO_WAY, """
            talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            talk.settimeout(1)
            talk.connect(('127.0.0.1', FACTS['udp_port']))
            talk.send(b'hello')
            talk.recv(100)
            """),
        Attempt("dns", "send secrets out in a question to a name server", NO_WAY, """
            question = struct.pack('>6H', 7, 256, 1, 0, 0, 0)
            for label in (b'stolen', b'example', b'org'):
                question += bytes([len(label)]) + label
            question += b'\\0' + struct.pack('>2H', 1, 1)
            talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            talk.settimeout(1)
            talk.sendto(question, ('127.0.0.1', FACTS['udp_port']))
            talk.recv(100)
            """),
        Attempt("raw-ip", "make a raw socket and write IP packets", "no capability for it",
                "socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)", control=Control.NAMESPACES),
        Attempt("icmp", "ping", "no capability, and no group may",
                "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
                control=Control.NAMESPACES),
        Attempt("packet", "listen to frames with AF_PACKET", NO_FAMILY,
                "socket.socket(17, socket.SOCK_RAW, 0x300)", control=Control.NAMESPACES),
        Attempt("netlink", "give an interface another address", "no capability for it", """
            import fcntl
            talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            wanted = struct.pack('16sH2s4s8x', b'lo', socket.AF_INET, b'', bytes([127, 0, 0, 9]))
            fcntl.ioctl(talk, 0x8916, wanted)
            """, control=Control.NAMESPACES),
        Attempt("netlink-firewall", "speak to the firewall's netlink family and change its rules",
                "no capability for it", """
            talk = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
            talk.bind((0, 0))
            body = struct.pack('BBH', 1, 0, 0) + struct.pack('HH', 6, 1) + b'x\\0\\0\\0'
            def message(kind, flags, content):
                return struct.pack('IHHII', 16 + len(content), kind, flags, 1, 0) + content
            batch = struct.pack('BBH', 0, 0, socket.htons(10))
            talk.settimeout(1)
            talk.send(message(16, 1, batch) + message(0xa00, 0x401 | 4, body) + message(17, 1, batch))
            kind, number = struct.unpack('4xH10xi', talk.recv(4096)[:20])
            if number:
                raise OSError(-number, os.strerror(-number))
            """, control=Control.NAMESPACES),
        socket_of("vsock", "reach the hypervisor with AF_VSOCK", 40),
        socket_of("alg", "use the kernel's ciphers with AF_ALG", 38, 5),
        socket_of("bluetooth", "open a Bluetooth socket", 31, 3, 1),
        socket_of("tipc", "open a TIPC socket", 30),
        Attempt("abstract-socket", "connect to an abstract socket of the host", NO_WAY,
                "socket.socket(socket.AF_UNIX).connect('\\0' + FACTS['abstract'])"),
        Attempt("unix-socket", "connect to a socket file of the host, as Docker's is one",
                "the file is not there",
                "socket.socket(socket.AF_UNIX).connect(FACTS['unix_socket'])"),
    ),
)  # fmt: skip
