"""Heads of requests and answers on their way between a browser and a preview: pure."""

from dataclasses import dataclass

from quantumlayer.qtest.preview.address import Address

Fields = tuple[tuple[bytes, bytes], ...]

END = b"\r\n\r\n"
# Of one connection only, or a promise for longer than a preview lives.
OF_ONE_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization",
    b"proxy-authenticate", b"upgrade", b"http2-settings",
})  # fmt: skip
NOT_ANSWERED = OF_ONE_HOP | {b"strict-transport-security", b"alt-svc"}
SWITCHING = 101


class Refused(Exception):  # noqa: N818 - it says what was asked
    """A request that is not for this preview, or no request: a status, and words for people."""

    def __init__(self, status: str, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True)
class Head:
    """The first line, and the fields in their order with names as they are written."""

    first: bytes
    fields: Fields

    def values(self, name: bytes) -> list[bytes]:
        """Every value of a field, whose name is in lower case."""
        return [value for each, value in self.fields if each.lower() == name]

    def raw(self) -> bytes:
        """As it is sent."""
        lines = (self.first, *(name + b": " + value for name, value in self.fields))
        return b"\r\n".join(lines) + END


def head_of(raw: bytes) -> Head:
    """A head with its empty line. Raises ValueError for what is none."""
    first, *lines = raw.removesuffix(END).split(b"\r\n")
    fields = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip() or b"\n" in line or b"\r" in line:
            raise ValueError("no field of a head")
        fields.append((name, value.strip()))
    return Head(first, tuple(fields))


def request_for(address: Address, raw: bytes) -> bytes:
    """The head that the application gets of a request. Raises Refused."""
    try:
        head = head_of(raw)
        _, target, version = head.first.split(b" ")
    except ValueError as error:
        raise Refused("400 Bad Request", "This is no request in HTTP.") from error
    if not version.startswith(b"HTTP/1.") or not (target.startswith(b"/") or target == b"*"):
        raise Refused("400 Bad Request", "This is no request to a server.")
    hosts = head.values(b"host")
    if [host.lower() for host in hosts] != [address.host.encode()]:
        raise Refused("421 Misdirected Request", "There is no preview under this name.")
    fields = [
        (name, value)
        for name, value in without_cookies(head.fields, address.withheld)
        if name.lower() not in OF_ONE_HOP
    ]
    return Head(head.first, (*fields, *hop_of(head))).raw()


def hop_of(head: Head) -> Fields:
    """What is said of the connection: it carries one request, or becomes a WebSocket."""
    if any(value.lower() == b"websocket" for value in head.values(b"upgrade")):
        return ((b"Connection", b"Upgrade"), (b"Upgrade", b"websocket"))
    return ((b"Connection", b"close"),)


def without_cookies(fields: Fields, withheld: tuple[str, ...]) -> Fields:
    """The fields without cookies that are others' affair."""
    names = {name.encode() for name in withheld}
    kept: list[tuple[bytes, bytes]] = []
    for name, value in fields:
        if name.lower() == b"cookie":
            crumbs = [each.strip() for each in value.split(b";")]
            own = b"; ".join(each for each in crumbs if each.partition(b"=")[0] not in names)
            kept += [(name, own)] if own else []
        elif name.lower() != b"set-cookie" or value.partition(b"=")[0].strip() not in names:
            kept.append((name, value))
    return tuple(kept)


def answer_from(address: Address, raw: bytes) -> tuple[int, bytes]:
    """The status of an answer, and the head that the browser gets. Raises ValueError."""
    head = head_of(raw)
    version, code, *_ = head.first.split(b" ")
    status = int(code)
    if not version.startswith(b"HTTP/1."):
        raise ValueError("no answer in HTTP")
    if 100 <= status < 200 and status != SWITCHING:
        return status, raw
    fields = [
        (name, value)
        for name, value in without_cookies(head.fields, address.withheld)
        if name.lower() not in NOT_ANSWERED
    ]
    if status == SWITCHING:
        return status, Head(head.first, (*fields, *hop_of(head))).raw()
    added = [(b"Content-Security-Policy", address.policy.encode()), (b"Connection", b"close")]
    if not head.values(b"referrer-policy"):
        added.append((b"Referrer-Policy", b"same-origin"))
    return status, Head(head.first, (*fields, *added)).raw()


def told(status: str, words: str) -> bytes:
    """An answer of our own, in plain text."""
    body = f"{words}\n".encode()
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    ).encode() + body
