"""Sources that the machine has anyway: installed packages, and libraries of Node, Go, Java."""

import random
import shutil
import subprocess
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 300_000
# Lines of minified and generated code are longer than anybody writes.
_MAX_MEAN_LINE = 120


@dataclass(frozen=True)
class Corpus:
    """Files of one language."""

    language: str
    suffix: str
    files: tuple[tuple[str, bytes], ...]

    @property
    def lines(self) -> int:
        """Lines of all files."""
        return sum(data.count(b"\n") for _, data in self.files)


def corpora(python_lines: int, other_lines: int) -> list[Corpus]:
    """Python first, then what else is found; always the same files on the same machine."""
    packages = Path(sysconfig.get_path("purelib"))
    found = [_corpus("python", ".py", _in_folder(packages, "*.py"), python_lines)]
    for language, suffix, sources in (
        ("javascript", ".js", _javascript()),
        ("go", ".go", _go()),
        ("java", ".java", _java()),
    ):
        corpus = _corpus(language, suffix, sources, other_lines)
        if corpus.files:
            found.append(corpus)
        else:
            print(f"no {language} on this machine: left out")
    return found


def _corpus(language: str, suffix: str, sources: Iterator[tuple[str, bytes]], lines: int) -> Corpus:
    chosen, count = [], 0
    for name, data in sources:
        if not _is_written(data):
            continue
        chosen.append((name, data))
        count += data.count(b"\n")
        if count >= lines:
            break
    return Corpus(language, suffix, tuple(chosen))


def _is_written(data: bytes) -> bool:
    if not data or len(data) > _MAX_BYTES or len(data) > _MAX_MEAN_LINE * (data.count(b"\n") + 1):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_folder(folder: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob(pattern) if path.is_file())
    random.Random(1).shuffle(paths)  # noqa: S311 - the same files every time
    for path in paths:
        yield str(path.relative_to(folder)), path.read_bytes()


def _javascript() -> Iterator[tuple[str, bytes]]:
    node = shutil.which("node")
    if node is None:
        return
    for up in Path(node).resolve().parents[1:3]:
        for place in ("lib/node_modules", "share/nodejs", "share/node_modules"):
            if (up / place).is_dir():
                yield from _in_folder(up / place, "*.js")


def _go() -> Iterator[tuple[str, bytes]]:
    go = shutil.which("go")
    if go is not None:
        root = subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True)
        yield from _in_folder(Path(root.stdout.strip(), "src"), "*.go")


def _java() -> Iterator[tuple[str, bytes]]:
    java = shutil.which("java")
    if java is None:
        return
    for home in (Path(java).resolve().parents[1], *Path("/usr/lib/jvm").glob("*")):
        archive = home / "lib" / "src.zip"
        if archive.is_file():
            with zipfile.ZipFile(archive) as sources:
                names = [name for name in sources.namelist() if name.endswith(".java")]
                random.Random(1).shuffle(names)  # noqa: S311 - the same ones each time
                for name in names:
                    yield name, sources.read(name)
            return
