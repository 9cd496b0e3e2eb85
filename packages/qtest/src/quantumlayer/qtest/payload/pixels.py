"""How bright a picture is: as much of PNG as browsers write."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}


def brightness(png: bytes) -> float:
    """The mean brightness from 0 to 1; 1 for what is no such picture."""
    width, height, colour, content = parts(png)
    channels = CHANNELS.get(colour, 0)
    if not channels:
        return 1.0
    rows = unfiltered(zlib.decompress(content), width * channels, height, channels)
    total = seen = 0
    for row in rows:
        for at in range(0, width * channels, channels):
            total += 299 * row[at] + 587 * row[at + 1] + 114 * row[at + 2]
            seen += 1
    return total / (seen * 255_000) if seen else 1.0


def parts(png: bytes) -> tuple[int, int, int, bytes]:
    """Width, height, kind of colour and compressed rows of a picture with 8 bits a channel."""
    at, header, content = len(SIGNATURE), b"", bytearray()
    if not png.startswith(SIGNATURE):
        return 0, 0, -1, b""
    while at + 8 <= len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        chunk = png[at + 8 : at + 8 + length]
        header = chunk if name == b"IHDR" else header
        content += chunk if name == b"IDAT" else b""
        at += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    return width, height, colour if depth == 8 else -1, bytes(content)


def unfiltered(content: bytes, size: int, height: int, channels: int) -> list[bytearray]:
    """The rows as they were before they were made to compress well."""
    rows: list[bytearray] = []
    above = bytearray(size)
    for number in range(height):
        begin = number * (size + 1)
        kind, row = content[begin], bytearray(content[begin + 1 : begin + 1 + size])
        if kind:
            restore(kind, row, above, channels)
        rows.append(row)
        above = row
    return rows


def restore(kind: int, row: bytearray, above: bytearray, channels: int) -> None:
    """Add what the filter took away, from the left and from above."""
    for at in range(len(row)):
        left = row[at - channels] if at >= channels else 0
        corner = above[at - channels] if at >= channels else 0
        row[at] = (row[at] + predicted(kind, left, above[at], corner)) & 0xFF


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return up
    if kind == 3:
        return (left + up) // 2
    distances = [(abs(left + up - corner - each), n) for n, each in enumerate((left, up, corner))]
    return (left, up, corner)[min(distances)[1]]
