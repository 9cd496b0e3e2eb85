"""Archives are checked before a byte is written; hostile ones are refused with a reason."""

import stat
import zipfile
from pathlib import Path

import pytest

from quantumlayer.qlayer.checking import archives
from quantumlayer.qlayer.checking.errors import Refused


def pack(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A zip with these entries, in their order, names as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    """An entry of a kind of file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_folders_and_files_are_unpacked(tmp_path: Path) -> None:
    archive = pack(
        tmp_path / "a.zip",
        ("app/", b""),
        ("app/main.py", b"x = 1\n"),
        (entry("app/run", stat.S_IFREG | 0o755), b"#!/bin/sh\n"),
    )
    archives.unpack(archive, tmp_path / "out")
    assert files_in(tmp_path / "out") == {"app/main.py": b"x = 1\n", "app/run": b"#!/bin/sh\n"}
    assert (tmp_path / "out/app/run").stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize(
    "name",
    [
        *("../out.py", "a/../../out.py", "/etc/out.py", "C:/out.py", "a\\..\\out.py"),
        *("./a.py", "a//b.py", "..", f"{'a' * 300}.py"),
    ],
)
def test_a_name_that_leads_out_refuses_the_whole(name: str, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("good.py", b"x = 1\n"), (name, b"evil"))
    with pytest.raises(Refused):
        archives.unpack(archive, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_devices_are_refused(kind: int, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", (entry("device", kind | 0o777), b""))
    with pytest.raises(Refused, match="no plain file"):
        archives.unpack(archive, tmp_path / "out")


def linked(path: Path, **links: str) -> Path:
    """A zip with a file, `pack/code.py`, and links; `__` in a name stands for a slash."""
    return pack(
        path,
        ("pack/code.py", b"x = 1\n"),
        *(
            (entry(name.replace("__", "/"), stat.S_IFLNK | 0o777), written.encode())
            for name, written in links.items()
        ),
    )


@pytest.mark.parametrize(
    ("links", "reads"),
    [
        ({"code": "pack/code.py"}, "code"),
        ({"pack__up": "../pack"}, "pack/up/code.py"),
        ({"one": "two", "two": "pack"}, "one/code.py"),
        ({"pack__up": "..", "pack__back": "up/pack/code.py"}, "pack/back"),
        ({"here": "./pack//code.py"}, "here"),
    ],
)
def test_links_that_stay_inside_are_links_again(
    links: dict[str, str], reads: str, tmp_path: Path
) -> None:
    archives.unpack(linked(tmp_path / "a.zip", **links), tmp_path / "out")
    assert (tmp_path / "out" / reads).read_bytes() == b"x = 1\n"
    assert all((tmp_path / "out" / name.replace("__", "/")).is_symlink() for name in links)


@pytest.mark.parametrize(
    "links",
    [
        {"gone": "nowhere"},
        {"self": "."},
        {"one": "two", "two": "one"},
        {"pack__deep": "../pack/deep/deep"},
    ],
)
def test_links_that_lead_nowhere_or_round_hurt_nothing(
    links: dict[str, str], tmp_path: Path
) -> None:
    archives.unpack(linked(tmp_path / "a.zip", **links), tmp_path / "out")
    assert files_in(tmp_path / "out")["pack/code.py"] == b"x = 1\n"


@pytest.mark.parametrize(
    "links",
    [
        {"passwords": "/etc/passwd"},
        {"up": ".."},
        {"pack__up": "../../x"},
        {"pack__a": "..", "pack__b": "a/../x"},
        {"a": "b", "b": "/etc"},
        {"a": "gone/../../x"},
        {"a": "pack", "pack__b": "../a/../../x"},
        {"a": ""},
        {"a": "x" * 2_000},
        {"a": "b\\..\\c"},
    ],
)
def test_links_that_lead_out_refuse_the_whole(links: dict[str, str], tmp_path: Path) -> None:
    archive = linked(tmp_path / "a.zip", **links)
    with pytest.raises(Refused, match="link"):
        archives.unpack(archive, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.parametrize(
    ("link", "file"), [("a", "a/code.py"), ("a/", "a/code.py"), ("A", "a"), ("a", "A/b")]
)
def test_nothing_is_written_through_or_over_a_link(link: str, file: str, tmp_path: Path) -> None:
    archive = pack(
        tmp_path / "a.zip", (entry(link, stat.S_IFLNK | 0o777), b"pack"), (file, b"evil")
    )
    with pytest.raises(Refused):
        archives.unpack(archive, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names", [("a.py", "a.py"), ("A.py", "a.py"), ("a", "a/b.py"), ("x/a", "x/A/b")]
)
def test_names_that_collide_are_refused(names: tuple[str, str], tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", *((name, b"") for name in names))
    with pytest.raises(Refused):
        archives.unpack(archive, tmp_path / "out")


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("zeros", bytes(8 * 1024 * 1024)))
    with pytest.raises(Refused, match="200 times its size") as refused:
        archives.unpack(archive, tmp_path / "out")
    assert refused.value.limit == "size"


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 3)
    archive = pack(tmp_path / "a.zip", *((f"{n}.py", b"") for n in range(4)))
    with pytest.raises(Refused, match="more than 3 entries"):
        archives.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 and then nothing"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(Refused, match="cannot be read"):
        archives.unpack(tmp_path / "a.zip", tmp_path / "out")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", ("a.py", b"answer = 42\n" * 40))
    content = bytearray(archive.read_bytes())
    content[40:44] = b"\xff\xff\xff\xff"
    archive.write_bytes(content)
    with pytest.raises(Refused):
        archives.unpack(archive, tmp_path / "out")
