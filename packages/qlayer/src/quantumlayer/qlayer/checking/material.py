"""What is to be checked, made safe to look at: a folder, an archive or a single file."""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from quantumlayer.parser.discovery import LEFT_OUT, is_left_out
from quantumlayer.qlayer.checking.archives import unpack
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.checking.links import LeadsOut, circular, destination

# What belongs to a capsule and not to the project in it, which its own tests did not see either;
# spelled out here, as the room that knows them all is slow to load.
OF_CAPSULE = frozenset({
    "capsule.json", "capsule/requirements.json", "capsule/blueprint.json",
    "capsule/quality-report.json", "capsule/quality-report.html", "capsule/sbom.cdx.json",
    "capsule/verify.py", "capsule/provenance.dsse.json", "capsule/run.json",
    "capsule/public-key.pem",
})  # fmt: skip
MOST_FILES = 20_000
MOST_BYTES = 384 * 1024 * 1024
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
PYTHON_TESTS = re.compile(r"^(async )?def test_|^class \w*Tests?\w*\b|\bTestCase\b", re.MULTILINE)


@dataclass
class Material:
    """A folder that can be read and copied without surprises.

    `files` are the paths in it that count, sorted, with their sizes; `single` is the name of the
    one file that was given. `notes` tell what was left out. `capsule` is the folder as it was
    given, where that is a capsule; what says so is no part of the material. `links` are the
    symbolic links that stay inside, which are no files of their own, and `escaping` those that led
    out and were left out.
    """

    root: Path
    files: dict[str, int] = field(default_factory=dict)
    single: str = ""
    notes: list[str] = field(default_factory=list)
    capsule: Path | None = None
    links: tuple[str, ...] = ()
    escaping: tuple[str, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[Material]:
    """The material at a path; what had to be unpacked or copied is gone afterwards.

    Raises Refused when it is harmful or too large, OSError when it cannot be read.
    """
    real = Path(os.path.realpath(path, strict=True))
    with tempfile.TemporaryDirectory(prefix="ql-check-") as name:
        scratch = Path(name) / "project"
        if real.is_dir():
            yield folder_material(real, scratch)
        elif is_zip(real):
            scratch.mkdir()
            unpack(real, scratch)
            yield folder_material(only_folder(scratch), Path(name) / "copy")
        elif real.is_file():
            scratch.mkdir()
            yield single_file(real, scratch)
        else:
            raise Refused("It is neither a file nor a folder.")


def is_zip(path: Path) -> bool:
    """Whether a file is, or pretends to be, a zip archive."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return path.suffix.lower() == ".zip" or stream.read(4) in ZIP_MAGIC


def only_folder(folder: Path) -> Path:
    """The one folder that an archive holds, as archives of repositories do; else the whole."""
    entries = list(folder.iterdir())
    if len(entries) != 1 or entries[0].is_symlink() or entries[0].name in {"src", "tests"}:
        return folder
    return entries[0] if entries[0].is_dir() else folder


def single_file(path: Path, scratch: Path) -> Material:
    """A project of one file."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refused(f"It is larger than {MOST_BYTES:,} bytes.", limit="size")
    shutil.copyfile(path, scratch / path.name)
    if path.suffix == ".py" and PYTHON_TESTS.search(path.read_text("utf-8", errors="replace")):
        # Who names one file with tests means those, whatever it is called.
        (scratch / "pytest.ini").write_text(f"[pytest]\npython_files = {path.name}\n")
    return Material(scratch, {path.name: size}, single=path.name)


def folder_material(root: Path, scratch: Path) -> Material:
    """A folder; a copy of what counts in it, when something in it must not be copied later."""
    survey = Survey(root, OF_CAPSULE if is_capsule(root) else frozenset())
    survey.walk("")
    survey.settle_links()
    material = Material(
        root,
        dict(sorted(survey.files.items())),
        notes=survey.notes(),
        links=tuple(sorted(survey.links)),
        escaping=tuple(survey.escaping),
    )
    if survey.beside:
        material.capsule = root
    if survey.unwanted:
        scratch.mkdir()
        copy(root, scratch, survey)
        material.root = scratch
    return material


def is_capsule(root: Path) -> bool:
    """Whether a folder holds a capsule: whether it has all that every one of them has."""
    return all((root / path).is_file() for path in OF_CAPSULE)


class Survey:
    """A walk through a folder that follows no link."""

    def __init__(self, root: Path, beside: frozenset[str] = frozenset()) -> None:
        """Nothing is read before `walk`. `beside` are the paths of files that do not count."""
        self.root = root
        self.beside = beside
        self.files: dict[str, int] = {}
        self.links: dict[str, str] = {}
        self.bytes = 0
        self.circles: list[str] = []
        self.escaping: list[str] = []
        self.unreadable: list[str] = []
        self.unwanted = False

    def walk(self, inside: str) -> None:
        """Take in a folder and all below it. Raises Refused when it is too large."""
        pending = [inside]
        while pending:
            folder = pending.pop()
            entries = sorted(self.entries(folder), key=lambda entry: entry.name)
            names = frozenset(entry.name for entry in entries)
            for entry in entries:
                path = f"{folder}{entry.name}"
                if path in self.beside:
                    self.unwanted = True
                elif entry.is_symlink():
                    self.take_link(path)
                elif entry.is_dir():
                    if is_left_out(entry.name, names, self.root / path):
                        # At the top the sandbox leaves out the same names by itself.
                        self.unwanted |= "/" in path or entry.name not in LEFT_OUT
                    else:
                        pending.append(f"{path}/")
                else:
                    self.take(path, entry)

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as found:
                return list(found)
        except PermissionError:
            self.unreadable.append(folder)
            self.unwanted = True
            return []

    def take_link(self, path: str) -> None:
        target = os.path.realpath(self.root / path)
        if Path(target).is_relative_to(self.root):
            self.links[path] = os.readlink(self.root / path)  # noqa: PTH115 - as it is written
        else:
            self.escaping.append(path)
            self.unwanted = True

    def settle_links(self) -> None:
        """Give links words that hold for a copy, and drop those that lead round and round."""
        written = dict(self.links)
        for path in written:
            if not stays_below(path, written):
                target = os.path.realpath(self.root / path)
                self.links[path] = os.path.relpath(target, (self.root / path).parent)
                self.unwanted = True
        self.leave_circles_out()

    def leave_circles_out(self) -> None:
        folders = {
            path: inside(os.path.realpath(self.root / path), self.root)
            for path in self.links
            if (self.root / path).is_dir()
        }
        self.circles = circular(folders)
        for path in self.circles:
            del self.links[path]
            self.unwanted = True

    def take(self, path: str, entry: os.DirEntry[str]) -> None:
        found = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode) or not os.access(self.root / path, os.R_OK):
            self.unreadable.append(path)
            self.unwanted = True
            return
        self.files[path] = found.st_size
        self.bytes += found.st_size
        if len(self.files) > MOST_FILES:
            raise Refused(
                f"It holds more than {MOST_FILES:,} files. Name the project's own folder.",
                limit="files",
            )
        if self.bytes > MOST_BYTES:
            raise Refused(
                f"It holds more than {MOST_BYTES // 1024**2} MiB. Name the project's own folder, "
                "or leave out what its tests do not need.",
                limit="size",
            )

    def notes(self) -> list[str]:
        """What was left out that somebody could miss."""
        told = (
            ("leads out of the project and was left out", self.escaping),
            ("is a link to a folder around it and was left out", self.circles),
            ("cannot be read and was left out", self.unreadable),
        )
        return [
            f"{paths[0]} {what}" + (f", and {len(paths) - 1} more." if len(paths) > 1 else ".")
            for what, paths in told
            if paths
        ]


def copy(root: Path, target: Path, survey: Survey) -> None:
    """What counts of a folder, links inside of it as they are."""
    for path in survey.files:
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, place)
    for path, written in survey.links.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(written)


def stays_below(path: str, links: Mapping[str, str]) -> bool:
    """Whether a link leads, step by step, through nothing above the project."""
    try:
        destination(path, links)
    except LeadsOut:
        return False
    return True


def inside(target: str, root: Path) -> str:
    """A folder as the project knows it, empty for the project itself."""
    found = os.path.relpath(target, root)
    return "" if found == "." else found
