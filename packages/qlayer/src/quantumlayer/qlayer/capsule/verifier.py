#!/usr/bin/env python3
"""Checks a capsule: every file, the signature, and that both speak of the same files.

    python capsule/verify.py                 this capsule, unzipped
    python verify.py FILE.zip                a capsule as it was downloaded
    options: --key FILE.pem                  the signer must be the owner of this public key
             --allow-unlisted                files beside the listed ones are no failure

Needs Python 3.8 or later and nothing else. Exit status 0: all is as it was signed; 1: it is not;
2: wrong usage. Who signed is only as certain as the key that you compare with: without --key the
capsule vouches for itself.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MANIFEST = "capsule.json"
PROVENANCE = "capsule/provenance.dsse.json"
PUBLIC_KEY = "capsule/public-key.pem"
RUN = "capsule/run.json"
PICTURES = "capsule/pictures/"
PAYLOAD_TYPE = "application/vnd.in-toto+json"

MAX_ENTRIES = 5_000
MAX_BYTES = 256 * 1024 * 1024
MAX_RATIO = 200


class Refused(Exception):  # noqa: N818 - it says what happened
    """The capsule is not what it should be; the message says why, for people."""


# -- Archive: only plain zips, read by hand, so that nothing hides between or behind the entries.

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ALLOWED_FLAGS = 0x0806  # UTF-8 names, and how hard the compressor tried


def read_archive(data: bytes) -> dict[str, bytes]:
    """The entries of a zip by name. Raises Refused for anything but plain files, one after another.

    Refused are: trailing or hidden data, encryption, folders, links, names that leave the folder
    or collide, more than MAX_ENTRIES entries or MAX_BYTES bytes, and ratios above MAX_RATIO.
    """
    try:
        return _read_archive(data)
    except (struct.error, zlib.error, UnicodeDecodeError, IndexError):
        raise Refused("not a readable zip archive") from None


def _read_archive(data: bytes) -> dict[str, bytes]:
    if len(data) > MAX_BYTES:
        raise Refused(f"larger than {MAX_BYTES} bytes")
    if len(data) < _END.size or data[-_END.size :][:4] != b"PK\5\6":
        raise Refused("not a zip archive, cut off, or followed by other data")
    end = _END.unpack(data[-_END.size :])
    _, disk, first_disk, here, count, length, directory, comment = end
    if disk or first_disk or here != count or comment or count > MAX_ENTRIES:
        raise Refused(f"a capsule is one plain zip of at most {MAX_ENTRIES} files")
    if directory + length != len(data) - _END.size:
        raise Refused("there is data between the parts of the archive")
    entries: dict[str, bytes] = {}
    at, expected, total = directory, 0, 0
    for _ in range(count):
        fields = _CENTRAL.unpack(data[at : at + _CENTRAL.size])
        name_length, extra_length, comment_length = fields[10:13]
        raw_name = data[at + _CENTRAL.size : at + _CENTRAL.size + name_length]
        at += _CENTRAL.size + name_length + extra_length + comment_length
        name = safe_name(raw_name.decode("utf-8"))
        total += fields[9]
        if total > MAX_BYTES:
            raise Refused(f"unpacks to more than {MAX_BYTES} bytes")
        content, expected = _read_entry(data, fields, raw_name, expected)
        if name in entries:
            raise Refused(f"{name} is there twice")
        entries[name] = content
    if at != directory + length or expected != directory:
        raise Refused("there is data between the parts of the archive")
    refuse_collisions(entries)
    return entries


def _read_entry(
    data: bytes, fields: tuple[Any, ...], raw_name: bytes, expected: int
) -> tuple[bytes, int]:
    signature, _, _, flags, method, _, _, checksum, packed, size = fields[:10]
    attributes, offset = fields[15], fields[16]
    name = raw_name.decode("utf-8")
    if signature != b"PK\1\2" or flags & ~_ALLOWED_FLAGS or method not in (0, 8):
        raise Refused(f"{name} is encrypted or packed in an unusual way")
    if (attributes >> 16) & 0o170000 not in (0, 0o100000) or attributes & 0x10:
        raise Refused(f"{name} is not a plain file")
    if offset != expected:
        raise Refused("there is data between the entries of the archive")
    local = _LOCAL.unpack(data[offset : offset + _LOCAL.size])
    start = offset + _LOCAL.size + local[9] + local[10]
    local_name = data[offset + _LOCAL.size : offset + _LOCAL.size + local[9]]
    if (local[0], local[2], local[3], *local[6:9], local_name) != (
        *(b"PK\3\4", flags, method, checksum, packed, size),
        raw_name,
    ):
        raise Refused(f"{name} has two descriptions that differ")
    stored = data[start : start + packed]
    if size > max(packed, 1) * MAX_RATIO:
        raise Refused(f"{name} unpacks to more than {MAX_RATIO} times its size")
    content = _inflate(stored, size, name) if method else stored
    if len(content) != size or len(stored) != packed or zlib.crc32(content) != checksum:
        raise Refused(f"{name} is damaged")
    return content, start + packed


def _inflate(stored: bytes, size: int, name: str) -> bytes:
    inflater = zlib.decompressobj(-15)
    content = inflater.decompress(stored, size + 1)
    if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        raise Refused(f"{name} is damaged")
    return content


def safe_name(name: str) -> str:
    """`name` if it is a relative POSIX path inside the folder; raises Refused otherwise."""
    parts = name.split("/")
    bad_part = any(part in ("", ".", "..") or part[-1:] in (".", " ") for part in parts)
    if bad_part or len(name) > 300 or any(c in '\\:*?"<>|' or not c.isprintable() for c in name):
        raise Refused(f"not a safe file name: {name[:80]!r}")
    return name


def refuse_collisions(names: Iterable[str]) -> None:
    """Raises Refused where two names are one file, or a file is a folder, on some system."""
    seen: dict[str, str] = {}
    for name in names:
        folded = name.casefold()
        if folded in seen:
            raise Refused(f"{name} and {seen[folded]} are one file where case does not count")
        seen[folded] = name
    for folded, name in seen.items():
        parts = folded.split("/")
        for depth in range(1, len(parts)):
            if "/".join(parts[:depth]) in seen:
                raise Refused(f"{name} lies inside a file")


# -- Ed25519, as RFC 8032 describes it: verification only.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_KEY_PREFIX = bytes.fromhex("302a300506032b6570032100")


def _add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    # Extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
    one = (a[1] - a[0]) * (b[1] - b[0]) % _P
    two = (a[1] + a[0]) * (b[1] + b[0]) % _P
    three = 2 * a[3] * b[3] * _D % _P
    four = 2 * a[2] * b[2] % _P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _multiply(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    result: tuple[int, ...] = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            result = _add(result, point)
        point = _add(point, point)
        factor >>= 1
    return result


def _decode_point(encoded: bytes) -> tuple[int, ...] | None:
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _encode_point(point: tuple[int, ...]) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _decode_point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def ed25519_verifies(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) of `message` was made with the key of `public_key` (32)."""
    point = _decode_point(public_key) if len(public_key) == 32 else None
    if point is None or _BASE is None or len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= _L:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % _L
    minus = (_P - point[0], point[1], point[2], _P - point[3])
    expected = _add(_multiply(scalar, _BASE), _multiply(challenge, minus))
    return _encode_point(expected) == signature[:32]


def raw_key(pem: bytes) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM. Raises Refused."""
    lines = pem.decode("ascii", "replace").strip().splitlines()
    if len(lines) >= 3 and lines[0] == "-----BEGIN PUBLIC KEY-----":
        try:
            key = base64.b64decode("".join(lines[1:-1]), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if key.startswith(_KEY_PREFIX) and len(key) == len(_KEY_PREFIX) + 32:
            return key[len(_KEY_PREFIX) :]
    raise Refused("the public key is not an Ed25519 key in PEM")


def fingerprint(key: bytes) -> str:
    """What a key is called: the sha256 of its SubjectPublicKeyInfo."""
    return hashlib.sha256(_KEY_PREFIX + key).hexdigest()


# -- The capsule


def digest(data: bytes) -> str:
    """The sha256 of `data`, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def signed_statement(envelope_text: bytes, public_key: bytes) -> dict[str, Any]:
    """The statement inside a DSSE envelope that `public_key` signed. Raises Refused."""
    envelope = _json(envelope_text, PROVENANCE)
    try:
        (signature,) = envelope["signatures"]
        payload = base64.b64decode(envelope["payload"], validate=True)
        signed = base64.b64decode(signature["sig"], validate=True)
        kind = envelope["payloadType"].encode()
        key_id = signature["keyid"]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(f"{PROVENANCE} is not a DSSE envelope with one signature") from None
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    if key_id != fingerprint(public_key) or not ed25519_verifies(public_key, message, signed):
        raise Refused("the signature was not made with the capsule's public key")
    if kind.decode() != PAYLOAD_TYPE:
        raise Refused(f"{PROVENANCE} holds {kind.decode()!r}, not {PAYLOAD_TYPE!r}")
    return _json(payload, "the signed statement")


def check(
    names: set[str],
    read: Callable[[str], bytes],
    allow_unlisted: bool,
    trusted_key: bytes | None,
) -> tuple[dict[str, Any], str, list[str]]:
    """The manifest, the signer's fingerprint, and every problem found. Raises Refused."""
    for needed in (MANIFEST, PROVENANCE, PUBLIC_KEY, RUN):
        if needed not in names:
            raise Refused(f"{needed} is missing: this is not a whole capsule")
    manifest = _json(read(MANIFEST), MANIFEST)
    listed, beside = _listed(manifest)
    # Pixels differ from run to run: the record of the run, which is signed too, lists pictures.
    files = {**_pictures(_json(read(RUN), RUN)), **listed}

    problems = [f"{path} is missing" for path in sorted(set(files) - names)]
    unlisted = sorted(names - set(files) - beside)
    if unlisted and not allow_unlisted:
        some = ", ".join(unlisted[:5]) + (f" and {len(unlisted) - 5} more" if unlisted[5:] else "")
        problems.append(f"not listed in {MANIFEST}: {some} (--allow-unlisted accepts them)")
    present = sorted(set(files) & names)
    problems += [f"{path} was changed" for path in present if digest(read(path)) != files[path]]

    key = raw_key(read(PUBLIC_KEY))
    if trusted_key is not None and key != trusted_key:
        problems.append(f"signed by {fingerprint(key)}, not by the key that you gave")
    statement = signed_statement(read(PROVENANCE), key)
    listed[MANIFEST] = digest(read(MANIFEST))
    problems += _statement_problems(statement, listed, digest(read(RUN)))
    return manifest, fingerprint(key), problems


def _listed(manifest: dict[str, Any]) -> tuple[dict[str, str], set[str]]:
    """Every listed path with its sha256, and the names that stand beside the list."""
    try:
        listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
        beside = {MANIFEST, *manifest["not_reproducible"]}
    except (KeyError, TypeError):
        raise Refused(f"{MANIFEST} does not list the capsule's files") from None
    if not all(isinstance(path, str) for path in listed) or MANIFEST in listed:
        raise Refused(f"{MANIFEST} does not list the capsule's files")
    if not beside <= {MANIFEST, PROVENANCE, PUBLIC_KEY, RUN}:
        raise Refused(f"{MANIFEST} leaves out files that must be listed")
    return listed, beside


def _pictures(run: dict[str, Any]) -> dict[str, str]:
    """The pictures that the record of a run lists, with their sha256."""
    try:
        found = {entry["path"]: entry["sha256"] for entry in run.get("pictures", [])}
        strange = any(not path.startswith(PICTURES) for path in found)
    except (KeyError, TypeError, AttributeError):
        raise Refused(f"{RUN} does not list the capsule's pictures") from None
    if strange:
        raise Refused(f"{RUN} lists what is no picture")
    return found


def _statement_problems(
    statement: dict[str, Any], expected: dict[str, str], run_digest: str
) -> list[str]:
    """Where the signed statement and the files differ."""
    try:
        signed = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
        run = statement["predicate"]["runDetails"]["byproducts"][0]["digest"]["sha256"]
    except (KeyError, TypeError, IndexError):
        raise Refused("the signed statement names no files") from None
    problems = [
        f"the signature speaks of another {path}"
        for path in sorted(set(signed) | set(expected))
        if signed.get(path) != expected.get(path)
    ]
    return problems if run == run_digest else [*problems, f"{RUN} was changed"]


def _json(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Refused(f"{name} is not a JSON object")
    return value


def open_folder(root: Path) -> tuple[set[str], Callable[[str], bytes]]:
    """Names in a folder (links refused) and how to read one."""
    names = set()
    for folder, folders, files in os.walk(str(root)):
        for name in folders + files:
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if path.is_symlink() or name in files:
                names.add(relative)

    def read(name: str) -> bytes:
        path = root.joinpath(*safe_name(name).split("/"))
        if path.is_symlink() or not path.is_file():
            raise Refused(f"{name} is not a plain file")
        if path.stat().st_size > MAX_BYTES:
            raise Refused(f"{name} is larger than {MAX_BYTES} bytes")
        return path.read_bytes()

    return names, read


def open_archive(path: Path) -> tuple[set[str], Callable[[str], bytes]]:
    """Names in a zip and how to read one."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused(f"larger than {MAX_BYTES} bytes")
    entries = read_archive(path.read_bytes())
    return set(entries), entries.__getitem__


def main(arguments: list[str]) -> int:
    """Check what the command line names and say the result; the exit status."""
    parser = argparse.ArgumentParser(description="Checks a capsule's files and signature.")
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("capsule", nargs="?", type=Path, default=here, help="a zip or a folder")
    parser.add_argument("--key", type=Path, help="the public key (PEM) of the expected signer")
    parser.add_argument("--allow-unlisted", action="store_true", help="accept additional files")
    given = parser.parse_args(arguments)
    try:
        trusted = raw_key(given.key.read_bytes()) if given.key else None
        opened = (
            open_folder(given.capsule) if given.capsule.is_dir() else open_archive(given.capsule)
        )
        manifest, signer, problems = check(*opened, given.allow_unlisted, trusted)
    except (Refused, OSError) as error:
        return _say(f"FAILED: {given.capsule}", [str(error)], 1)
    if problems:
        return _say(f"FAILED: {given.capsule}", problems, 1)
    verdict = manifest.get("verdict")
    lines = [f"{len(manifest['files'])} files are as they were signed", f"signer {signer}"]
    if trusted is None:
        lines.append("the signer was not compared with a key that you trust (--key FILE.pem)")
    if verdict == "incomplete":
        lines += [f"incomplete: {reason}" for reason in manifest.get("verdict_reasons", [])]
    elif verdict != "passed":
        lines.append("this project did not pass its checks: see capsule/quality-report.html")
    return _say(f"OK: {manifest.get('name')}, verdict {verdict}", lines, 0)


def _say(headline: str, lines: list[str], status: int) -> int:
    for line in (headline, *(f"  - {line}" for line in lines)):
        sys.stdout.write(line.encode("ascii", "backslashreplace").decode() + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
