"""Archives that are not plain zips of plain files are refused before a byte of them is used."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest

from quantumlayer.qlayer.capsule import verifier
from quantumlayer.qlayer.capsule.archive import write_archive
from quantumlayer.qlayer.capsule.verifier import Refused, read_archive

FILES = {"a.txt": b"a" * 10, "b/c.txt": b"", "b/d.txt": b"d"}


def zipped(
    *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED
) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")
        for entry, data in entries:
            archive.writestr(entry, data)
    return buffer.getvalue()


def test_what_is_written_is_read() -> None:
    assert read_archive(write_archive(FILES)) == FILES
    assert read_archive(write_archive({})) == {}


def test_the_order_of_the_files_does_not_matter() -> None:
    assert write_archive(FILES) == write_archive(dict(reversed(FILES.items())))


def test_a_capsule_zipped_again_by_another_tool_is_read() -> None:
    again = zipped(*FILES.items(), method=zipfile.ZIP_DEFLATED)
    assert read_archive(again) == FILES


def with_attributes(attributes: int) -> bytes:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = attributes << 16
    return zipped((entry, b"/etc/passwd"))


def unlike_in_both_places() -> bytes:
    data = write_archive({"aaaa": b"x"})
    return data.replace(b"aaaa", b"bbbb", 1)


def hidden_between() -> bytes:
    data = write_archive({"a": b"x"})
    end = len(data) - 22
    (at,) = struct.unpack("<L", data[end + 16 : end + 20])
    moved = data[:at] + b"hidden" + data[at:]
    return moved[:-6] + struct.pack("<LH", at + 6, 0)


def encrypted() -> bytes:
    data = bytearray(write_archive({"a": b"x"}))
    at = data.index(b"PK\1\2")
    data[6] |= 1
    data[at + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: zipped(("a", b"1"), ("a", b"2")), "there twice"),
        (lambda: zipped(("A.py", b""), ("a.py", b"")), "where case does not count"),
        (lambda: zipped(("a", b""), ("a/b", b"")), "lies inside a file"),
        (lambda: zipped(("folder/", b"")), "not a safe file name"),
        (lambda: zipped(("../a", b"")), "not a safe file name"),
        (lambda: zipped(("/a", b"")), "not a safe file name"),
        (lambda: zipped(("a//b", b"")), "not a safe file name"),
        (lambda: zipped(("C:a", b"")), "not a safe file name"),
        (lambda: zipped(("a\\b", b"")), "not a safe file name"),
        (lambda: zipped(("a\nb", b"")), "not a safe file name"),
        (lambda: zipped(("a.", b"")), "not a safe file name"),
        (lambda: zipped(("a" * 301, b"")), "not a safe file name"),
        (lambda: with_attributes(0o120777), "not a plain file"),
        (lambda: with_attributes(0o040755), "not a plain file"),
        (lambda: with_attributes(0o010644), "not a plain file"),
        (lambda: zipped(("a", b"\0" * 10_000_000), method=zipfile.ZIP_DEFLATED), "times its size"),
        (lambda: zipped(("a", b"x"), method=zipfile.ZIP_BZIP2), "unusual way"),
        (lambda: zipped(*((str(number), b"") for number in range(5_001))), "at most 5000 files"),
        (unlike_in_both_places, "descriptions that differ"),
        (hidden_between, "between the parts"),
        (encrypted, "encrypted"),
        (lambda: write_archive(FILES) + b"x", "followed by other data"),
        (lambda: b"x" + write_archive(FILES), "between the parts"),
        (lambda: write_archive(FILES)[:-1], "cut off"),
        (lambda: b"", "not a zip"),
    ],
)
def test_what_is_not_plain_is_refused(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_archive(make())


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = zipped(("a", b"\0" * 100_000), method=zipfile.ZIP_DEFLATED)
    lying = honest.replace(struct.pack("<L", 100_000), struct.pack("<L", 1_000))
    with pytest.raises(Refused, match="damaged"):
        read_archive(lying)


def test_more_than_the_limit_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_archive({"a": b"x" * 600, "b": b"x" * 600})
    monkeypatch.setattr(verifier, "MAX_BYTES", len(data))
    assert len(read_archive(data)) == 2
    deflated = zipped(("a", b"x" * 600), ("b", b"x" * 600), method=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(verifier, "MAX_BYTES", 1_000)
    with pytest.raises(Refused, match="unpacks to more than 1000 bytes"):
        read_archive(deflated)
